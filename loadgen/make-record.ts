import type { Capture } from './capture.ts'
import type { Answer } from './read-answer.ts'
import { readAnswer } from './read-answer.ts'
import type { LoadOutcome, LoadRecord } from './spec.ts'

/** The record of a captured request; `runStart` is the zero of the run's clock. Not for aborted captures. */
export function makeRecord(capture: Capture, runStart: bigint): LoadRecord {
  const ok = capture.status !== undefined && capture.status >= 200 && capture.status < 300
  const answer = ok ? readAnswer(capture) : undefined
  const [outcome, error] = judge(capture, answer)
  const since = (at: bigint | undefined): number | null => (at === undefined ? null : Number(at - capture.dispatchedAt))
  const contentNs = (answer?.contentAt ?? []).map((at) => Number(at - capture.dispatchedAt))
  const byUsage = answer?.completionTokens ?? null
  const byChunks = contentNs.length > 0 ? contentNs.length : null
  return {
    index: capture.index,
    warmup: capture.warmup,
    scheduledNs: Number(capture.scheduledAt - runStart),
    dispatchedNs: Number(capture.dispatchedAt - runStart),
    headersNs: since(capture.headersAt),
    firstByteNs: since(capture.chunks[0]?.at),
    firstContentNs: contentNs[0] ?? null,
    contentNs,
    endNs: Number(capture.endAt - capture.dispatchedAt),
    outcome,
    status: capture.status ?? null,
    promptTokens: answer?.promptTokens ?? null,
    completionTokens: byUsage ?? byChunks,
    tokensOrigin: byUsage !== null ? 'usage' : byChunks !== null ? 'chunks' : null,
    finishReason: answer?.finishReason ?? null,
    error,
  }
}

function judge(capture: Capture, answer: Answer | undefined): [LoadOutcome, string | null] {
  if (capture.ending === 'timeout') return ['timeout', null]
  if (capture.ending === 'too_large') return ['invalid_stream', 'the answer is larger than 64 MiB']
  if (capture.status === undefined) return ['cut', capture.error ?? 'no answer']
  if (answer === undefined) return ['http_error', firstText(capture)]
  if (capture.ending !== 'complete') return ['cut', capture.error ?? null]
  if (answer.serverError !== null) return ['cut', answer.serverError]
  if (answer.invalid !== null) return ['invalid_stream', answer.invalid]
  if (!answer.finished) return ['cut', 'the answer ended without a finish reason']
  return ['ok', null]
}

function firstText(capture: Capture): string {
  const text = Buffer.concat(capture.chunks.map((chunk) => chunk.bytes)).toString('utf8', 0, 300)
  return `status ${capture.status ?? 'unknown'}: ${text}`
}

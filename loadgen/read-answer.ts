import type { Capture } from './capture.ts'
import { readEvents } from './read-events.ts'

/** What an answer says, stream or whole, chat or completion. */
export type Answer = {
  /** Arrival of every non-empty delta; empty for an answer that was not streamed. */
  contentAt: bigint[]
  promptTokens: number | null
  completionTokens: number | null
  finishReason: string | null
  /** `[DONE]` or a finish reason was seen. */
  finished: boolean
  /** An error the server put into the stream. */
  serverError: string | null
  /** Why it could not be understood. */
  invalid: string | null
}

/** Reads the bytes of an answer. Never throws: what cannot be understood is said in `invalid`. */
export function readAnswer(capture: Capture): Answer {
  const answer: Answer = {
    contentAt: [],
    promptTokens: null,
    completionTokens: null,
    finishReason: null,
    finished: false,
    serverError: null,
    invalid: null,
  }
  if (capture.contentType.includes('text/event-stream')) {
    for (const event of readEvents(capture.chunks)) {
      if (event.data === '[DONE]') answer.finished = true
      else readPart(event.data, event.at, answer)
    }
    if (answer.finishReason !== null) answer.finished = true
  } else {
    readPart(Buffer.concat(capture.chunks.map((chunk) => chunk.bytes)).toString('utf8'), undefined, answer)
    answer.finished = answer.finishReason !== null
  }
  return answer
}

function readPart(text: string, at: bigint | undefined, answer: Answer): void {
  let part: unknown
  try {
    part = JSON.parse(text)
  } catch {
    answer.invalid ??= `not JSON: ${text.slice(0, 120)}`
    return
  }
  const usage = field(part, 'usage')
  answer.promptTokens = count(field(usage, 'prompt_tokens')) ?? answer.promptTokens
  answer.completionTokens = count(field(usage, 'completion_tokens')) ?? answer.completionTokens
  const error = field(part, 'error')
  if (error !== undefined && error !== null) answer.serverError ??= textOf(field(error, 'message')) ?? 'unknown error'
  const choices = field(part, 'choices')
  if (!Array.isArray(choices)) {
    if (usage === undefined && answer.serverError === null) answer.invalid ??= `no choices: ${text.slice(0, 120)}`
    return
  }
  for (const choice of choices as unknown[]) {
    answer.finishReason = textOf(field(choice, 'finish_reason')) ?? answer.finishReason
    if (at !== undefined && hasContent(choice)) answer.contentAt.push(at)
  }
}

function hasContent(choice: unknown): boolean {
  const delta = field(choice, 'delta')
  const texts = [
    field(choice, 'text'),
    field(delta, 'content'),
    field(delta, 'reasoning_content'),
    field(delta, 'reasoning'),
  ]
  if (texts.some((text) => typeof text === 'string' && text !== '')) return true
  const calls = field(delta, 'tool_calls')
  return Array.isArray(calls) && calls.length > 0
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const count = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null

import type { Capture } from './capture.ts'
import { createSender } from './capture.ts'
import { checkSpec } from './check-spec.ts'
import { watchHealth } from './client-health.ts'
import { loadKinds } from './kinds/index.ts'
import { makeRecord } from './make-record.ts'
import { createRequestMaker } from './make-requests.ts'
import type { ClientHealth, LoadProgress, LoadRecord, LoadSpec } from './spec.ts'

export type LoadRun = { records: Iterable<LoadRecord>; count: number; clientHealth: ClientHealth; aborted: boolean }

const progressMs = 250
/** Uninterpreted answers kept in memory. Beyond, answers are parsed as they end: less exact, but the run survives. */
const maxHeldBytes = 512 * 1024 * 1024
/** What one chunk costs beside its bytes. */
const chunkOverhead = 200

/**
 * Runs a spec in this process and returns what was measured; answers are parsed only now, as the records are taken.
 * Abort stops soon and keeps every request that was answered. Throws HubError on a spec that cannot be run.
 */
export async function generateLoad(
  spec: LoadSpec,
  onProgress: (progress: LoadProgress) => void,
  signal: AbortSignal,
): Promise<LoadRun> {
  checkSpec(spec)
  const kind = loadKinds.get(spec.load.kind)
  const sender = createSender(spec.target, createRequestMaker(spec.requests), spec.load)
  const results: Array<Capture | LoadRecord> = []
  const delays: number[] = []
  let heldBytes = 0
  const progress: LoadProgress = { sent: 0, done: 0, failed: 0, total: kind.total(spec.load) }
  const timer = setInterval(() => onProgress({ ...progress }), progressMs)
  const health = watchHealth()
  const runStart = process.hrtime.bigint()
  try {
    await kind.run(
      spec.load,
      async (plan) => {
        progress.sent++
        const capture = await sender.send(plan, signal)
        if (capture.ending === 'aborted') return
        heldBytes += sizeOf(capture)
        results.push(heldBytes <= maxHeldBytes ? capture : makeRecord(capture, runStart))
        if (!capture.warmup) delays.push(Number(capture.dispatchedAt - capture.scheduledAt) / 1e6)
        progress.done++
        if (capture.ending !== 'complete' || capture.status !== 200) progress.failed++
      },
      signal,
    )
  } finally {
    clearInterval(timer)
    sender.close()
  }
  const clientHealth = health.stop(delays)
  onProgress({ ...progress })
  results.sort((a, b) => a.index - b.index)
  const records = {
    *[Symbol.iterator](): Generator<LoadRecord> {
      for (const result of results) yield 'ending' in result ? makeRecord(result, runStart) : result
    },
  }
  return { records, count: results.length, clientHealth, aborted: signal.aborted }
}

const sizeOf = (capture: Capture): number =>
  capture.chunks.reduce((sum, chunk) => sum + chunk.bytes.length + chunkOverhead, 0)

import type { LoadKind } from '../load-kind.ts'
import type { ClosedLoad } from '../spec.ts'

/**
 * A closed loop: `concurrency` callers, each waiting for its answer. Scheduled is the moment at which the caller is free,
 * so the schedule clock shows only the generator's own delay. Warm-up requests come first, by the same callers.
 */
export const closed: LoadKind<ClosedLoad> = {
  kind: 'closed',
  total: (load) => load.warmupRequests + load.requests,
  run: async (load, send, signal) => {
    const total = load.warmupRequests + load.requests
    let next = 0
    const caller = async (): Promise<void> => {
      while (next < total && !signal.aborted) {
        const index = next++
        await send({ index, warmup: index < load.warmupRequests, scheduledAt: process.hrtime.bigint() })
      }
    }
    await Promise.all(Array.from({ length: Math.min(load.concurrency, total) }, caller))
  },
}

import type { Load } from './spec.ts'

/** A way to space requests in time. One file in `kinds/` and its line in `kinds/index.ts`. */
export type LoadKind<L extends Load = Load> = {
  kind: L['kind']
  /** Requests in all, warm-up included. */
  total: (load: L) => number
  /** Sends every request at its time; resolves when all are answered or, soon, when aborted. */
  run: (
    load: L,
    send: (plan: { index: number; warmup: boolean; scheduledAt: bigint }) => Promise<void>,
    signal: AbortSignal,
  ) => Promise<void>
}

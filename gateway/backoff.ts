import { setTimeout as sleep } from 'node:timers/promises'

export type Backoff = {
  /** Waits the next step, ± 20 %; returns early when aborted. */
  wait: (signal: AbortSignal) => Promise<void>
  reset: () => void
}

/** Doubling pauses from `first` to `most` milliseconds. The jitter keeps many gateways from knocking at once. */
export function createBackoff(range: { first: number; most: number }, random: () => number): Backoff {
  let next = range.first
  return {
    wait: async (signal) => {
      const pause = next * (0.8 + 0.4 * random())
      next = Math.min(next * 2, range.most)
      await sleep(pause, undefined, { signal, ref: false }).catch(() => {})
    },
    reset: () => {
      next = range.first
    },
  }
}

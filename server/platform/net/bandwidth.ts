import { rest } from './rest.ts'

/** Waits until so many more bytes may pass. */
export type Bandwidth = (bytes: number, signal?: AbortSignal) => Promise<void>

/** What may pass at once after a rest, in seconds of the rate. */
const burstSeconds = 0.25

/**
 * A token bucket over everything that asks it: together not more than `rate` bytes per second, whoever asks first goes first.
 * @param now milliseconds of a clock that never goes back
 */
export function createBandwidth(rate: number, now: () => number = () => performance.now()): Bandwidth {
  /** When the bytes that were granted so far have had their time. */
  let paidUntil = Number.NEGATIVE_INFINITY
  return async (bytes, signal) => {
    const at = now()
    paidUntil = Math.max(paidUntil, at - burstSeconds * 1_000) + (bytes / rate) * 1_000
    const waitMs = paidUntil - at
    if (waitMs > 0) await rest(waitMs, signal)
  }
}

import { type Clock, steadyClock } from '../../../kernel/index.ts'
import type { Caller } from './authenticate.ts'

export type CallerCache = {
  find: (credential: string) => Caller | undefined
  /** Until a few seconds from now, or until `notAfter` where that is sooner. */
  keep: (credential: string, caller: Caller, notAfter?: Date) => void
  /** Forgets everybody: after a sign-out or a revocation, so that it counts at once in this process. */
  clear: () => void
}

/** In other processes a revocation counts after this time at the latest. */
const keepMs = 5_000
const maxCallers = 10_000

/**
 * Callers seen in the last seconds, by the digest of their credential: a page that follows events does not wait for the database, and
 * a burst of requests does not ask it who is calling each time.
 */
export function createCallerCache(clock: Clock, steady: Clock = steadyClock): CallerCache {
  /** `until` by the steady clock, so that a clock set back keeps nobody; `notAfter` by the one that wrote the token's end. */
  const known = new Map<string, { caller: Caller; until: number; notAfter: number }>()
  return {
    find: (credential) => {
      const found = known.get(credential)
      if (found === undefined || found.until <= steady.now() || found.notAfter <= clock.now()) return undefined
      return found.caller
    },
    keep: (credential, caller, notAfter) => {
      if (known.size >= maxCallers) known.clear()
      const end = notAfter?.getTime() ?? Number.POSITIVE_INFINITY
      known.set(credential, { caller, until: steady.now() + keepMs, notAfter: end })
    },
    clear: () => known.clear(),
  }
}

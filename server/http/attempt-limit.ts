import { type Clock, limitReached } from '../../kernel/index.ts'

const maxNames = 10_000

type Tries = Map<string, { count: number; until: number }>

/** Bounds tries per name in a window, in memory of this process. `take` throws `limit` when there were too many. */
export function createAttemptLimit(clock: Clock, options: { limit: number; windowMs: number }) {
  const tries: Tries = new Map()
  return {
    take: (name: string): void => {
      const now = clock.now()
      const found = tries.get(name)
      const current = found !== undefined && found.until > now ? found : { count: 0, until: now + options.windowMs }
      current.count += 1
      if (found === undefined && tries.size >= maxNames) makeRoom(tries, now, options.limit)
      tries.set(name, current)
      if (current.count > options.limit) {
        const seconds = Math.ceil((current.until - now) / 1_000)
        throw limitReached('too_many_attempts', 'Too many tries.', `Try again in ${seconds} s.`, {
          details: { retryAfter: seconds },
        })
      }
    },
    forget: (name: string): void => {
      tries.delete(name)
    },
  }
}

/** Forgets what is over, or else the oldest name that still has tries: a flood of names must not free one that is locked. */
function makeRoom(tries: Tries, now: number, limit: number): void {
  for (const [name, { until }] of tries) if (until <= now) tries.delete(name)
  if (tries.size < maxNames) return
  const [oldest] = tries.keys()
  let chosen = oldest
  for (const [name, { count }] of tries) {
    if (count <= limit) {
      chosen = name
      break
    }
  }
  if (chosen !== undefined) tries.delete(chosen)
}

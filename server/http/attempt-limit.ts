import { type Clock, limitReached } from '../../kernel/index.ts'

const maxNames = 10_000

/** Bounds tries per name in a window, in memory of this process. `take` throws `limit` when there were too many. */
export function createAttemptLimit(clock: Clock, options: { limit: number; windowMs: number }) {
  const tries = new Map<string, { count: number; until: number }>()
  return {
    take: (name: string): void => {
      const now = clock.now()
      const found = tries.get(name)
      const current = found !== undefined && found.until > now ? found : { count: 0, until: now + options.windowMs }
      current.count += 1
      if (tries.size >= maxNames) tries.clear()
      tries.set(name, current)
      if (current.count > options.limit) {
        const seconds = Math.ceil((current.until - now) / 1_000)
        throw limitReached('too_many_attempts', 'Too many tries.', `Try again in ${seconds} s.`, {
          details: { retryAfterSeconds: seconds },
        })
      }
    },
    forget: (name: string): void => {
      tries.delete(name)
    },
  }
}

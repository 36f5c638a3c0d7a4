import { limitReached } from '../../../kernel/index.ts'

/** Lets a bounded number at once do something with the same name; the others wait in a bounded line. */
export type Turns = {
  /** Resolves when it is one's turn, with what gives it back. Throws `limit` `too_many_requests`, and the signal's reason. */
  take: (name: string, signal?: AbortSignal) => Promise<() => void>
}

type Line = { running: number; waiting: Set<() => void> }

export function createTurns(atOnce: number, longestLine: number): Turns {
  const lines = new Map<string, Line>()
  const giveBack = (name: string, line: Line) => {
    const [next] = line.waiting
    if (next !== undefined) {
      line.waiting.delete(next)
      next()
      return
    }
    line.running -= 1
    if (line.running === 0) lines.delete(name)
  }
  const once = (name: string, line: Line) => {
    let given = false
    return () => {
      if (given) return
      given = true
      giveBack(name, line)
    }
  }
  return {
    take: async (name, signal) => {
      signal?.throwIfAborted()
      const line = lines.get(name) ?? { running: 0, waiting: new Set() }
      lines.set(name, line)
      if (line.running < atOnce) {
        line.running += 1
        return once(name, line)
      }
      if (line.waiting.size >= longestLine) {
        throw limitReached(
          'too_many_requests',
          `${line.waiting.size} requests already wait for ${name}.`,
          'Wait until some of the running work has ended, then retry.',
        )
      }
      await new Promise<void>((resolve, reject) => {
        const leave = () => {
          line.waiting.delete(turn)
          reject(signal?.reason as Error)
        }
        const turn = () => {
          signal?.removeEventListener('abort', leave)
          resolve()
        }
        line.waiting.add(turn)
        signal?.addEventListener('abort', leave, { once: true })
      })
      return once(name, line)
    },
  }
}

import { RequestFailure } from './failure.ts'

export type SlotPool<T> = {
  /** Resolves with a free item; rejects with 429 when the queue is full, or when the signal fires while waiting. */
  acquire: (signal: AbortSignal) => Promise<{ item: T; release: () => void }>
  counts: () => { active: number; waiting: number }
}

/** Items that are lent one at a time, with a bounded first-come queue. */
export function createSlotPool<T>(items: readonly T[], queueLimit: number): SlotPool<T> {
  const free = [...items]
  const waiters: Array<(item: T) => void> = []

  const lend = (item: T): { item: T; release: () => void } => {
    let released = false
    return {
      item,
      release: () => {
        if (released) return
        released = true
        const next = waiters.shift()
        if (next === undefined) free.push(item)
        else next(item)
      },
    }
  }

  return {
    counts: () => ({ active: items.length - free.length, waiting: waiters.length }),
    acquire: async (signal) => {
      signal.throwIfAborted()
      const item = free.pop()
      if (item !== undefined) return lend(item)
      if (waiters.length >= queueLimit) {
        throw new RequestFailure(
          429,
          'engine_busy',
          `The engine has ${queueLimit} requests waiting. Try again shortly.`,
        )
      }
      return await new Promise((resolve, reject) => {
        const waiter = (given: T): void => {
          signal.removeEventListener('abort', giveUp)
          resolve(lend(given))
        }
        const giveUp = (): void => {
          waiters.splice(waiters.indexOf(waiter), 1)
          reject(signal.reason)
        }
        signal.addEventListener('abort', giveUp, { once: true })
        waiters.push(waiter)
      })
    },
  }
}

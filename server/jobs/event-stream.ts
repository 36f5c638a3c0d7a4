import { type Database, isDatabaseAway } from '../platform/db/index.ts'
import { listEvents } from './event-store.ts'
import { isFinal, type JobChange, type JobEvent, type JobState } from './job.ts'
import { toEvent } from './present.ts'
import { eventChannel, findJob } from './store.ts'

const pageSize = 200

export type EventHub = {
  /** Calls `listener` for each news of any job until unsubscribed. */
  onChange: (listener: (change: JobChange) => void) => () => void
  /**
   * The events of a job after a number: first those that are stored, then new ones as they come; ends after the last event of a
   * finished job, or when `signal` aborts.
   */
  events: (jobId: string, options: { afterSeq: number; signal: AbortSignal }) => AsyncGenerator<JobEvent>
  /** Subscribes to the database's notifications; without it, or when one is lost, streams look by themselves every `pollMs`. */
  start: () => Promise<void>
  stop: () => Promise<void>
}

/** Spreads job news to streams and listeners of this process. */
export function createEventHub(database: Database, pollMs: number): EventHub {
  const listeners = new Set<(change: JobChange) => void>()
  let unlisten: (() => Promise<void>) | undefined
  const stopped = new AbortController()

  const deliver = (payload: string) => {
    const [jobId = '', type = 'state'] = payload.split(' ')
    for (const listener of listeners) listener({ jobId, type: type as JobEvent['type'] })
  }
  const onChange: EventHub['onChange'] = (listener) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  /** Undefined while the database is away: the stream waits for it, as it waits for events. */
  const look = async (jobId: string, after: number) => {
    try {
      // Read before the events: when it says final, the last event is already there.
      const job = await findJob(database.db, jobId)
      const rows = await listEvents(database.db, jobId, after, pageSize)
      return { rows, isOver: job === undefined || isFinal(job.state satisfies JobState) }
    } catch (error) {
      if (isDatabaseAway(error)) return undefined
      throw error
    }
  }

  return {
    onChange,
    events: async function* (jobId, options) {
      const bell = createBell(pollMs, AbortSignal.any([options.signal, stopped.signal]))
      const unsubscribe = onChange((change) => {
        if (change.jobId === jobId) bell.ring()
      })
      let after = options.afterSeq
      try {
        while (!bell.isStopped()) {
          const found = await look(jobId, after)
          for (const row of found?.rows ?? []) {
            yield toEvent(row)
            after = row.seq
          }
          if (found?.rows.length === pageSize) continue
          if (found?.isOver === true) return
          await bell.wait()
        }
      } finally {
        unsubscribe()
      }
    },
    start: async () => {
      unlisten ??= await database.listen(eventChannel, deliver)
    },
    stop: async () => {
      stopped.abort()
      await unlisten?.()
    },
  }
}

type Bell = { ring: () => void; wait: () => Promise<void>; isStopped: () => boolean }

/** Waits for a ring, a ring that came since the last wait, the time limit, or the signal. */
function createBell(limitMs: number, signal: AbortSignal): Bell {
  let rung = false
  let wakeUp: (() => void) | undefined
  const ring = () => {
    rung = true
    wakeUp?.()
  }
  return {
    ring,
    isStopped: () => signal.aborted,
    wait: async () => {
      if (!rung && !signal.aborted) {
        const woken = Promise.withResolvers<void>()
        wakeUp = woken.resolve
        const timer = setTimeout(ring, limitMs)
        signal.addEventListener('abort', ring, { once: true })
        await woken.promise
        clearTimeout(timer)
        signal.removeEventListener('abort', ring)
        wakeUp = undefined
      }
      rung = false
    },
  }
}

import { type Clock, redact } from '../../kernel/index.ts'
import type { Database, Trx } from '../platform/db/index.ts'
import type { Log } from '../platform/log.ts'
import type { ProgressReport, StepContext } from './definition.ts'
import { appendEvents, type NewEvent, pruneLogs } from './event-store.ts'
import type { JobProgress } from './job.ts'
import { createRateMeter, type RateMeter } from './progress-rate.ts'
import type { Lease } from './store.ts'

/** Writes of progress and log lines per second are at most 1,000 / this. */
const flushMs = 250
/** Log lines held between two writes; more are counted, not kept. */
const heldLines = 200
const pruneEvery = 100

export type Reporter = {
  /** Starts measuring for another step. */
  beginStep: (name: string) => void
  progress: (report: ProgressReport) => void
  log: StepContext['log']
  /** Writes events in a transaction, after everything that was reported before them. */
  record: (trx: Trx, events: readonly NewEvent[]) => Promise<void>
  stop: () => Promise<void>
}

/** Gathers what a running job reports and writes it in bundles, outside the transactions of the step that reports. */
export function createReporter(deps: { database: Database; clock: Clock; log: Log; lease: Lease }): Reporter {
  let step = ''
  let meter: RateMeter = createRateMeter()
  let progress: JobProgress | undefined
  let lines: NewEvent[] = []
  let dropped = 0
  let linesWritten = 0
  let writing: Promise<void> | undefined

  const take = (): { events: NewEvent[]; progress: JobProgress | undefined } => {
    const at = deps.clock.date()
    const events = lines
    if (dropped > 0) {
      events.push({
        type: 'log',
        at,
        data: { level: 'warn', step, message: `${dropped} more log lines were not kept` },
      })
    }
    const taken = progress
    if (taken !== undefined) events.push({ type: 'progress', at, data: { step, ...taken } })
    linesWritten += lines.length
    lines = []
    dropped = 0
    progress = undefined
    return { events, progress: taken }
  }
  const options = (taken: JobProgress | undefined) => ({
    lease: deps.lease,
    ...(taken === undefined ? {} : { progress: taken }),
  })
  const write = async () => {
    const taken = take()
    await appendEvents(deps.database.db, deps.lease.jobId, taken.events, options(taken.progress))
    if (linesWritten >= pruneEvery) {
      linesWritten = 0
      await pruneLogs(deps.database.db, deps.lease.jobId)
    }
  }
  const flush = () => {
    if (writing !== undefined || (lines.length === 0 && progress === undefined)) return
    writing = write()
      .catch((error: unknown) => deps.log.warn({ err: error }, 'progress of a job could not be written'))
      .finally(() => {
        writing = undefined
      })
  }
  const timer = setInterval(flush, flushMs)

  return {
    beginStep: (name) => {
      step = name
      meter = createRateMeter()
    },
    progress: (report) => {
      progress = meter.add(report, performance.now())
    },
    log: (level, message, fields) => {
      if (lines.length >= heldLines) {
        dropped += 1
        return
      }
      const data = {
        level,
        step,
        message: redact(message).slice(0, 4_000),
        ...(fields === undefined ? {} : { fields }),
      }
      lines.push({ type: 'log', at: deps.clock.date(), data })
    },
    record: async (trx, events) => {
      const taken = take()
      await appendEvents(trx, deps.lease.jobId, [...taken.events, ...events], options(taken.progress))
    },
    stop: async () => {
      clearInterval(timer)
      flush()
      await writing
    },
  }
}

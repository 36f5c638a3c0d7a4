import { type Clock, type NewId, notFound, type Registry, registry } from '../../kernel/index.ts'
import type { Database, Db, Trx } from '../platform/db/index.ts'
import type { Log } from '../platform/log.ts'
import { cancelJob } from './cancel.ts'
import type { JobDefinition } from './definition.ts'
import { enqueue, type NewJob } from './enqueue.ts'
import { createEventHub } from './event-stream.ts'
import type { Job, JobActor, JobChange, JobEvent, JobPage } from './job.ts'
import { type JobFilter, listJobs } from './list-jobs.ts'
import { toJob } from './present.ts'
import { findJob, listSteps } from './store.ts'
import { createWorker } from './worker.ts'

export type JobsOptions<Deps> = {
  database: Database
  clock: Clock
  newId: NewId
  log: Log
  definitions: Registry<JobDefinition<unknown, Deps>> | readonly JobDefinition<unknown, Deps>[]
  /** Given to every step and to `settle`. */
  deps: Deps
  /** Name of this process in logs and rows; made unique to each start. `hub` unless told. */
  owner?: string
  /** Jobs run at once by this process, of all kinds together; 8 unless told. */
  concurrency?: number
  /** Pause between looks for work that no notification told of, in milliseconds; 1,000 unless told. */
  sweepMs?: number
  /** From 0 to below 1; spreads the pauses between tries. */
  random?: () => number
}

export type Jobs = {
  /** Writes a job in the caller's transaction; workers wake when it commits. Throws `invalid`. */
  enqueue: (trx: Trx, job: NewJob) => Promise<Job>
  /** Throws `not_found` `job_not_found`, `conflict` `job_finished`. A cancelled job may be cancelled again. */
  cancel: {
    (id: string, actor: JobActor): Promise<Job>
    (trx: Trx, id: string, actor: JobActor): Promise<Job>
  }
  /** Throws `not_found` `job_not_found`. */
  get: (id: string, handle?: Db | Trx) => Promise<Job>
  list: (filter: JobFilter) => Promise<JobPage>
  /** Throws `not_found` before the first event when there is no such job. `afterSeq` 0 gives the whole stored history. */
  events: (jobId: string, options: { afterSeq?: number; signal: AbortSignal }) => AsyncIterable<JobEvent>
  /** Called for news of any job, from any process, until the returned function is called. */
  onChange: (listener: (change: JobChange) => void) => () => void
  /** Begins to deliver news and, unless `work` is false, to run jobs; work that was broken off goes on at once. */
  start: (options?: { work?: boolean }) => Promise<void>
  /** Takes no more work, interrupts what runs and waits up to `graceMs` for it; the next start goes on from there. */
  stop: (options?: { graceMs?: number }) => Promise<void>
}

/** The hub's durable work: jobs are rows, and a row is done only when its transaction says so. */
export function createJobs<Deps>(options: JobsOptions<Deps>): Jobs {
  const { database, clock, newId, log, deps } = options
  const given = 'all' in options.definitions ? options.definitions.all : options.definitions
  // From here on the type of `deps` is nobody's business: they are handed through.
  const definitions = registry('job_kind', given as readonly JobDefinition[])
  const sweepMs = options.sweepMs ?? 1_000
  const hub = createEventHub(database, sweepMs)
  const worker = createWorker({
    database,
    clock,
    log,
    definitions,
    deps,
    owner: options.owner ?? 'hub',
    concurrency: options.concurrency ?? 8,
    sweepMs,
    random: options.random ?? Math.random,
  })

  const get = async (id: string, handle: Db | Trx = database.db): Promise<Job> => {
    const row = await findJob(handle, id)
    if (row === undefined)
      throw notFound('job_not_found', `There is no job ${id}.`, 'List the jobs with `modelhub jobs`.')
    return toJob(row, await listSteps(handle, [id]), definitions.find(row.kind))
  }
  const cancelIn = (trx: Trx, id: string, actor: JobActor) =>
    cancelJob({ database, clock, definitions, deps }, trx, id, actor)
  function cancel(id: string, actor: JobActor): Promise<Job>
  function cancel(trx: Trx, id: string, actor: JobActor): Promise<Job>
  function cancel(...args: [string, JobActor] | [Trx, string, JobActor]): Promise<Job> {
    if (args.length === 3) return cancelIn(...args)
    return database.transaction((trx) => cancelIn(trx, ...args))
  }

  return {
    enqueue: (trx, job) => enqueue({ database, clock, newId, definitions }, trx, job),
    cancel,
    get,
    list: (filter) => listJobs(database.db, definitions, filter),
    events: async function* (jobId, { afterSeq = 0, signal }) {
      await get(jobId)
      yield* hub.events(jobId, { afterSeq, signal })
    },
    onChange: hub.onChange,
    start: async ({ work = true } = {}) => {
      await hub.start()
      if (work) await worker.start()
    },
    stop: async ({ graceMs = 5_000 } = {}) => {
      await worker.stop({ graceMs })
      await hub.stop()
    },
  }
}

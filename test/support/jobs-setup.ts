import { afterEach } from 'vitest'
import { type Clock, createNewId, systemClock } from '../../kernel/index.ts'
import {
  createJobs,
  defineJob,
  type Job,
  type JobDefinition,
  type Jobs,
  type StepContext,
} from '../../server/jobs/index.ts'
import type { Database } from '../../server/platform/db/index.ts'
import { quietLog } from './quiet-log.ts'
import { waitUntil } from './wait-until.ts'

export const actor = { type: 'user', id: 'usr_1', name: 'Ada' }

/** A job of one step. */
export const singleStep = (
  run: (ctx: StepContext) => Promise<unknown>,
  extra: Partial<JobDefinition> = {},
): JobDefinition =>
  defineJob({
    kind: 'single',
    title: 'Single',
    concurrency: 8,
    maxAttempts: 3,
    steps: [{ name: 'only', title: 'Only', run }],
    ...extra,
  })

/** A promise that only an abort ends. */
export const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))

export type JobsSetup = {
  /** Queues that are stopped when the test ends. */
  open: (
    definitions: JobDefinition | JobDefinition[],
    options?: { clock?: Clock; sweepMs?: number; concurrency?: number; database?: Database },
  ) => Jobs
  add: (jobs: Jobs, input?: unknown, kind?: string) => Promise<Job>
  /** Waits until the job is in `state` and gives it. */
  ended: (jobs: Jobs, id: string, state: string, limitMs?: number) => Promise<Job>
}

export function setUpJobs(getDb: () => Database): JobsSetup {
  const opened: Jobs[] = []
  afterEach(async () => {
    for (const jobs of opened.splice(0)) await jobs.stop()
  })
  return {
    open: (definitions, { database, ...options } = {}) => {
      const jobs = createJobs({
        database: database ?? getDb(),
        clock: systemClock,
        newId: createNewId(Date.now),
        log: quietLog(),
        definitions: [definitions].flat(),
        deps: undefined,
        random: () => 0.999,
        ...options,
      })
      opened.push(jobs)
      return jobs
    },
    add: (jobs, input = {}, kind = 'single') =>
      getDb().transaction((trx) => jobs.enqueue(trx, { kind, input, subject: 'ver_1', projectId: 'prj_1', actor })),
    ended: (jobs, id, state, limitMs) =>
      waitUntil(async () => {
        const job = await jobs.get(id)
        return job.state === state ? job : undefined
      }, limitMs),
  }
}

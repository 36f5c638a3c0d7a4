import * as z from 'zod'
import { JobState } from '../enums.ts'
import { orNull } from '../or-null.ts'
import { Instant, pageOf, StateReason } from './common.ts'

export const JobProgress = z
  .object({
    bytesDone: z.int().nullable(),
    bytesTotal: z.int().nullable(),
    done: z.int().nullable(),
    total: z.int().nullable(),
    rate: z.number().nullable().meta({ description: 'Bytes per second, smoothed' }),
    etaSeconds: z.number().nullable(),
    message: z.string().nullable(),
  })
  .meta({ id: 'JobProgress' })
export type JobProgress = z.infer<typeof JobProgress>

export const JobStep = z
  .object({
    name: z.string(),
    title: z.string(),
    state: z.enum(['waiting', 'running', 'done', 'failed', 'undoing', 'undone', 'skipped']),
    attempt: z.int(),
    startedAt: Instant.nullable(),
    finishedAt: Instant.nullable(),
  })
  .meta({ id: 'JobStep' })

export const Job = z
  .object({
    id: z.string(),
    kind: z.string(),
    title: z.string(),
    state: JobState,
    cancelling: z.boolean(),
    subject: z.string().nullable().meta({ description: 'Id of what the job works on, such as a version' }),
    subjectName: z.string().nullable(),
    projectId: z.string(),
    steps: z.array(JobStep),
    progress: orNull(JobProgress),
    error: orNull(StateReason),
    attempt: z.int(),
    createdBy: z.string(),
    createdAt: Instant,
    startedAt: Instant.nullable(),
    finishedAt: Instant.nullable(),
    retryAt: Instant.nullable(),
  })
  .meta({ id: 'Job' })
export type Job = z.infer<typeof Job>

export const JobPage = pageOf(Job, 'JobPage')

/** One event of a job's stream; `id` of the SSE message is `seq`. */
export const JobEvent = z
  .object({
    seq: z.int(),
    type: z.enum(['state', 'step', 'progress', 'log']),
    at: Instant,
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'JobEvent' })
export type JobEvent = z.infer<typeof JobEvent>

import { type Clock, invalid, type NewId, type Registry } from '../../kernel/index.ts'
import type { Database, Trx } from '../platform/db/index.ts'
import type { JobDefinition } from './definition.ts'
import { appendEvents } from './event-store.ts'
import type { Job, JobActor } from './job.ts'
import { toJob } from './present.ts'
import { insertJob, workChannel } from './store.ts'

export type NewJob<Input = unknown> = {
  kind: string
  /** JSON of at most 256 KB. */
  input: Input
  /** Id of what it works on, such as a version. */
  subject?: string | undefined
  projectId: string
  actor: JobActor
  /** Shown instead of the kind's title. */
  title?: string
}

const inputLimit = 256 * 1024

/**
 * Writes a job in the caller's transaction; workers are woken when it commits.
 * Throws `invalid` for an unknown kind or an input that is too large.
 */
export async function enqueue(
  deps: { database: Database; clock: Clock; newId: NewId; definitions: Registry<JobDefinition> },
  trx: Trx,
  job: NewJob,
): Promise<Job> {
  const definition = deps.definitions.get(job.kind)
  const size = JSON.stringify(job.input ?? null).length
  if (size > inputLimit) {
    throw invalid(
      'job_input_too_large',
      `The input of a ${job.kind} job has ${size} characters; ${inputLimit} are the limit.`,
    )
  }
  const at = deps.clock.date()
  const { type, id, name } = job.actor
  const row = await insertJob(trx, {
    id: deps.newId('job'),
    kind: job.kind,
    title: job.title ?? definition.title,
    input: job.input,
    subject: job.subject ?? null,
    project_id: job.projectId,
    actor: { type, id, name },
    created_at: at,
  })
  await appendEvents(trx, row.id, [{ type: 'state', at, data: { state: 'queued' } }])
  await deps.database.notify(trx, workChannel, 'due')
  return toJob(row, [], definition)
}

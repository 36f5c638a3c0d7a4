import { type Clock, conflict, notFound, type Registry } from '../../kernel/index.ts'
import type { Database, Trx } from '../platform/db/index.ts'
import type { JobDefinition } from './definition.ts'
import { appendEvents } from './event-store.ts'
import { isFinal, type Job, type JobActor } from './job.ts'
import { toJob } from './present.ts'
import { json, listSteps, lockJob, updateJob, workChannel } from './store.ts'

/**
 * Asks for a job to be cancelled. One that has not begun ends here, with its `settle`; otherwise its worker aborts the running step,
 * undoes what was begun, and ends it as cancelled. Asking again changes nothing.
 * Throws `not_found` `job_not_found`, `conflict` `job_finished`.
 */
export async function cancelJob(
  deps: { database: Database; clock: Clock; definitions: Registry<JobDefinition>; deps: unknown },
  trx: Trx,
  id: string,
  actor: JobActor,
): Promise<Job> {
  const row = await lockJob(trx, id)
  if (row === undefined) throw notFound('job_not_found', `There is no job ${id}.`)
  if (row.state === 'succeeded' || row.state === 'failed') {
    throw conflict('job_finished', `The job has already ${row.state}.`, 'Nothing is left to cancel.')
  }
  const definition = deps.definitions.find(row.kind)
  const steps = await listSteps(trx, [id])
  if (isFinal(row.state) || row.cancel_requested_at !== null) return toJob(row, steps, definition)

  const at = deps.clock.date()
  const by = { type: actor.type, id: actor.id, name: actor.name }
  if (row.state === 'queued' && steps.length === 0) {
    const ended = { ...row, state: 'cancelled' as const, cancel_requested_at: at, cancelled_by: by, finished_at: at }
    const job = toJob(ended, steps, definition)
    await definition?.settle?.(trx, job, { state: 'cancelled', by }, deps.deps)
    await updateJob(trx, id, { state: 'cancelled', cancel_requested_at: at, cancelled_by: json(by), finished_at: at })
    await appendEvents(trx, id, [{ type: 'state', at, data: { state: 'cancelled', by } }])
    return job
  }
  // A job that waits for its next try is undone now.
  await updateJob(trx, id, {
    cancel_requested_at: at,
    cancelled_by: json(by),
    ...(row.state === 'queued' ? { run_after: row.created_at } : {}),
  })
  await appendEvents(trx, id, [{ type: 'state', at, data: { state: row.state, cancelling: true, by } }])
  await deps.database.notify(trx, workChannel, `cancel ${id}`)
  return toJob({ ...row, cancel_requested_at: at, cancelled_by: by }, steps, definition)
}

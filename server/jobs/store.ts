import { type Insertable, type Kysely, type Selectable, sql, type UpdateObject } from 'kysely'
import type { Db, Trx } from '../platform/db/index.ts'
import { interrupt } from './interrupt.ts'
import type { JobActor, JobError, JobEvent, JobProgress, JobState } from './job.ts'

type JobTable = {
  id: string
  kind: string
  title: string
  state: JobState
  input: unknown
  subject: string | null
  project_id: string
  actor: JobActor
  attempt: number
  owner: string | null
  lease_until: Date | null
  run_after: Date
  cancel_requested_at: Date | null
  cancelled_by: JobActor | null
  error: JobError | null
  progress: JobProgress | null
  event_seq: number
  settle_failures: number
  created_at: Date
  started_at: Date | null
  finished_at: Date | null
}
type StepTable = {
  job_id: string
  name: string
  position: number
  state: 'running' | 'done' | 'failed' | 'undoing' | 'undone'
  output: unknown
  starts: number
  failures: number
  error: JobError | null
  started_at: Date
  finished_at: Date | null
}
type EventTable = { job_id: string; seq: number; type: JobEvent['type']; data: Record<string, unknown>; at: Date }
export type JobTables = { job: JobTable; step: StepTable; job_event: EventTable }

export type JobRow = Selectable<JobTable>
export type StepRow = Selectable<StepTable>
export type EventRow = Selectable<EventTable>

/** The right to write for a job: valid while the row still says so. */
export type Lease = { jobId: string; owner: string; attempt: number }

/** Channel that wakes workers: payload `due`, or `cancel <job id>`. */
export const workChannel = 'modelhub_job_work'
/** Channel of news: payload `<job id> <event type>`. */
export const eventChannel = 'modelhub_job_event'

export const jobTables = (db: Db | Trx): Kysely<JobTables> => db.withTables<JobTables>() as Kysely<JobTables>

/** A value for a jsonb column. */
export const json = (value: unknown) => sql<never>`${JSON.stringify(value ?? null)}::jsonb`

export async function insertJob(
  trx: Trx,
  row: Pick<Insertable<JobTable>, 'id' | 'kind' | 'title' | 'subject' | 'project_id' | 'created_at'> & {
    input: unknown
    actor: JobActor
  },
): Promise<JobRow> {
  return await jobTables(trx)
    .insertInto('job')
    .values({
      ...row,
      state: 'queued',
      input: json(row.input),
      actor: json(row.actor),
      attempt: 0,
      event_seq: 0,
      settle_failures: 0,
      run_after: row.created_at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function findJob(db: Db | Trx, id: string): Promise<JobRow | undefined> {
  return await jobTables(db).selectFrom('job').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function lockJob(trx: Trx, id: string): Promise<JobRow | undefined> {
  return await jobTables(trx).selectFrom('job').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Steps of some jobs in the order of the job. */
export async function listSteps(db: Db | Trx, jobIds: readonly string[]): Promise<StepRow[]> {
  if (jobIds.length === 0) return []
  return await jobTables(db).selectFrom('step').selectAll().where('job_id', 'in', jobIds).orderBy('position').execute()
}

/** Newest first, from below `before`. */
export async function listJobRows(
  db: Db | Trx,
  filter: {
    subject?: string
    state?: JobState
    kind?: string
    projectIds?: readonly string[]
    before?: string
    limit: number
  },
): Promise<JobRow[]> {
  let query = jobTables(db).selectFrom('job').selectAll()
  if (filter.subject !== undefined) query = query.where('subject', '=', filter.subject)
  if (filter.state !== undefined) query = query.where('state', '=', filter.state)
  if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind)
  if (filter.projectIds !== undefined) query = query.where(sql<boolean>`project_id = any(${[...filter.projectIds]})`)
  if (filter.before !== undefined) query = query.where('id', '<', filter.before)
  return await query.orderBy('id', 'desc').limit(filter.limit).execute()
}

export async function updateJob(trx: Trx, id: string, values: UpdateObject<JobTables, 'job'>): Promise<void> {
  await jobTables(trx).updateTable('job').set(values).where('id', '=', id).execute()
}

/**
 * The fence: locks the job's row until the transaction ends and throws `lease_lost` unless `lease` still holds, and
 * `job_cancelled` when a cancel was asked for and is not what the caller carries out. Call it last: then the lock is short, and
 * every transaction of the hub takes the job's row after its own rows.
 */
export async function assertLease(trx: Trx, lease: Lease, whileCancelling: boolean): Promise<JobRow> {
  const row = await lockJob(trx, lease.jobId)
  if (row === undefined || row.state !== 'running' || row.owner !== lease.owner || row.attempt !== lease.attempt) {
    throw interrupt('lease_lost')
  }
  if (row.cancel_requested_at !== null && !whileCancelling) throw interrupt('job_cancelled')
  return row
}

/** Writes a step's row, new or again; `starts` counts up when `begins`. */
export async function putStep(
  trx: Trx,
  step: Pick<StepTable, 'job_id' | 'name' | 'position' | 'state'> & {
    at: Date
    begins?: boolean
    finished?: boolean
    output?: unknown
    failures?: number
    error?: JobError
  },
): Promise<void> {
  const output = 'output' in step ? json(step.output) : null
  const error = step.error === undefined ? null : json(step.error)
  await sql`
    insert into step (job_id, name, position, state, output, starts, failures, error, started_at, finished_at)
    values (${step.job_id}, ${step.name}, ${step.position}, ${step.state}, ${output}, ${step.begins ? 1 : 0},
      ${step.failures ?? 0}, ${error}, ${step.at}, ${step.finished ? step.at : null})
    on conflict (job_id, name) do update set
      state = excluded.state,
      output = coalesce(excluded.output, step.output),
      starts = step.starts + excluded.starts,
      failures = coalesce(${step.failures ?? null}::integer, step.failures),
      error = excluded.error,
      started_at = case when ${step.begins ?? false} then excluded.started_at else step.started_at end,
      finished_at = excluded.finished_at
  `.execute(trx)
}

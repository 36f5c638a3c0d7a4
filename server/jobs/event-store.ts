import { sql } from 'kysely'
import type { Db, Trx } from '../platform/db/index.ts'
import type { JobEvent, JobProgress } from './job.ts'
import { type EventRow, eventChannel, jobTables, type Lease } from './store.ts'

export type NewEvent = { type: JobEvent['type']; at: Date; data: Record<string, unknown> }

/** Progress lines older than this many events are of no use to anyone who comes late. */
const keptProgress = 40
/** Log lines kept per job. */
const keptLogs = 1_000

/**
 * Adds events with the next numbers of their job and announces them on commit, in one statement. The update of the job's row
 * makes writers take turns, so numbers become visible in order. With a lease nothing is written unless it still holds.
 */
export async function appendEvents(
  handle: Db | Trx,
  jobId: string,
  events: readonly NewEvent[],
  options: { lease?: Lease; progress?: JobProgress } = {},
): Promise<void> {
  const last = events.at(-1)
  if (last === undefined) return
  const fence =
    options.lease === undefined
      ? sql``
      : sql`and state = 'running' and owner = ${options.lease.owner} and attempt = ${options.lease.attempt}`
  const progress = options.progress === undefined ? null : JSON.stringify(options.progress)
  const count = events.length
  const hasProgress = events.some((event) => event.type === 'progress')
  await sql`
    with bumped as (
      update job set event_seq = event_seq + ${count}::integer, progress = coalesce(${progress}::jsonb, progress)
      where id = ${jobId} ${fence}
      returning event_seq
    ), added as (
      insert into job_event (job_id, seq, type, data, at)
      select ${jobId}, b.event_seq - ${count}::integer + e.position, e.item->>'type', e.item->'data', (e.item->>'at')::timestamptz
      from bumped b, jsonb_array_elements(${JSON.stringify(events)}::jsonb) with ordinality as e(item, position)
      returning seq
    ), pruned as (
      delete from job_event using bumped
      where ${hasProgress}::boolean and job_id = ${jobId} and type = 'progress' and seq < bumped.event_seq - ${keptProgress}::integer
    )
    select pg_notify(${eventChannel}, ${`${jobId} ${last.type}`}) from (select max(seq) as seq from added) newest where seq is not null
  `.execute(handle)
}

/** Drops the oldest log lines of a job beyond the newest 1,000. */
export async function pruneLogs(db: Db, jobId: string): Promise<void> {
  await sql`
    delete from job_event where job_id = ${jobId} and type = 'log' and seq <= (
      select seq from job_event where job_id = ${jobId} and type = 'log' order by seq desc offset ${keptLogs}::integer limit 1
    )
  `.execute(db)
}

/** Events after a number, oldest first. */
export async function listEvents(db: Db, jobId: string, afterSeq: number, limit: number): Promise<EventRow[]> {
  return await jobTables(db)
    .selectFrom('job_event')
    .selectAll()
    .where('job_id', '=', jobId)
    .where('seq', '>', afterSeq)
    .orderBy('seq')
    .limit(limit)
    .execute()
}

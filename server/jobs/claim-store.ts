import { sql } from 'kysely'
import type { Database, Db, Trx } from '../platform/db/index.ts'
import { longestPauseMs } from './failure.ts'
import type { JobRow } from './store.ts'

/** A worker that says nothing for so long has lost its jobs, even when its connection seems to live. */
export const leaseSeconds = 15
/** Pause between two renewals of the leases. */
const heartbeatSeconds = 1

/**
 * Takes the next due job of these kinds, if any: queued ones whose time has come, and running ones whose lease is over. Leases
 * go by the database's clock, the only one that all workers share. A pause lasts at most `longestPauseMs`: a `run_after` further ahead
 * can only come from a clock that was set back since, and does not hold the job; one that does not wait for a next try has its job's
 * own birth there and is due whatever the clock says.
 */
export async function claimNext(
  trx: Trx,
  claim: { owner: string; kinds: readonly string[]; now: Date },
): Promise<JobRow | undefined> {
  const result = await sql<JobRow>`
    with due as (
      select id from job
      where kind = any(${[...claim.kinds]}::text[]) and (
        (state = 'queued' and (run_after = created_at or run_after <= ${claim.now}
          or run_after > ${claim.now}::timestamptz + make_interval(secs => ${longestPauseMs / 1_000}::double precision)))
        or (state = 'running' and lease_until < now() and owner is distinct from ${claim.owner})
      )
      order by run_after, id
      limit 1
      for update skip locked
    )
    update job set state = 'running', owner = ${claim.owner}, attempt = attempt + 1,
      lease_until = now() + make_interval(secs => ${leaseSeconds}), started_at = coalesce(started_at, ${claim.now}::timestamptz)
    from due where job.id = due.id
    returning job.*
  `.execute(trx)
  return result.rows[0]
}

export type HeldJob = { id: string; attempt: number; cancelling: boolean }

/** Extends the leases of one owner and says what it still holds. The embedded database has one process and needs no leases. */
export async function heartbeat(database: Database, owner: string): Promise<HeldJob[]> {
  const columns = sql`id, attempt, cancel_requested_at is not null as cancelling`
  const statement =
    database.kind === 'embedded'
      ? sql<HeldJob>`select ${columns} from job where state = 'running' and owner = ${owner}`
      : sql<HeldJob>`
          update job set lease_until = now() + make_interval(secs => ${leaseSeconds})
          where state = 'running' and owner = ${owner} returning ${columns}`
  return (await statement.execute(database.db)).rows
}

/**
 * Ends the leases of workers that are gone.
 * @returns true when one of them is not yet certain to be gone: look again soon
 */
export async function releaseGoneOwners(database: Database, owner: string): Promise<boolean> {
  const others = await ownersOtherThan(database.db, owner)
  const gone = await database.presence.gone(others)
  if (gone.length === 0) return false
  // A worker whose connection broke for a moment is alive: one that has just renewed its leases keeps its jobs.
  const silentSeconds = database.kind === 'embedded' ? 0 : heartbeatSeconds * 1.25
  await sql`
    update job set lease_until = now() - interval '1 second'
    where state = 'running' and owner = any(${gone}::text[])
      and lease_until <= now() + make_interval(secs => ${leaseSeconds - silentSeconds})
  `.execute(database.db)
  return (await ownersOtherThan(database.db, owner)).some((other) => gone.includes(other))
}

/** Queues again what is marked as running at `owner` and is not among `live`. */
export async function releaseForgotten(
  database: Database,
  held: { owner: string; live: readonly string[]; runAfter: Date },
): Promise<void> {
  await sql`
    update job set state = 'queued', owner = null, lease_until = null, run_after = ${held.runAfter}
    where state = 'running' and owner = ${held.owner} and not (id = any(${[...held.live]}::text[]))
  `.execute(database.db)
}

async function ownersOtherThan(db: Db, owner: string): Promise<string[]> {
  const result = await sql<{ owner: string }>`
    select distinct owner from job where state = 'running' and owner is distinct from ${owner} and lease_until >= now()
  `.execute(db)
  return result.rows.map((row) => row.owner)
}

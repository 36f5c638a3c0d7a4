import { sql } from 'kysely'
import type { Reverification } from '../../../../contract/index.ts'
import type { Db, Trx } from '../../../platform/db/index.ts'
import type { DigestPatch } from '../../artifacts/index.ts'

export type Change = Reverification['changes'][number]
export type Outcome = Reverification['outcome']

/** How far a reading of a version has come. */
export type Cursor = {
  version_id: string
  project_id: string
  /** Id of the job, or `schedule`. */
  run: string
  /** Of the last file that was read; -1: none. */
  ordinal: number
  bytes_read: number
  changes: Change[]
  change_count: number
  touched: DigestPatch[]
  started_at: Date
}

export type ReverificationRow = {
  id: string
  version_id: string
  project_id: string
  trigger: Reverification['trigger']
  outcome: Outcome
  file_count: number
  bytes: number
  bytes_read: number
  changes: Change[]
  change_count: number
  withdrawn: boolean
  started_at: Date
  finished_at: Date
}

/** Rows that are kept of one version. */
const keptRows = 50

export async function readCursor(db: Db, versionId: string, run: string): Promise<Cursor | undefined> {
  const { rows } = await sql<Cursor>`
    select * from reverification_cursor where version_id = ${versionId} and run = ${run}
  `.execute(db)
  const row = rows[0]
  return row === undefined ? undefined : { ...row, bytes_read: Number(row.bytes_read) }
}

export async function saveCursor(trx: Trx, cursor: Cursor): Promise<void> {
  const { version_id, project_id, run, ordinal, bytes_read, changes, change_count, touched, started_at } = cursor
  await sql`
    insert into reverification_cursor (version_id, run, project_id, ordinal, bytes_read, changes, change_count, touched, started_at)
    values (${version_id}, ${run}, ${project_id}, ${ordinal}, ${bytes_read}, ${JSON.stringify(changes)}::jsonb, ${change_count},
      ${JSON.stringify(touched)}::jsonb, ${started_at})
    on conflict (version_id, run) do update set ordinal = excluded.ordinal, bytes_read = excluded.bytes_read,
      changes = excluded.changes, change_count = excluded.change_count, touched = excluded.touched, started_at = excluded.started_at
  `.execute(trx)
}

export async function deleteCursor(trx: Trx, versionId: string, run: string): Promise<void> {
  await sql`delete from reverification_cursor where version_id = ${versionId} and run = ${run}`.execute(trx)
}

export async function insertReverification(trx: Trx, row: ReverificationRow): Promise<void> {
  await sql`
    insert into reverification (id, version_id, project_id, trigger, outcome, file_count, bytes, bytes_read, changes, change_count,
      withdrawn, started_at, finished_at)
    values (${row.id}, ${row.version_id}, ${row.project_id}, ${row.trigger}, ${row.outcome}, ${row.file_count}, ${row.bytes},
      ${row.bytes_read}, ${JSON.stringify(row.changes)}::jsonb, ${row.change_count}, ${row.withdrawn}, ${row.started_at},
      ${row.finished_at})
  `.execute(trx)
  await sql`
    delete from reverification where version_id = ${row.version_id} and id <= (
      select id from reverification where version_id = ${row.version_id} order by id desc offset ${keptRows} limit 1
    )
  `.execute(trx)
}

/**
 * The version whose files were not read for longest, since before `before`: one that was begun first, then the longest unread. A version
 * that was found damaged since is not read again before its time.
 */
export async function nextToReverify(db: Db, before: Date, run: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select v.id from model_version v left join reverification_cursor c on c.version_id = v.id and c.run = ${run}
    where v.state in ('verified', 'evaluated', 'published', 'archived')
      and coalesce(v.files_verified_at, v.created_at) < ${before}
      and exists (select 1 from version_file f where f.version_id = v.id and f.stored in ('blob', 'in_place'))
      and not exists (select 1 from reverification r where r.version_id = v.id and r.finished_at >= ${before})
    order by c.started_at nulls last, coalesce(v.files_verified_at, v.created_at), v.id limit 1
  `.execute(db)
  return rows[0]?.id ?? null
}

export type ListedReverification = ReverificationRow & { model_name: string; number: number }

/** Newest first, `limit + 1` of them, before the id `before`. */
export async function listReverificationRows(
  db: Db,
  input: { limit: number; before?: string; versionId?: string; outcome?: Outcome },
): Promise<ListedReverification[]> {
  const { limit, before = null, versionId = null, outcome = null } = input
  const { rows } = await sql<ListedReverification>`
    select r.*, m.name as model_name, v.number
    from reverification r join model_version v on v.id = r.version_id join model m on m.id = v.model_id
    where (${before}::text is null or r.id < ${before}) and (${versionId}::text is null or r.version_id = ${versionId})
      and (${outcome}::text is null or r.outcome = ${outcome})
    order by r.id desc limit ${limit + 1}
  `.execute(db)
  return rows.map((row) => ({ ...row, bytes: Number(row.bytes), bytes_read: Number(row.bytes_read) }))
}

import { sql } from 'kysely'
import type { Database, Db } from '../platform/db/index.ts'

export type BlobFact = { sha256: string /** Its bytes were found damaged and moved aside. */; quarantined: boolean }
export type InPlaceFact = { version: string; path: string; files: number; bytes: number }

const page = 1_000

/** Every stored file that something in the database refers to, in order; none where the schema is older than stored files. */
export async function referencedBlobs(db: Db): Promise<BlobFact[]> {
  if (!(await hasTable(db, 'blob_ref'))) return []
  const ofVersions = (await hasTable(db, 'version_file'))
    ? sql`union select sha256 from version_file where stored = 'blob' and sha256 is not null`
    : sql``
  const found: BlobFact[] = []
  for (let after = ''; ; ) {
    const { rows } = await sql<BlobFact>`
      with used as (select sha256 from blob_ref ${ofVersions})
      select used.sha256, blob.quarantined_at is not null as quarantined
      from used left join blob on blob.sha256 = used.sha256
      where used.sha256 > ${after} order by used.sha256 limit ${page}
    `.execute(db)
    found.push(...rows)
    const last = rows.at(-1)
    if (last === undefined) return found
    after = last.sha256
  }
}

/** Versions with files that are only registered where they lie. */
export async function inPlaceVersions(db: Db): Promise<InPlaceFact[]> {
  if (!(await hasTable(db, 'version_file'))) return []
  const { rows } = await sql<InPlaceFact>`
    select m.name || '@' || v.number as version, v.source_address as path, count(*) as files, sum(f.size)::bigint as bytes
    from version_file f join model_version v on v.id = f.version_id join model m on m.id = v.model_id
    where f.stored = 'in_place' group by m.name, v.number, v.source_address order by 1
  `.execute(db)
  return rows
}

/**
 * The job that wrote a backup is under way in it. It must not go on in the restored hub, whose backups are others: it is asked to
 * cancel, and the hub ends it at its start.
 */
export async function cancelBackupJobs(database: Database, at: Date): Promise<void> {
  const by = JSON.stringify({ type: 'system', id: 'system', name: 'Model Hub' })
  await sql`
    update job set cancel_requested_at = ${at}, cancelled_by = ${by}::jsonb
    where kind = 'backup' and state in ('queued', 'running') and cancel_requested_at is null
  `.execute(database.db)
}

async function hasTable(db: Db, name: string): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`select to_regclass(${name}) is not null as there`.execute(db)
  return rows[0]?.there === true
}

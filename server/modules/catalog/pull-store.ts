import { sql } from 'kysely'
import type { Pulls } from '../../../contract/index.ts'
import type { Db, Trx } from '../../platform/db/index.ts'

export type PullCount = { versionId: string; downloads: number; bytes: number; at: Date }

/** Adds to the counts of the day of each; what is counted for a version that was deleted meanwhile is dropped. */
export async function addPulls(trx: Trx, counts: readonly PullCount[]): Promise<void> {
  const rows = JSON.stringify(
    counts.map(({ versionId, downloads, bytes, at }) => ({
      id: versionId,
      day: at.toISOString().slice(0, 10),
      downloads,
      bytes,
      at,
    })),
  )
  await sql`
    insert into version_pull as p (version_id, project_id, day, downloads, bytes, last_at)
    select v.id, v.project_id, r.day, r.downloads, r.bytes, r.at
    from jsonb_to_recordset(${rows}::jsonb) as r (id text, day date, downloads bigint, bytes bigint, at timestamptz)
    join model_version v on v.id = r.id
    on conflict (version_id, day) do update set
      downloads = p.downloads + excluded.downloads,
      bytes = p.bytes + excluded.bytes,
      last_at = greatest(p.last_at, excluded.last_at)
  `.execute(trx)
}

/** True for the first pull of this caller and version in the hour; false also when the version was deleted. */
export async function firstPullOfHour(trx: Trx, versionId: string, actorId: string, hour: Date): Promise<boolean> {
  const { rows } = await sql`
    insert into version_puller (hour, version_id, project_id, actor_id)
    select ${hour.toISOString()}::timestamptz, id, project_id, ${actorId} from model_version where id = ${versionId}
    on conflict do nothing returning 1
  `.execute(trx)
  return rows.length > 0
}

/** Forgets who pulled before this hour. */
export async function dropPullersBefore(trx: Trx, hour: Date): Promise<void> {
  await sql`delete from version_puller where hour < ${hour.toISOString()}::timestamptz`.execute(trx)
}

/** Everything that was pulled of a version. */
export async function readPulls(db: Db | Trx, versionId: string): Promise<Pulls> {
  const { rows } = await sql<{ downloads: string | null; bytes: string | null; last_at: Date | null }>`
    select sum(downloads) as downloads, sum(bytes) as bytes, max(last_at) as last_at
    from version_pull where version_id = ${versionId}
  `.execute(db)
  const row = rows[0]
  return {
    downloads: Number(row?.downloads ?? 0),
    bytes: Number(row?.bytes ?? 0),
    lastAt: row?.last_at?.toISOString() ?? null,
  }
}

/** Files asked for whole of all versions of these models since a day, by model; models without any are left out. */
export async function downloadsOfModels(
  db: Db,
  modelIds: readonly string[],
  since: Date,
): Promise<ReadonlyMap<string, number>> {
  if (modelIds.length === 0) return new Map()
  const { rows } = await sql<{ model_id: string; n: string }>`
    select v.model_id, sum(p.downloads) as n from version_pull p join model_version v on v.id = p.version_id
    where v.model_id in (${sql.join(modelIds)}) and p.day >= ${since.toISOString().slice(0, 10)}::date
    group by v.model_id
  `.execute(db)
  return new Map(rows.map((row) => [row.model_id, Number(row.n)]))
}

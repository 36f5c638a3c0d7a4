import { sql } from 'kysely'
import type { HuggingFaceSource } from '../../../contract/index.ts'
import type { Db, Trx } from '../../platform/db/index.ts'

/** What is known of a version's remote source beside what people gave. */
export type VersionSource = {
  /** No secret. */
  pin: Record<string, unknown>
  /** Sealed; null: there is none. */
  secret: Uint8Array | null
}

export async function saveVersionSource(
  trx: Trx,
  version: { id: string; project_id: string },
  input: { pin: object; secret: Uint8Array | null },
  at: Date,
): Promise<void> {
  await sql`
    insert into version_source (version_id, project_id, pin, source_secret, checked_at, updated_at)
    values (${version.id}, ${version.project_id}, ${JSON.stringify(input.pin)}::jsonb,
      ${input.secret === null ? null : Buffer.from(input.secret)}, ${at}, ${at})
    on conflict (version_id) do update set
      pin = excluded.pin, source_secret = excluded.source_secret, updated_at = excluded.updated_at
  `.execute(trx)
}

export async function readVersionSource(db: Db | Trx, versionId: string): Promise<VersionSource | undefined> {
  const { rows } = await sql<{ pin: Record<string, unknown>; source_secret: Uint8Array | null }>`
    select pin, source_secret from version_source where version_id = ${versionId}
  `.execute(db)
  const row = rows[0]
  return row === undefined ? undefined : { pin: row.pin, secret: row.source_secret }
}

/** Replaces what a source is, once it has been pinned anew or its address has been replaced. */
export async function setSource(trx: Trx, versionId: string, source: object, address: string, at: Date): Promise<void> {
  await sql`
    update model_version set source = ${JSON.stringify(source)}::jsonb, source_address = ${address}, updated_at = ${at}
    where id = ${versionId}
  `.execute(trx)
}

export type WatchedRevision = {
  version_id: string
  model_name: string
  project_id: string
  number: number
  source: HuggingFaceSource
}

/**
 * Newest versions of their models whose repository is watched and was not asked since `before`, the longest unasked first. An archived
 * one is watched no more.
 */
export async function revisionsToWatch(db: Db, before: Date, limit: number): Promise<WatchedRevision[]> {
  const { rows } = await sql<WatchedRevision>`
    select v.id as version_id, m.name as model_name, v.project_id, v.number, v.source
    from model_version v join model m on m.id = v.model_id left join version_source s on s.version_id = v.id
    where v.source_type = 'huggingface' and v.source ->> 'watch' = 'true' and v.state <> 'archived'
      and (s.checked_at is null or s.checked_at < ${before})
      and not exists (
        select 1 from model_version n where n.model_id = v.model_id and n.number > v.number and n.source_type = 'huggingface'
          and n.source ->> 'repo' = v.source ->> 'repo' and n.source ->> 'revision' = v.source ->> 'revision'
      )
    order by s.checked_at nulls first, v.id limit ${limit}
  `.execute(db)
  return rows
}

export async function noteRevisionAsked(
  trx: Trx,
  version: { id: string; project_id: string },
  at: Date,
): Promise<void> {
  await sql`
    insert into version_source (version_id, project_id, checked_at, updated_at)
    values (${version.id}, ${version.project_id}, ${at}, ${at})
    on conflict (version_id) do update set checked_at = excluded.checked_at
  `.execute(trx)
}

export type KnownAddress = { address: string; model_name: string; number: number; state: string; version_id: string }

/** Versions registered from these addresses, the newest of each model first; a hundred for each at most in all. */
export async function versionsAtAddresses(db: Db, addresses: readonly string[]): Promise<KnownAddress[]> {
  if (addresses.length === 0) return []
  const { rows } = await sql<KnownAddress>`
    select v.source_address as address, m.name as model_name, v.number, v.state, v.id as version_id
    from model_version v join model m on m.id = v.model_id
    where v.source_address = any(${[...addresses]}::text[]) order by v.source_address, v.created_at desc, v.id desc
    limit ${addresses.length * 100}
  `.execute(db)
  return rows
}

/** Of these versions, those that are there and may still be ingested. */
export async function versionsStillOpen(db: Db, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const { rows } = await sql<{ id: string }>`
    select id from model_version where id = any(${[...ids]}::text[]) and state in ('draft', 'ingesting', 'needs_attention')
  `.execute(db)
  return new Set(rows.map(({ id }) => id))
}

/** Bytes of files of other versions that are in the store already, by digest. */
export async function storedDigests(db: Db, digests: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>()
  for (let i = 0; i < digests.length; i += 1_000) {
    const { rows } = await sql<{ sha256: string }>`
      select sha256 from blob where sha256 = any(${digests.slice(i, i + 1_000)}::text[]) and quarantined_at is null
        and unreferenced_since is null
    `.execute(db)
    for (const { sha256 } of rows) found.add(sha256)
  }
  return found
}

/** Versions made of these uploads; `done`: they have what they need in the store, and no job of theirs runs. */
export async function versionsOfUploads(db: Db, ids: readonly string[]): Promise<{ upload: string; done: boolean }[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{ upload: string; done: boolean }>`
    select source ->> 'upload' as upload,
      active_job_id is null and state in ('verified', 'evaluated', 'published', 'archived') as done
    from model_version where source ->> 'upload' is not null and source ->> 'upload' = any(${[...ids]}::text[])
  `.execute(db)
  return rows
}

/** Notes that every byte of a version was read and agreed with its digests. */
export async function noteFilesVerified(trx: Trx, versionId: string, at: Date): Promise<void> {
  await sql`update model_version set files_verified_at = ${at} where id = ${versionId}`.execute(trx)
}

export async function filesVerifiedAt(db: Db | Trx, versionId: string): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select files_verified_at as at from model_version where id = ${versionId}
  `.execute(db)
  return rows[0]?.at ?? null
}

import { sql } from 'kysely'
import type { Db, Trx } from '../db/index.ts'

/**
 * Notes that `owner` (such as `version:ver_…`) needs these bytes; once or more is the same. The caller has put the bytes within
 * the grace period of the collection, or knows of another reference in the same transaction.
 * @param size bytes, when known
 */
export async function addBlobRef(trx: Trx, sha256: string, owner: string, size?: number): Promise<void> {
  // The blob's row is written first, always: its lock makes references and collection take turns.
  await sql`
    insert into blob (sha256, size, created_at) values (${sha256}, ${size ?? null}, now())
    on conflict (sha256) do update set
      unreferenced_since = null, quarantined_at = null, quarantine_reason = null, size = coalesce(blob.size, excluded.size)
  `.execute(trx)
  await sql`
    insert into blob_ref (sha256, owner, created_at) values (${sha256}, ${owner}, now()) on conflict do nothing
  `.execute(trx)
}

/** Takes a reference back; one that is not there is fine. */
export async function dropBlobRef(trx: Trx, sha256: string, owner: string): Promise<void> {
  await sql`select 1 from blob where sha256 = ${sha256} for update`.execute(trx)
  await sql`delete from blob_ref where sha256 = ${sha256} and owner = ${owner}`.execute(trx)
  await markUnreferenced(trx, [sha256])
}

/** Takes back every reference of an owner. */
export async function dropBlobRefsOf(trx: Trx, owner: string): Promise<void> {
  // Locked in one order, so that two of these cannot wait for each other.
  const { rows } = await sql<{ sha256: string }>`
    select sha256 from blob where sha256 in (select sha256 from blob_ref where owner = ${owner}) order by sha256 for update
  `.execute(trx)
  await sql`delete from blob_ref where owner = ${owner}`.execute(trx)
  await markUnreferenced(
    trx,
    rows.map((row) => row.sha256),
  )
}

/** Digests that an owner refers to, in order. */
export async function listBlobRefs(db: Db | Trx, owner: string): Promise<string[]> {
  const { rows } = await sql<{
    sha256: string
  }>`select sha256 from blob_ref where owner = ${owner} order by sha256`.execute(db)
  return rows.map((row) => row.sha256)
}

async function markUnreferenced(trx: Trx, digests: readonly string[]): Promise<void> {
  await sql`
    update blob set unreferenced_since = now()
    where sha256 = any(${[...digests]}::text[]) and unreferenced_since is null
      and not exists (select 1 from blob_ref r where r.sha256 = blob.sha256)
  `.execute(trx)
}

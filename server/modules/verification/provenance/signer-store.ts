import { sql } from 'kysely'
import type { Db, Trx } from '../../../platform/db/index.ts'

export type SignerRow = {
  id: string
  project_id: string
  name: string
  kind: 'key' | 'certificate' | 'sigstore'
  material: string | null
  key_id: string | null
  identity: string | null
  issuer: string | null
  sources: string[]
  expires_at: Date | null
  reason: string
  created_by: string
  created_by_id: string
  created_at: Date
}

/** Signers of a hub: each is tried against each signature. */
export const mostSigners = 500

export async function insertSigner(trx: Trx, row: SignerRow): Promise<void> {
  await sql`
    insert into trusted_signer (id, project_id, name, kind, material, key_id, identity, issuer, sources, expires_at, reason,
      created_by, created_by_id, created_at)
    values (${row.id}, ${row.project_id}, ${row.name}, ${row.kind}, ${row.material}, ${row.key_id}, ${row.identity},
      ${row.issuer}, ${row.sources}, ${row.expires_at}, ${row.reason}, ${row.created_by}, ${row.created_by_id}, ${row.created_at})
  `.execute(trx)
}

/** Takes trust back; gives the row, or undefined when there is none in force. */
export async function removeSignerRow(trx: Trx, id: string, at: Date): Promise<SignerRow | undefined> {
  const { rows } = await sql<SignerRow>`
    update trusted_signer set removed_at = ${at} where id = ${id} and removed_at is null returning *
  `.execute(trx)
  return rows[0]
}

/** Everybody who is trusted now, those whose time is over included. */
export async function readSigners(db: Db | Trx): Promise<SignerRow[]> {
  const { rows } = await sql<SignerRow>`
    select * from trusted_signer where removed_at is null order by id limit ${mostSigners}
  `.execute(db)
  return rows
}

export async function countSigners(trx: Trx): Promise<number> {
  const { rows } = await sql<{ n: string }>`select count(*) as n from trusted_signer where removed_at is null`.execute(
    trx,
  )
  return Number(rows[0]?.n ?? 0)
}

/** Newest first, `limit + 1` of them, before the id `before`. */
export async function pageSigners(db: Db, limit: number, before: string | null): Promise<SignerRow[]> {
  const { rows } = await sql<SignerRow>`
    select * from trusted_signer where removed_at is null and (${before}::text is null or id < ${before})
    order by id desc limit ${limit + 1}
  `.execute(db)
  return rows
}

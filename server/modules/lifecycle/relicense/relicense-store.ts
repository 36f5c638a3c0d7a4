import { sql } from 'kysely'
import type { Db, Trx } from '../../../platform/db/index.ts'

/** The newest job that judges all licenses and has not ended; null: none. */
export async function openRelicense(db: Db | Trx): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select id from job where kind = 'relicense' and state in ('queued', 'running') order by id desc limit 1
  `.execute(db)
  return rows[0]?.id ?? null
}

/** The newest that has not begun, kept from beginning until the transaction ends; null: none. */
export async function holdWaitingRelicense(trx: Trx): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select id from job where kind = 'relicense' and state = 'queued' order by id desc limit 1 for update
  `.execute(trx)
  return rows[0]?.id ?? null
}

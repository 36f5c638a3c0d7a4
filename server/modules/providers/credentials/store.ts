import { type Kysely, sql } from 'kysely'
import type { CredentialTest, CredentialUse } from '../../../../contract/index.ts'
import type { Db, Trx } from '../../../platform/db/index.ts'

export type CredentialRow = {
  id: string
  project_id: string
  kind: string
  name: string
  fields: Record<string, string>
  sealed: Uint8Array
  hints: Record<string, string | null>
  rotated_at: Date | null
  tested_at: Date | null
  test: CredentialTest | null
  last_used_at: Date | null
  created_by: string
  created_at: Date
  updated_at: Date
}

type Json = 'fields' | 'hints' | 'test'
type Tables = { credential: Omit<CredentialRow, Json> & Record<Json, unknown> }

const tables = (db: Db | Trx): Kysely<Tables> => db.withTables<Tables>() as Kysely<Tables>
const json = (value: unknown) => (value === null ? null : sql`${JSON.stringify(value)}::jsonb`)

/** False when the project has a credential of that name. */
export async function insertCredential(trx: Trx, row: CredentialRow): Promise<boolean> {
  const { sealed } = row
  const result = await tables(trx)
    .insertInto('credential')
    .values({ ...row, sealed, fields: json(row.fields), hints: json(row.hints), test: json(row.test) })
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0) === 1
}

export async function findCredential(db: Db | Trx, id: string): Promise<CredentialRow | undefined> {
  const row = await tables(db).selectFrom('credential').selectAll().where('id', '=', id).executeTakeFirst()
  return row as CredentialRow | undefined
}

export async function findCredentials(db: Db, ids: readonly string[]): Promise<CredentialRow[]> {
  const rows = await tables(db)
    .selectFrom('credential')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute()
  return rows as CredentialRow[]
}

/** The same as one, kept from other writers until the transaction ends. */
export async function lockCredential(trx: Trx, id: string): Promise<CredentialRow | undefined> {
  const row = await tables(trx).selectFrom('credential').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row as CredentialRow | undefined
}

/** Newest first, `limit + 1` of them. */
export async function listCredentialRows(
  db: Db,
  input: { limit: number; before?: string; kind?: string },
): Promise<CredentialRow[]> {
  let query = tables(db)
    .selectFrom('credential')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(input.limit + 1)
  if (input.before !== undefined) query = query.where('id', '<', input.before)
  if (input.kind !== undefined) query = query.where('kind', '=', input.kind)
  return (await query.execute()) as CredentialRow[]
}

/** False when another credential of the project has that name. */
export async function renameCredentialRow(trx: Trx, row: CredentialRow, name: string, at: Date): Promise<boolean> {
  const result = await sql`
    update credential set name = ${name}, updated_at = ${at}
    where id = ${row.id} and not exists (
      select 1 from credential o where o.project_id = ${row.project_id} and lower(o.name) = lower(${name}) and o.id <> ${row.id}
    )
  `.execute(trx)
  return Number(result.numAffectedRows ?? 0) === 1
}

export async function replaceSecret(
  trx: Trx,
  id: string,
  to: Pick<CredentialRow, 'fields' | 'sealed' | 'hints' | 'test' | 'tested_at'>,
  at: Date,
): Promise<void> {
  await tables(trx)
    .updateTable('credential')
    .set({
      sealed: to.sealed,
      tested_at: to.tested_at,
      fields: json(to.fields),
      hints: json(to.hints),
      test: json(to.test),
      rotated_at: at,
      updated_at: at,
    })
    .where('id', '=', id)
    .execute()
}

/** Records a test of a secret; one that was replaced meanwhile keeps its own. */
export async function recordTest(trx: Trx, id: string, sealed: Uint8Array, test: CredentialTest): Promise<boolean> {
  const result = await tables(trx)
    .updateTable('credential')
    .set({ test: json(test), tested_at: new Date(test.at) })
    .where('id', '=', id)
    .where('sealed', '=', sealed)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

export async function deleteCredentialRow(trx: Trx, id: string): Promise<void> {
  await tables(trx).deleteFrom('credential').where('id', '=', id).execute()
}

/** Sets the time of last use where it is later than what is there. */
export async function touchCredentials(db: Db, uses: ReadonlyMap<string, Date>): Promise<void> {
  const rows = JSON.stringify([...uses].map(([id, at]) => ({ id, at: at.toISOString() })))
  await sql`
    update credential c set last_used_at = u.at
    from jsonb_to_recordset(${rows}::jsonb) as u (id text, at timestamptz)
    where c.id = u.id and (c.last_used_at is null or c.last_used_at < u.at)
  `.execute(db)
}

/** Notes that the credentials of these versions were used, each at its time where that is later than what is there. */
export async function touchCredentialsOf(trx: Trx, uses: ReadonlyMap<string, Date>): Promise<void> {
  if (uses.size === 0) return
  const rows = JSON.stringify([...uses].map(([id, at]) => ({ id, at: at.toISOString() })))
  // Two batches of different gateways lock the same rows in one order.
  await sql`
    with used as (
      select c.id, max(u.at) as at from jsonb_to_recordset(${rows}::jsonb) as u (id text, at timestamptz)
      join model_version v on v.id = u.id and v.source_type = 'cloud'
      join credential c on c.id = v.source ->> 'credential'
      group by c.id
    ), locked as (
      select c.id, used.at from credential c join used on used.id = c.id
      where c.last_used_at is null or c.last_used_at < used.at order by c.id for update of c
    )
    update credential c set last_used_at = locked.at from locked where locked.id = c.id
  `.execute(trx)
}

export type SyncUse = { provider: string; at: string; listed: number }

/** When each of these credentials was last used to read a provider's list. */
export async function syncsOfCredentials(db: Db, ids: readonly string[]): Promise<Map<string, SyncUse[]>> {
  const found = new Map<string, SyncUse[]>()
  if (ids.length === 0) return found
  const { rows } = await sql<{ id: string; provider: string; at: Date; listed: string }>`
    select credential_id as id, provider, at, outcome ->> 'listed' as listed from provider_sync
    where credential_id in (select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)) order by at desc
  `.execute(db)
  for (const { id, provider, at, listed } of rows) {
    found.set(id, [...(found.get(id) ?? []), { provider, at: at.toISOString(), listed: Number(listed) }])
  }
  return found
}

/** Versions that name these credentials in their source and are not archived: the first `limit` of each, and how many. */
export async function usersOfCredentials(
  db: Db | Trx,
  ids: readonly string[],
  limit: number,
): Promise<Map<string, { users: CredentialUse[]; count: number }>> {
  const found = new Map<string, { users: CredentialUse[]; count: number }>()
  if (ids.length === 0) return found
  const { rows } = await sql<{
    credential: string
    id: string
    name: string
    state: string
    total: string
    place: string
  }>`
    select * from (
      select v.source ->> 'credential' as credential, v.id, m.name || '@' || v.number as name, v.state,
        count(*) over w as total, row_number() over (partition by v.source ->> 'credential' order by v.id desc) as place
      from model_version v join model m on m.id = v.model_id
      where v.source ->> 'credential' in (select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)) and v.state <> 'archived'
      window w as (partition by v.source ->> 'credential')
    ) u where u.place <= ${limit} order by u.id desc
  `.execute(db)
  for (const { credential, id, name, state, total } of rows) {
    const entry = found.get(credential) ?? { users: [], count: Number(total) }
    entry.users.push({ type: 'version', id, name, state })
    found.set(credential, entry)
  }
  return found
}

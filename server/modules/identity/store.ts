import type { Role } from '../../../contract/index.ts'
import type { Db, Trx } from '../../platform/db/index.ts'

export type TokenRow = {
  id: string
  user_id: string | null
  name: string
  prefix: string
  hash: string
  roles: string[]
  created_by: string
  created_at: Date
  expires_at: Date | null
  revoked_at: Date | null
  last_used_at: Date | null
}

export type KeyRow = {
  id: string
  project_id: string
  name: string
  prefix: string
  hash: string
  models: string[] | null
  session: boolean
  created_by: string
  created_at: Date
  expires_at: Date | null
  revoked_at: Date | null
  last_used_at: Date | null
}

export type UserRow = { id: string; name: string; email: string; createdAt: Date }

type AuthUser = UserRow & { emailVerified: boolean; image: string | null; updatedAt: Date }

type Tables = {
  auth_user: AuthUser
  auth_account: {
    id: string
    accountId: string
    providerId: string
    userId: string
    password: string | null
    createdAt: Date
    updatedAt: Date
  }
  user_role: { user_id: string; project_id: string | null; role: string; granted_at: Date }
  setup_link: { hash: string; expires_at: Date; used_at: Date | null }
  access_token: TokenRow
  gateway_key: KeyRow
  revoked_key: { hash: string; revoked_at: Date }
}

const tables = (db: Db | Trx) => db.withTables<Tables>()

export async function countUsers(db: Db | Trx): Promise<number> {
  const row = await tables(db)
    .selectFrom('auth_user')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return Number(row.n)
}

/** A person with a password account and one role. */
export async function insertUser(
  trx: Trx,
  user: { id: string; name: string; email: string; passwordHash: string; role: Role; accountId: string; at: Date },
): Promise<void> {
  await tables(trx)
    .insertInto('auth_user')
    .values({
      id: user.id,
      name: user.name,
      email: user.email,
      emailVerified: true,
      image: null,
      createdAt: user.at,
      updatedAt: user.at,
    })
    .execute()
  await tables(trx)
    .insertInto('auth_account')
    .values({
      id: user.accountId,
      accountId: user.id,
      providerId: 'credential',
      userId: user.id,
      password: user.passwordHash,
      createdAt: user.at,
      updatedAt: user.at,
    })
    .execute()
  await tables(trx)
    .insertInto('user_role')
    .values({ user_id: user.id, project_id: null, role: user.role, granted_at: user.at })
    .execute()
}

export async function rolesOf(db: Db | Trx, userId: string): Promise<string[]> {
  const rows = await tables(db).selectFrom('user_role').select('role').where('user_id', '=', userId).execute()
  return [...new Set(rows.map((row) => row.role))]
}

export function findUser(db: Db | Trx, id: string): Promise<UserRow | undefined> {
  return tables(db)
    .selectFrom('auth_user')
    .select(['id', 'name', 'email', 'createdAt'])
    .where('id', '=', id)
    .executeTakeFirst()
}

export function listUserRows(db: Db, limit: number, after?: string): Promise<UserRow[]> {
  let query = tables(db)
    .selectFrom('auth_user')
    .select(['id', 'name', 'email', 'createdAt'])
    .orderBy('id')
    .limit(limit + 1)
  if (after !== undefined) query = query.where('id', '>', after)
  return query.execute()
}

export async function insertSetupLink(trx: Trx, hash: string, expiresAt: Date): Promise<void> {
  await tables(trx).deleteFrom('setup_link').where('used_at', 'is', null).execute()
  await tables(trx).insertInto('setup_link').values({ hash, expires_at: expiresAt, used_at: null }).execute()
}

/** True when the link was unused and unexpired; it is used now. */
export async function useSetupLink(trx: Trx, hash: string, now: Date): Promise<boolean> {
  const result = await tables(trx)
    .updateTable('setup_link')
    .set({ used_at: now })
    .where('hash', '=', hash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

export async function insertToken(trx: Trx, row: TokenRow): Promise<void> {
  await tables(trx).insertInto('access_token').values(row).execute()
}

export function findTokenByHash(db: Db | Trx, hash: string): Promise<TokenRow | undefined> {
  return tables(db).selectFrom('access_token').selectAll().where('hash', '=', hash).executeTakeFirst()
}

export async function touchToken(db: Db, id: string, at: Date): Promise<void> {
  await tables(db).updateTable('access_token').set({ last_used_at: at }).where('id', '=', id).execute()
}

/** The token that was revoked, undefined when there was none in force. */
export function revokeTokenRow(trx: Trx, id: string, at: Date): Promise<TokenRow | undefined> {
  return tables(trx)
    .updateTable('access_token')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
}

export function listTokenRows(db: Db, limit: number, before?: string): Promise<TokenRow[]> {
  let query = tables(db)
    .selectFrom('access_token')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (before !== undefined) query = query.where('id', '<', before)
  return query.execute()
}

export async function insertKey(trx: Trx, row: KeyRow): Promise<void> {
  await tables(trx).insertInto('gateway_key').values(row).execute()
}

/** The key that was revoked, undefined when there was none in force. Its hash is remembered for the gateways. */
export async function revokeKeyRow(trx: Trx, id: string, at: Date): Promise<KeyRow | undefined> {
  const row = await tables(trx)
    .updateTable('gateway_key')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
  if (row !== undefined) {
    await tables(trx)
      .insertInto('revoked_key')
      .values({ hash: row.hash, revoked_at: at })
      .onConflict((oc) => oc.doNothing())
      .execute()
  }
  return row
}

/** Keys of people and scripts, newest first; keys of playground sessions are left out. */
export function listKeyRows(db: Db, limit: number, before?: string): Promise<KeyRow[]> {
  let query = tables(db)
    .selectFrom('gateway_key')
    .selectAll()
    .where('session', '=', false)
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (before !== undefined) query = query.where('id', '<', before)
  return query.execute()
}

/** Every key in force. */
export function keysInForce(db: Db | Trx, now: Date): Promise<KeyRow[]> {
  return tables(db)
    .selectFrom('gateway_key')
    .selectAll()
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    .orderBy('id')
    .execute()
}

export async function revokedHashes(db: Db | Trx, since: Date): Promise<string[]> {
  const rows = await tables(db).selectFrom('revoked_key').select('hash').where('revoked_at', '>', since).execute()
  return rows.map((row) => row.hash)
}

/** Deletes expired keys of sessions, so that playgrounds leave nothing behind. */
export async function deleteExpiredSessionKeys(db: Db | Trx, now: Date): Promise<void> {
  await tables(db).deleteFrom('gateway_key').where('session', '=', true).where('expires_at', '<', now).execute()
}

export async function touchKeys(trx: Trx, uses: ReadonlyMap<string, Date>): Promise<void> {
  for (const [id, at] of uses) {
    await tables(trx)
      .updateTable('gateway_key')
      .set({ last_used_at: at })
      .where('id', '=', id)
      .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', at)]))
      .execute()
  }
}

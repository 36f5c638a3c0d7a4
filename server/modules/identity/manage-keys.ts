import { channels, type Key } from '../../../contract/index.ts'
import { type Clock, type NewId, notFound } from '../../../kernel/index.ts'
import type { Actor } from '../../platform/actor.ts'
import type { WriteAudit } from '../../platform/audit.ts'
import type { Database } from '../../platform/db/index.ts'
import { decodeCursor, type Page, toPage } from '../../platform/page.ts'
import { assertFuture } from './manage-tokens.ts'
import { hashSecret, newSecret, prefixOf } from './secret-text.ts'
import { deleteExpiredSessionKeys, insertKey, type KeyRow, listKeyRows, revokeKeyRow } from './store.ts'

type Deps = { database: Database; clock: Clock; newId: NewId; audit: WriteAudit }

const sessionKeyMs = 15 * 60_000

export type CreateKeyInput = {
  name: string
  projectId: string
  /** Route names; undefined: every route the project sees. */
  models?: string[]
  expiresAt?: Date
}

/** Makes a gateway key; its value is returned once and never stored. Gateways know it within two seconds. */
export async function createKey(
  deps: Deps,
  actor: Actor,
  input: CreateKeyInput,
): Promise<{ key: string; record: Key }> {
  assertFuture(deps.clock, input.expiresAt)
  return storeKey(deps, actor, input, false)
}

/** A key for one playground session: 15 minutes, not listed, not audited as a change. */
export async function createSessionKey(
  deps: Deps,
  actor: Actor,
  projectId: string,
): Promise<{ key: string; record: Key }> {
  await deleteExpiredSessionKeys(deps.database.db, deps.clock.date())
  return storeKey(
    deps,
    actor,
    { name: `Playground of ${actor.name}`, projectId, expiresAt: new Date(deps.clock.now() + sessionKeyMs) },
    true,
  )
}

async function storeKey(deps: Deps, actor: Actor, input: CreateKeyInput, session: boolean) {
  const key = newSecret('mhk_')
  const row: KeyRow = {
    id: deps.newId('key'),
    project_id: input.projectId,
    name: input.name,
    prefix: prefixOf(key),
    hash: hashSecret(key),
    models: input.models ?? null,
    session,
    created_by: actor.name,
    created_at: deps.clock.date(),
    expires_at: input.expiresAt ?? null,
    revoked_at: null,
    last_used_at: null,
  }
  await deps.database.transaction(async (trx) => {
    await insertKey(trx, row)
    await deps.database.notify(trx, channels.serving, 'key')
    if (session) return
    await deps.audit(trx, {
      actor,
      action: 'key.create',
      object: { type: 'key', id: row.id, name: row.name },
      projectId: row.project_id,
      after: { prefix: row.prefix, models: row.models, expiresAt: row.expires_at },
    })
  })
  return { key, record: toKey(row) }
}

export async function listKeys(deps: Deps, input: { limit: number; cursor?: string }): Promise<Page<Key>> {
  const before = input.cursor === undefined ? undefined : decodeCursor(input.cursor, ['text'])[0]
  const rows = await listKeyRows(deps.database.db, input.limit, before)
  return toPage(rows, input.limit, toKey, (row) => [row.id])
}

/** Throws `not_found` when there is no such key in force. */
export async function revokeKey(deps: Deps, actor: Actor, id: string): Promise<void> {
  await deps.database.transaction(async (trx) => {
    const row = await revokeKeyRow(trx, id, deps.clock.date())
    if (row === undefined)
      throw notFound('key_not_found', 'There is no such key in force.', 'List the keys with `modelhub keys ls`.')
    await deps.database.notify(trx, channels.serving, 'key')
    await deps.audit(trx, {
      actor,
      action: 'key.revoke',
      object: { type: 'key', id, name: row.name },
      projectId: row.project_id,
    })
  })
}

function toKey(row: KeyRow): Key {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    projectId: row.project_id,
    models: row.models,
    session: row.session,
    expiresAt: row.expires_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
  }
}

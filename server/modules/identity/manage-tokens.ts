import type { Token } from '../../../contract/index.ts'
import { type Clock, invalid, type NewId, notFound } from '../../../kernel/index.ts'
import type { Actor } from '../../platform/actor.ts'
import type { WriteAudit } from '../../platform/audit.ts'
import type { Database, Trx } from '../../platform/db/index.ts'
import { decodeCursor, type Page, toPage } from '../../platform/page.ts'
import { hashSecret, newSecret, prefixOf } from './secret-text.ts'
import { insertToken, listTokenRows, revokeTokenRow, type TokenRow } from './store.ts'

type Deps = { database: Database; clock: Clock; newId: NewId; audit: WriteAudit }

/** Makes an access token of the control API; its value is returned once and never stored. */
export async function createToken(
  deps: Deps,
  actor: Actor,
  input: { name: string; roles: string[]; expiresAt?: Date; userId?: string },
  trx?: Trx,
): Promise<{ token: string; record: Token }> {
  assertFuture(deps.clock, input.expiresAt)
  const token = newSecret('hf_')
  const row: TokenRow = {
    id: deps.newId('token'),
    user_id: input.userId ?? null,
    name: input.name,
    prefix: prefixOf(token),
    hash: hashSecret(token),
    roles: input.roles,
    created_by: actor.name,
    created_at: deps.clock.date(),
    expires_at: input.expiresAt ?? null,
    revoked_at: null,
    last_used_at: null,
  }
  const write = async (inner: Trx) => {
    await insertToken(inner, row)
    await deps.audit(inner, {
      actor,
      action: 'token.create',
      object: { type: 'token', id: row.id, name: row.name },
      after: { prefix: row.prefix, roles: row.roles, expiresAt: row.expires_at },
    })
  }
  await (trx === undefined ? deps.database.transaction(write) : write(trx))
  return { token, record: toToken(row) }
}

export async function listTokens(deps: Deps, input: { limit: number; cursor?: string }): Promise<Page<Token>> {
  const before = input.cursor === undefined ? undefined : decodeCursor(input.cursor, ['text'])[0]
  const rows = await listTokenRows(deps.database.db, input.limit, before)
  return toPage(rows, input.limit, toToken, (row) => [row.id])
}

/** Throws `not_found` when there is no such token in force. */
export async function revokeToken(deps: Deps, actor: Actor, id: string): Promise<void> {
  await deps.database.transaction(async (trx) => {
    const row = await revokeTokenRow(trx, id, deps.clock.date())
    if (row === undefined) throw notFound('token_not_found', 'There is no such token in force.', 'List the tokens.')
    await deps.audit(trx, { actor, action: 'token.revoke', object: { type: 'token', id, name: row.name } })
  })
}

export function assertFuture(clock: Clock, at: Date | undefined): void {
  if (at !== undefined && at <= clock.date()) {
    throw invalid('expiry_in_the_past', 'The expiry lies in the past.', 'Choose a later instant, or leave it out.')
  }
}

function toToken(row: TokenRow): Token {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    roles: row.roles,
    expiresAt: row.expires_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
  }
}

import { timingSafeEqual } from 'node:crypto'
import { type Permission, permissions, type Role, rolePermissions, type Viewer } from '../../../contract/index.ts'
import { type Clock, unauthenticated } from '../../../kernel/index.ts'
import type { Actor } from '../../platform/actor.ts'
import type { Database, Db } from '../../platform/db/index.ts'
import type { CallerCache } from './caller-cache.ts'
import { hashSecret } from './secret-text.ts'
import type { Sessions } from './sessions.ts'
import { findTokenByHash, findUser, rolesOf, touchToken } from './store.ts'

type Deps = {
  database: Database
  clock: Clock
  sessions: Sessions
  callers: CallerCache
  adminToken: string | undefined
}

export type Caller = { actor: Actor; viewer: Viewer; by: 'token' | 'cookie' }

const touchEveryMs = 60_000

/**
 * Who calls: by `Authorization: Bearer` (an access token or the bootstrap token) or by the session cookie. Null when the request
 * carries neither. Throws `unauthenticated` when a token is given that does not count.
 */
export async function authenticate(deps: Deps, headers: Headers, requestId: string): Promise<Caller | null> {
  const credential = headers.get('authorization') ?? headers.get('cookie')
  if (credential === null) return null
  const digest = hashSecret(credential)
  const known = deps.callers.find(digest)
  if (known !== undefined) return { ...known, actor: { ...known.actor, requestId } }
  const found = await identify(deps, headers, requestId)
  if (found !== null) deps.callers.keep(digest, found, found.expiresAt)
  return found
}

async function identify(
  deps: Deps,
  headers: Headers,
  requestId: string,
): Promise<(Caller & { expiresAt?: Date }) | null> {
  const header = headers.get('authorization')
  if (header !== null) {
    const token = /^bearer\s+(\S+)$/i.exec(header)?.[1]
    if (token === undefined) throw refused('The Authorization header is not "Bearer <token>".')
    return byToken(deps, token, requestId)
  }
  const session = await deps.sessions.read(headers)
  if (session === null) return null
  const user = await findUser(deps.database.db, session.userId)
  if (user === undefined) return null
  const roles = await rolesOf(deps.database.db, user.id)
  return caller({ type: 'user', id: user.id, name: user.name, email: user.email, roles, by: 'cookie', requestId })
}

async function byToken(deps: Deps, token: string, requestId: string): Promise<Caller & { expiresAt?: Date }> {
  if (deps.adminToken !== undefined && sameText(token, deps.adminToken)) {
    return caller({
      type: 'token',
      id: 'tok_bootstrap',
      name: 'Bootstrap token',
      email: null,
      roles: ['admin'],
      by: 'token',
      requestId,
    })
  }
  const row = await findTokenByHash(deps.database.db, hashSecret(token))
  const now = deps.clock.date()
  if (row === undefined) throw refused('The access token is not known here.')
  if (row.revoked_at !== null) throw refused('The access token was revoked.')
  if (row.expires_at !== null && row.expires_at <= now) throw refused('The access token has expired.')
  if (row.last_used_at === null || now.getTime() - row.last_used_at.getTime() > touchEveryMs) {
    await touchToken(deps.database.db, row.id, now)
  }
  return {
    ...caller({ type: 'token', id: row.id, name: row.name, email: null, roles: row.roles, by: 'token', requestId }),
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
  }
}

function caller(of: {
  type: 'user' | 'token'
  id: string
  name: string
  email: string | null
  roles: string[]
  by: 'token' | 'cookie'
  requestId: string
}): Caller {
  const granted = new Set<Permission>(['public', 'signed_in'])
  for (const role of of.roles) {
    if (!Object.hasOwn(rolePermissions, role)) continue
    for (const permission of rolePermissions[role as Role]) granted.add(permission)
  }
  return {
    by: of.by,
    actor: { type: of.type, id: of.id, name: of.name, permissions: granted, requestId: of.requestId },
    viewer: {
      id: of.id,
      type: of.type,
      name: of.name,
      email: of.email,
      roles: of.roles,
      permissions: permissions.filter((permission) => granted.has(permission)),
    },
  }
}

/** Who a signed-in person is to the interface. */
export async function viewerOf(db: Db, userId: string): Promise<Viewer> {
  const user = await findUser(db, userId)
  if (user === undefined) throw refused('The person is not known here any more.')
  const roles = await rolesOf(db, user.id)
  return caller({ type: 'user', id: user.id, name: user.name, email: user.email, roles, by: 'cookie', requestId: '' })
    .viewer
}

function refused(message: string) {
  return unauthenticated('token_invalid', message, 'Use a valid access token, or sign in.')
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(hashSecret(a))
  return timingSafeEqual(left, Buffer.from(hashSecret(b)))
}

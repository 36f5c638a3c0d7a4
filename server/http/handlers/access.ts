import type { Viewer } from '../../../contract/index.ts'
import { steadyClock, unauthenticated } from '../../../kernel/index.ts'
import {
  completeSetup,
  createKey,
  createSessionKey,
  createToken,
  listKeys,
  listTokens,
  listUsers,
  revokeKey,
  revokeToken,
  setupNeeded,
  viewerOf,
} from '../../modules/identity/index.ts'
import { adoptStarter } from '../../modules/lifecycle/index.ts'
import { listProjects, resolveProject } from '../../modules/projects/index.ts'
import { createAttemptLimit } from '../attempt-limit.ts'
import type { Handlers } from '../call.ts'
import { withCursor } from '../cursor.ts'
import type { HandlerDeps } from './deps.ts'

type Ids =
  | 'getSetup'
  | 'completeSetup'
  | 'getSession'
  | 'signIn'
  | 'signOut'
  | 'listKeys'
  | 'createKey'
  | 'createSessionKey'
  | 'revokeKey'
  | 'listTokens'
  | 'createToken'
  | 'revokeToken'
  | 'listProjects'
  | 'listUsers'

export function accessHandlers({ lifecycle, sessions, callers, gatewaysTold }: HandlerDeps): Pick<Handlers, Ids> {
  const { database } = lifecycle
  const attempts = createAttemptLimit(steadyClock, { limit: 10, windowMs: 60_000 })

  const enter = async (
    email: string,
    password: string,
    headers: Headers,
  ): Promise<{ viewer: Viewer; setCookie: string[] }> => {
    attempts.take(email.toLowerCase())
    const session = await sessions.signIn(email.toLowerCase(), password, headers)
    if (session === null) {
      throw unauthenticated('sign_in_failed', 'E-mail and password do not fit.', 'Check both, capital letters too.')
    }
    attempts.forget(email.toLowerCase())
    return { viewer: await viewerOf(database.db, session.userId), setCookie: session.setCookie }
  }

  return {
    getSetup: async () => ({ needed: await setupNeeded({ database }) }),
    completeSetup: async ({ body }, { headers, requestId, setCookies }) => {
      attempts.take('setup')
      const { userId } = await completeSetup(lifecycle, body, requestId)
      await adoptStarter(lifecycle, { type: 'user', id: userId, name: body.name, permissions: new Set(), requestId })
      const { viewer, setCookie } = await enter(body.email, body.password, headers)
      setCookies(setCookie)
      return { viewer }
    },
    getSession: (_input, { caller }) => Promise.resolve({ viewer: caller?.viewer ?? null }),
    signIn: async ({ body }, { headers, setCookies }) => {
      const { viewer, setCookie } = await enter(body.email, body.password, headers)
      setCookies(setCookie)
      return { viewer }
    },
    signOut: async (_input, { headers, setCookies }) => {
      const { setCookie } = await sessions.signOut(headers)
      callers.clear()
      setCookies(setCookie)
    },
    listKeys: ({ query }) => listKeys(lifecycle, withCursor(query)),
    createKey: async ({ body }, { actor }) => {
      const project = await resolveProject(database.db, body.project)
      const { key, record } = await createKey(lifecycle, actor, {
        name: body.name,
        projectId: project.id,
        ...(body.models === undefined ? {} : { models: body.models }),
        ...(body.expiresAt === undefined ? {} : { expiresAt: new Date(body.expiresAt) }),
      })
      await gatewaysTold()
      return { id: record.id, key, record }
    },
    createSessionKey: async (_input, { actor }) => {
      const project = await resolveProject(database.db, undefined)
      const { key, record } = await createSessionKey(lifecycle, actor, project.id)
      await gatewaysTold()
      return { id: record.id, key, record }
    },
    revokeKey: async ({ params }, { actor }) => {
      await revokeKey(lifecycle, actor, params.id)
      await gatewaysTold()
    },
    listTokens: ({ query }) => listTokens(lifecycle, withCursor(query)),
    createToken: async ({ body }, { actor, caller }) => {
      const { token, record } = await createToken(lifecycle, actor, {
        name: body.name,
        // A token can do what its maker can, never more.
        roles: caller?.viewer.roles ?? [],
        ...(body.expiresAt === undefined ? {} : { expiresAt: new Date(body.expiresAt) }),
        ...(actor.type === 'user' ? { userId: actor.id } : {}),
      })
      return { id: record.id, token, record }
    },
    revokeToken: async ({ params }, { actor }) => {
      await revokeToken(lifecycle, actor, params.id)
      callers.clear()
    },
    listProjects: ({ query }) => listProjects(database.db, withCursor(query)),
    listUsers: ({ query }) => listUsers({ database }, withCursor(query)),
  }
}

import type { Context, Hono } from 'hono'
import { invalid } from '../../../kernel/index.ts'
import { findPullable, type Repo } from '../../modules/distribution/index.ts'
import { authenticate, type Caller } from '../../modules/identity/index.ts'
import { assertSameOrigin } from '../authorize.ts'
import { cutOf } from '../byte-stream.ts'
import type { AppEnv, HttpDeps } from '../deps.ts'
import { problemOf } from '../problem.ts'
import { refusal, refusalOf, refused } from './answers.ts'
import type { DoorCall, DoorDeps } from './context.ts'
import { answerFile } from './file.ts'
import { answerPaths, answerTree } from './listing.ts'
import { answerCommits, answerInfo, answerList, answerRefs } from './models.ts'
import { type Asked, readPath } from './path.ts'

export type { DoorDeps } from './context.ts'

type Deps = Pick<HttpDeps, 'authentication' | 'log' | 'publicOrigin'> & { door: DoorDeps }

/**
 * The door for Hugging Face clients: the read API of the Hub under `/hf`, over versions that may be pulled. It never offers Xet: a
 * client that is told of it asks for nothing else.
 */
export function mountHuggingFace(app: Hono<AppEnv>, deps: Deps): void {
  const answer = async (c: Context<AppEnv>) => {
    try {
      return await serve(c, deps)
    } catch (error) {
      if (c.req.raw.signal.aborted) return new Response(null, { status: 499 })
      const problem = problemOf(error, c.get('requestId'), deps.log)
      return refusalOf(problem)
    }
  }
  app.all('/hf', answer)
  app.all('/hf/*', answer)
}

async function serve(c: Context<AppEnv>, deps: Deps): Promise<Response> {
  const { door } = deps
  const request = c.req.raw
  const url = new URL(request.url)
  const asked = readPath(url.pathname.slice('/hf/'.length))
  const caller = await authenticate(deps.authentication, request.headers, c.get('requestId'))
  const call: DoorCall = {
    method: request.method,
    url,
    headers: request.headers,
    puller: pullerOf(caller, door.anonymous, c.get('requestId')),
    signal: request.signal,
    cut: cutOf(c),
  }
  if (asked === null) return refusal(404, null, 'The hub has nothing at this address.')
  const allowed = asked.is === 'paths' ? ['POST'] : ['GET', 'HEAD']
  if (!allowed.includes(request.method)) {
    return refusal(405, null, 'The door only gives; it takes nothing.', { allow: allowed.join(', ') })
  }
  if (caller?.by === 'cookie' && asked.is === 'paths') assertSameOrigin(request.headers, deps.publicOrigin)
  if (asked.is === 'whoami') return whoAmI(caller)
  if (asked.is === 'list') {
    if (call.puller.anonymous && !door.anonymous) return refusal(401, null, 'An access token of this hub is needed.')
    return answerList(door, call)
  }
  const revision = 'revision' in asked ? asked.revision : 'main'
  const found = await findPullable(door.database.db, asked.repo, revision, call.puller)
  if (found.kind !== 'repo') {
    return refused(found, { anonymous: call.puller.anonymous, publicUrl: door.publicUrl, revision })
  }
  return answerOf(door, call, asked, found.repo, request)
}

function answerOf(
  door: DoorDeps,
  call: DoorCall,
  asked: Exclude<Asked, { is: 'whoami' | 'list' }>,
  repo: Repo,
  request: Request,
): Promise<Response> | Response {
  switch (asked.is) {
    case 'info':
      return answerInfo(door, call, repo)
    case 'tree':
      return answerTree(door, call, repo, asked.path)
    case 'paths':
      return answerPaths(door, call, repo, request)
    case 'refs':
      return answerRefs(door, call, repo)
    case 'commits':
      return answerCommits(door, call, repo)
    case 'access':
      return Response.json({ status: 'ok' })
    case 'file':
      return answerFile(door, call, repo, asked)
    default:
      throw invalid('unknown_request', 'The hub does not know this request.')
  }
}

function pullerOf(caller: Caller | null, open: boolean, requestId: string): DoorCall['puller'] {
  if (caller !== null) return { actor: caller.actor, anonymous: false }
  return {
    anonymous: true,
    actor: {
      type: 'user',
      id: 'anonymous',
      name: 'Somebody not signed in',
      permissions: new Set(open ? ['public', 'model.read'] : ['public']),
      requestId,
    },
  }
}

function whoAmI(caller: Caller | null): Response {
  if (caller === null) return refusal(401, null, 'Invalid username or password.')
  const { id, name, email } = caller.viewer
  const role = caller.actor.permissions.has('model.write') ? 'write' : 'read'
  return Response.json({
    type: 'user',
    id,
    name,
    fullname: name,
    ...(email === null ? {} : { email, emailVerified: false }),
    isPro: false,
    canPay: false,
    orgs: [],
    auth:
      caller.by === 'cookie'
        ? { type: 'cookie' }
        : { type: 'access_token', accessToken: { displayName: name, role, createdAt: null } },
  })
}

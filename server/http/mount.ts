import type { Context, Hono } from 'hono'
import * as z from 'zod'
import { type RouteDefinition, type RouteId, routes } from '../../contract/index.ts'
import { authenticate, type Caller } from '../modules/identity/index.ts'
import type { Actor } from '../platform/actor.ts'
import { assertSameOrigin, authorize } from './authorize.ts'
import type { Call, FileAnswer, Handlers } from './call.ts'
import type { AppEnv, HttpDeps } from './deps.ts'
import { eventStream } from './event-stream.ts'
import { fileAnswer } from './file-answer.ts'
import { always, type Once, withIdempotency } from './idempotency.ts'
import { apiBase } from './openapi.ts'
import { readJsonBody, readUpload } from './read-body.ts'

const nobody: Actor = {
  type: 'user',
  id: 'anonymous',
  name: 'Somebody not signed in',
  permissions: new Set(['public']),
}

/** Mounts every operation of the contract: authentication, permission, parsing, answer. No business rules here. */
export function mountRoutes(app: Hono<AppEnv>, handlers: Handlers, deps: HttpDeps): void {
  // Fixed paths before parameters: /keys/session must not be taken for a key's id.
  const entries = Object.entries(routes).sort(
    ([, a], [, b]) => Number(a.path.includes('{')) - Number(b.path.includes('{')),
  )
  for (const [id, definition] of entries) {
    const path = apiBase + definition.path.replaceAll(/\{(\w+)\}/g, ':$1')
    const handler = handlers[id as RouteId] as unknown as AnyHandler
    app.on(definition.method.toUpperCase(), path, (c) => serve(c, id, definition, handler, deps))
  }
}

type AnyHandler = (input: { params: unknown; query: unknown; body: unknown }, call: Call) => Promise<unknown>

async function serve(
  c: Context<AppEnv>,
  id: string,
  definition: RouteDefinition,
  handler: AnyHandler,
  deps: HttpDeps,
): Promise<Response> {
  const requestId = c.get('requestId')
  const headers = c.req.raw.headers
  const caller = await authenticate(deps.authentication, headers, requestId)
  if (caller?.by === 'cookie' && definition.method !== 'get') assertSameOrigin(headers, deps.publicOrigin)
  if (definition.permission === 'public' && definition.method !== 'get') assertSameOrigin(headers, deps.publicOrigin)
  authorize(caller, definition.permission)
  assertDisk(definition, deps)
  const input = {
    params: definition.params?.parse(c.req.param()),
    query: parseQuery(c, definition),
    body:
      definition.upload === undefined
        ? definition.body?.parse(await readJsonBody(c.req.raw, definition.maxBodyBytes))
        : readUpload(c.req.raw, definition.upload),
  }
  const cookies: string[] = []
  const call: Call = {
    actor: caller?.actor ?? { ...nobody, requestId },
    caller,
    headers,
    requestId,
    once: always,
    signal: c.req.raw.signal,
    setCookies: (more) => cookies.push(...more),
  }
  if (definition.stream === 'events') {
    const events = (await handler(input, call)) as AsyncIterable<{ seq: number }>
    return eventStream(events, requestId)
  }
  if (definition.stream === 'file') {
    return fileAnswer(c, definition.media, (await handler(input, call)) as FileAnswer)
  }
  const run = async (once: Once) => ({ status: definition.status, answer: await handler(input, { ...call, once }) })
  const { status, answer } = await idempotent(c, definition, deps, id, caller, input.body, run)
  const response =
    definition.response === undefined ? new Response(null, { status }) : Response.json(answer, { status })
  for (const cookie of cookies) response.headers.append('set-cookie', cookie)
  return response
}

/** What makes something new is refused before the last of a disk is used; what revokes, cancels or deletes is always tried. */
function assertDisk(definition: RouteDefinition, deps: HttpDeps): void {
  const makes = definition.idempotent === true || definition.status === 201 || definition.upload !== undefined
  const problem = makes ? deps.system.diskProblem?.() : null
  if (problem != null) throw problem
}

type Result = { status: number; answer: unknown }

function idempotent(
  c: Context<AppEnv>,
  definition: RouteDefinition,
  deps: HttpDeps,
  operation: string,
  caller: Caller | null,
  body: unknown,
  run: (once: Once) => Promise<Result>,
): Promise<Result> {
  const key = c.req.header('idempotency-key')
  if (definition.idempotent !== true || key === undefined || caller === null) return run(always)
  return withIdempotency(deps, { actorId: caller.actor.id, key, operation, body }, run)
}

function parseQuery(c: Context<AppEnv>, definition: RouteDefinition): unknown {
  if (definition.query === undefined) return undefined
  const given = Object.fromEntries(
    Object.entries(c.req.queries()).map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  )
  return z.strictObject(definition.query.shape).parse(given)
}

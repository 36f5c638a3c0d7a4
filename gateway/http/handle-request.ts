import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Clock, HubError, internal, messageOf, type NewId, notFound, upstream } from '../../kernel/index.ts'
import type { Log } from '../log.ts'
import { sendError } from '../openai-error.ts'
import type { Authenticate } from '../routing/authenticate.ts'
import type { Spool } from '../usage/spool.ts'
import { type CompleteDeps, complete } from './complete.ts'
import { readHealth } from './health.ts'
import { listModels, showModel } from './models.ts'
import { CallerGone } from './read-body.ts'
import { openRecord } from './request-record.ts'

export type HandleDeps = CompleteDeps & {
  authenticate: Authenticate
  spool: Spool
  clock: Clock
  newId: NewId
  log: Log
  draining: () => boolean
}

const completions = new Set(['/v1/chat/completions', '/v1/completions', '/v1/embeddings'])

// Any origin may call: a bearer key is the only credential, and browsers never add one by themselves.
const corsHeaders = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'x-modelhub-route, x-modelhub-target, x-modelhub-decision, x-modelhub-request-id, retry-after',
}
const preflightHeaders = {
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'authorization, content-type, openai-beta, x-request-id',
  'access-control-max-age': '86400',
  'content-length': '0',
}

/** Answers one request of the gateway's port. Never throws. */
export async function handleRequest(deps: HandleDeps, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const path = pathOf(req.url ?? '/')
  if (deps.draining()) res.setHeader('connection', 'close')
  if (req.method === 'GET' && path === '/healthz') {
    const health = readHealth(deps.held, deps.spool)
    return sendJson(res, health, health.status === 'starting' ? 503 : 200)
  }
  if (req.method === 'GET' && path === '/metrics') {
    const { registry } = deps.metrics
    res.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics())
    return
  }
  for (const [name, value] of Object.entries(corsHeaders)) res.setHeader(name, value)
  if (req.method === 'OPTIONS') {
    res.writeHead(204, preflightHeaders).end()
    return
  }
  const requestId = callersId(req) ?? deps.newId('request')
  res.setHeader('x-modelhub-request-id', requestId)
  await serveApi(deps, req, res, path, requestId)
}

async function serveApi(
  deps: HandleDeps,
  req: IncomingMessage,
  res: ServerResponse,
  path: string,
  requestId: string,
): Promise<void> {
  const startedAt = performance.now()
  const snapshot = deps.held.current()
  if (snapshot === undefined) return void sendError(res, noSnapshot())
  const key = deps.authenticate(req.headers.authorization, snapshot)
  if (key instanceof HubError) {
    deps.metrics.unauthenticated.inc()
    return void sendError(res, key)
  }
  const decisionId = deps.newId('decision')
  const record = openRecord({ key, requestId, decisionId, endpoint: path, startedAt }, deps)
  try {
    if (req.method === 'POST' && completions.has(path)) {
      return await complete(deps, { key, snapshot, record }, path, req, res)
    }
    if (req.method !== 'GET') throw unknownEndpoint(req.method ?? '', path)
    if (path === '/v1/models') sendJson(res, listModels(key, snapshot), 200)
    else if (path.startsWith('/v1/models/')) sendJson(res, showModel(nameOf(path), key, snapshot), 200)
    else throw unknownEndpoint(req.method, path)
    record.finish('ok', 200)
  } catch (error) {
    if (error instanceof CallerGone) record.finish('client_closed', 499)
    else record.finish('refused', refuse(deps, res, requestId, error))
  }
}

function refuse(deps: HandleDeps, res: ServerResponse, requestId: string, error: unknown): number {
  if (error instanceof HubError) return sendError(res, error)
  deps.log.error({ requestId, reason: messageOf(error), err: error }, 'request failed')
  if (res.headersSent) {
    res.destroy()
    return res.statusCode
  }
  return sendError(
    res,
    internal('internal', 'The gateway failed on this request.', `Its log has more under ${requestId}.`),
  )
}

function sendJson(res: ServerResponse, value: object, status: number): void {
  const body = JSON.stringify(value)
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  res.end(body)
}

function callersId(req: IncomingMessage): string | undefined {
  const id = req.headers['x-request-id']
  return typeof id === 'string' && /^[\w.:-]{1,128}$/.test(id) ? id : undefined
}

/** The path of a request target, also of one in absolute form (RFC 9112 §3.2.2), which every server must accept. */
function pathOf(target: string): string {
  const origin = target.startsWith('/') ? undefined : /^https?:\/\/[^/?#]*/i.exec(target)?.[0]
  const [path = ''] = target.slice(origin?.length ?? 0).split('?', 1)
  return path === '' ? '/' : path
}

function nameOf(path: string): string {
  const name = path.slice('/v1/models/'.length)
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

const unknownEndpoint = (method: string, path: string) =>
  notFound(
    'unknown_endpoint',
    `The gateway does not answer ${method} ${path.slice(0, 100)}.`,
    'It answers GET /v1/models, POST /v1/chat/completions, /v1/completions and, for models of providers, /v1/embeddings.',
  )

const noSnapshot = () =>
  upstream(
    'no_snapshot',
    'The gateway is waiting for its first snapshot from the control plane.',
    'Try again in a moment.',
    { details: { status: 503, retryAfter: 1 } },
  )

import { Hono } from 'hono'
import { notFound, randomText } from '../../kernel/index.ts'
import type { Log } from '../platform/log.ts'
import type { Handlers } from './call.ts'
import type { AppEnv, HttpDeps } from './deps.ts'
import { mountHuggingFace } from './hugging-face/index.ts'
import { mountInternal } from './internal.ts'
import { mountRoutes } from './mount.ts'
import { noSuchPath } from './no-such-path.ts'
import { problemOf } from './problem.ts'
import { securityHeaders } from './security-headers.ts'
import { mountSystem } from './system.ts'
import { mountWeb } from './web.ts'

/** The HTTP surface of the control plane. */
export function createApp(handlers: Handlers, deps: HttpDeps): Hono<AppEnv> {
  const app = new Hono<AppEnv>()
  app.use(async (c, next) => {
    const given = c.req.header('x-request-id')
    const requestId = given !== undefined && /^[\w.:-]{1,100}$/.test(given) ? given : `req_${randomText(20)}`
    c.set('requestId', requestId)
    const started = performance.now()
    await next()
    // The router answers HEAD as GET and drops the content: nobody would ever end a file or an event stream behind it.
    if (c.req.method === 'HEAD') await c.res.body?.cancel()
    c.header('x-request-id', requestId)
    deps.system.observe(c.req.method, c.res.status, performance.now() - started)
  })
  app.use(securityHeaders(deps.connectOrigins))
  app.onError((error, c) => problemResponse(error, c.get('requestId'), deps.log))
  const missing = deps.serves === 'system' ? () => workerHasNoApi : noSuchPath
  app.notFound((c) => problemResponse(missing(c.req.method, c.req.path), c.get('requestId'), deps.log))
  mountSystem(app, deps.system)
  if (deps.serves === 'system') return app
  mountInternal(app, deps.internal)
  mountRoutes(app, handlers, deps)
  if (deps.door !== undefined) mountHuggingFace(app, { ...deps, door: deps.door })
  mountWeb(app, deps.webFolder)
  return app
}

const workerHasNoApi = notFound(
  'worker_has_no_api',
  'This process is a worker: it runs jobs and answers /healthz, /readyz and /metrics.',
  'Ask a process of the role api or all.',
)

function problemResponse(error: unknown, requestId: string, log: Log): Response {
  const problem = problemOf(error, requestId, log)
  const { retryAfter, allow } = problem.details ?? {}
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-request-id': requestId,
      ...(typeof retryAfter === 'number' ? { 'retry-after': String(retryAfter) } : {}),
      ...(Array.isArray(allow) ? { allow: allow.join(', ') } : {}),
    },
  })
}

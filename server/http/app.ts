import { Hono } from 'hono'
import { notFound, randomText } from '../../kernel/index.ts'
import type { Log } from '../platform/log.ts'
import type { Handlers } from './call.ts'
import type { AppEnv, HttpDeps } from './deps.ts'
import { mountInternal } from './internal.ts'
import { mountRoutes } from './mount.ts'
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
    c.header('x-request-id', requestId)
    deps.system.observe(c.req.method, c.res.status, performance.now() - started)
  })
  app.use(securityHeaders(deps.connectOrigins))
  app.onError((error, c) => problemResponse(error, c.get('requestId'), deps.log))
  app.notFound((c) =>
    problemResponse(
      notFound('no_such_path', `There is nothing at ${c.req.method} ${c.req.path}.`, 'See /docs for the operations.'),
      c.get('requestId'),
      deps.log,
    ),
  )
  mountSystem(app, deps.system)
  mountInternal(app, deps.internal)
  mountRoutes(app, handlers, deps)
  mountWeb(app, deps.webFolder)
  return app
}

function problemResponse(error: unknown, requestId: string, log: Log): Response {
  const problem = problemOf(error, requestId, log)
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', 'x-request-id': requestId },
  })
}

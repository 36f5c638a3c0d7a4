import type { Hono } from 'hono'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import { HubError } from '../../kernel/index.ts'
import type { AppEnv, SystemDeps } from './deps.ts'
import { docsPage } from './docs-page.ts'
import { openApiDocument } from './openapi.ts'

/** The metrics of the control plane and the function that counts requests. */
export function createMetrics(): Pick<SystemDeps, 'registry' | 'observe'> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'modelhub_control_' })
  const requests = new Counter({
    name: 'modelhub_control_requests_total',
    help: 'Requests of the control API by method and status',
    labelNames: ['method', 'status'],
    registers: [registry],
  })
  const duration = new Histogram({
    name: 'modelhub_control_request_seconds',
    help: 'Duration of requests of the control API',
    labelNames: ['method'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3],
    registers: [registry],
  })
  return {
    registry,
    observe: (method, status, ms) => {
      requests.inc({ method, status: String(status) })
      duration.observe({ method }, ms / 1_000)
    },
  }
}

/** The unversioned pages: health, readiness, metrics, API description. */
export function mountSystem(app: Hono<AppEnv>, deps: SystemDeps): void {
  let document: Record<string, unknown> | undefined
  const openapi = () => (document ??= openApiDocument(deps.version))
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', async (c) => {
    try {
      await deps.ready()
      return c.json({ status: 'ready' })
    } catch (error) {
      const known = error instanceof HubError ? error : undefined
      const reason = known?.message ?? 'The database does not answer.'
      return c.json(
        { status: 'not_ready', reason, ...(known?.remedy === undefined ? {} : { remedy: known.remedy }) },
        503,
      )
    }
  })
  app.get('/metrics', async (c) =>
    c.text(await deps.registry.metrics(), 200, { 'content-type': deps.registry.contentType }),
  )
  app.get('/openapi.json', (c) => c.json(openapi()))
  app.get('/docs', (c) => c.html(docsPage(openapi())))
}

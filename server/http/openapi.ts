import { createRoute, OpenAPIHono, type RouteConfig } from '@hono/zod-openapi'
import { Problem, problemStatuses, type RouteDefinition, routes } from '../../contract/index.ts'

export const apiBase = '/api/v1'

const problemTitles: Record<number, string> = {
  400: 'Invalid',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  411: 'Without a length',
  413: 'Too large',
  415: 'Wrong content type',
  422: 'Idempotency-Key of another request',
  429: 'Too many',
  500: 'Defect',
  503: 'Not ready',
  507: 'The disk is full',
}

const problemsOf = (definition: RouteDefinition) =>
  Object.fromEntries(
    problemStatuses(definition).map((status) => [
      status,
      {
        description: problemTitles[status] ?? 'Refused',
        content: { 'application/problem+json': { schema: Problem } },
      },
    ]),
  )

const bytes = { type: 'string', format: 'binary' }

/** The OpenAPI route of one operation of the contract. */
export function routeConfig(id: string, definition: RouteDefinition): RouteConfig {
  const media = definition.stream === 'events' ? 'text/event-stream' : 'application/json'
  const good =
    definition.stream === 'file'
      ? { description: 'Done', content: { [definition.media ?? '']: { schema: bytes } } }
      : definition.response === undefined
        ? { description: 'Done' }
        : { description: 'Done', content: { [media]: { schema: definition.response } } }
  return createRoute({
    method: definition.method,
    path: definition.path,
    operationId: id,
    tags: [definition.tag],
    summary: definition.summary,
    ...(definition.description === undefined ? {} : { description: definition.description }),
    ...(definition.permission === 'public' ? { security: [] } : {}),
    'x-permission': definition.permission,
    'x-cli': definition.cli,
    request: {
      ...(definition.params === undefined ? {} : { params: definition.params }),
      ...(definition.query === undefined ? {} : { query: definition.query }),
      ...(definition.body === undefined
        ? {}
        : { body: { required: true, content: { 'application/json': { schema: definition.body } } } }),
      ...(definition.upload === undefined
        ? {}
        : { body: { required: true, content: { [definition.upload]: { schema: bytes } } } }),
    },
    responses: { [definition.status]: good, ...problemsOf(definition) },
  } as RouteConfig)
}

/** The OpenAPI 3.1 document, made from the contract alone. */
export function openApiDocument(version: string): Record<string, unknown> {
  const app = new OpenAPIHono()
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' })
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'modelhub.session_token',
  })
  for (const [id, definition] of Object.entries(routes)) app.openAPIRegistry.registerPath(routeConfig(id, definition))
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Model Hub control API',
      version,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: apiBase }],
    security: [{ bearer: [] }, { session: [] }],
  }) as unknown as Record<string, unknown>
}

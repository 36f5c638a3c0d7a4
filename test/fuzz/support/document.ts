import { readFileSync } from 'node:fs'
import type * as z from 'zod'
import { type RouteDefinition, routes } from '../../../contract/index.ts'

export type JsonSchema = {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  format?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  items?: JsonSchema
  properties?: Record<string, JsonSchema>
  required?: string[]
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
}

type DocumentOperation = {
  operationId: string
  parameters?: { name: string; in: string; schema: JsonSchema }[]
  requestBody?: { content: Record<string, { schema: JsonSchema }> }
  responses: Record<string, { content?: Record<string, unknown> }>
}

/** One operation: what the published document says of it, and its definition in the contract. */
export type Operation = {
  id: string
  method: string
  /** With `{name}` parameters, below the base path. */
  path: string
  query: readonly { name: string; schema: JsonSchema }[]
  body: JsonSchema | null
  /** Documented statuses with their media type; null without content. */
  answers: ReadonlyMap<number, string | null>
  route: RouteDefinition & { query?: z.ZodObject }
}

const document = JSON.parse(readFileSync(new URL('../../../openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, DocumentOperation>>
  components: { schemas: Record<string, JsonSchema> }
}

/** Every operation of the committed openapi.json. */
export const operations: readonly Operation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    id: operation.operationId,
    method: method.toUpperCase(),
    path,
    query: (operation.parameters ?? []).filter((parameter) => parameter.in === 'query'),
    body: operation.requestBody?.content['application/json']?.schema ?? null,
    answers: new Map(
      Object.entries(operation.responses).map(([status, { content }]) => [
        Number(status),
        Object.keys(content ?? {})[0] ?? null,
      ]),
    ),
    route: routes[operation.operationId as keyof typeof routes],
  })),
)

/** Follows a reference into the document's components. */
export function resolve(schema: JsonSchema): JsonSchema {
  const name = schema.$ref?.split('/').at(-1)
  return name === undefined ? schema : resolve(document.components.schemas[name] ?? {})
}

import type * as z from 'zod'
import type { Permission } from './permissions.ts'

export type HttpMethod = 'get' | 'post' | 'patch' | 'put' | 'delete'

export type RouteDefinition = {
  method: HttpMethod
  /** Below `/api/v1`, with `{name}` parameters. */
  path: string
  tag: string
  summary: string
  description?: string
  permission: Permission
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType
  /** Status of the good answer and its schema; no schema means no content. */
  status: 200 | 201 | 202 | 204
  response?: z.ZodType
  /** `events` answers with text/event-stream of `response`. */
  stream?: 'events'
  /** The CLI command that reaches this operation, such as `models` → `modelhub ls`. */
  cli: string
  /** True where a repeated Idempotency-Key answers with the first result. */
  idempotent?: boolean
}

/** Fixes the literal types of a route; the table is the one place that describes an operation. */
export const route = <const R extends RouteDefinition>(definition: R): R => definition

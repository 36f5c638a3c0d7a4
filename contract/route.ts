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
  /** The largest body in bytes; 1 MiB unless told. */
  maxBodyBytes?: number
  /** Media type of a body of any size that is read as it comes, instead of `body`; the request must say how long it is. */
  upload?: 'application/x-tar' | 'application/octet-stream'
  /** Statuses of problems that do not follow from the rest of the definition, see `problemStatuses`. */
  problems?: readonly (404 | 409 | 429 | 502)[]
  /** Status of the good answer and its schema; no schema means no content. */
  status: 200 | 201 | 202 | 204
  response?: z.ZodType
  /** `events` answers with text/event-stream of `response`, `file` with bytes of the type `media`. */
  stream?: 'events' | 'file'
  media?: 'application/x-tar'
  /** The CLI command that reaches this operation, such as `models` → `modelhub ls`. */
  cli: string
  /** True where a repeated Idempotency-Key answers with the first result. */
  idempotent?: boolean
}

/** Statuses of problems that the operation may answer with, in ascending order. */
export function problemStatuses(definition: RouteDefinition): number[] {
  const { method, permission, params, body, upload, idempotent, problems = [] } = definition
  const changes = method !== 'get'
  return [
    // Whatever the operation: a request that is none, a token that does not count, a defect, a database that is away.
    400,
    401,
    500,
    503,
    ...(permission !== 'public' || changes ? [403] : []),
    ...(params === undefined ? [] : [404]),
    ...(changes && permission !== 'public' ? [409] : []),
    ...(body === undefined ? [] : [413, 415]),
    ...(upload === undefined ? [] : [411, 415]),
    ...(idempotent === true ? [422] : []),
    // What changes something needs room on a disk.
    ...(changes ? [507] : []),
    ...problems,
  ].sort((a, b) => a - b)
}

/** Fixes the literal types of a route; the table is the one place that describes an operation. */
export const route = <const R extends RouteDefinition>(definition: R): R => definition

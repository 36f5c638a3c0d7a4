import * as z from 'zod'
import type { Operation } from './document.ts'
import type { Random } from './plan.ts'
import type { FuzzRequest } from './send.ts'
import { type Known, toJson, validValue } from './values.ts'

/** The administrator of the hub under attack. */
export const person = { name: 'Ada Fuzz', email: 'ada@example.org', password: 'correct horse battery staple' }

export type Credentials = {
  admin: string
  /** May read, nothing else. */
  viewer: string
  /** Has no permission. */
  nobody: string
  /** Counted once. */
  useless: readonly string[]
  /** Of a signed-in administrator. */
  cookie: string
}

export type World = Known & { credentials: Credentials; origin: string }

/** A request in its parts, so that an attack can change one of them. */
export type Draft = {
  operation: Operation
  method: string
  /** As it stands in the target; null where the path has no parameter. */
  segment: string | null
  query: [name: string, value: string][]
  headers: [string, string][]
  /** JSON before it is written out. */
  body: unknown
  /** Bytes that are sent instead of `body`. */
  bytes: Uint8Array | null
  contentType: string | null
  authorization: string | null
  /** Statuses one of which must come; null: any documented one. */
  expect: readonly number[] | null
  /** What was done to it, in words. */
  done: string[]
}

const idKinds: readonly (readonly [path: RegExp, prefix: string])[] = [
  [/^\/models\//, 'mdl'],
  [/^\/versions\//, 'ver'],
  [/^\/jobs\//, 'job'],
  [/^\/benchmarks\//, 'bmk'],
  [/^\/evaluations\//, 'evl'],
  [/^\/keys\//, 'key'],
  [/^\/tokens\//, 'tok'],
  [/^\/uploads\//, 'upl'],
  [/^\/offerings\//, 'off'],
  [/^\/credentials\//, 'crd'],
]

/** Operations that end what they name: they get objects that nothing else needs. */
export const ending = new Set([
  'deleteModel',
  'archiveVersion',
  'unpublishVersion',
  'revokeKey',
  'revokeToken',
  'cancelJob',
  'deleteCredential',
  'deleteUpload',
])

/** A request that the operation takes, about objects that are there. */
export function validDraft(operation: Operation, random: Random, world: World): Draft {
  const prefix = idKinds.find(([path]) => path.test(operation.path))?.[1] ?? 'ver'
  const id =
    world.pool.id(prefix, random, { expendable: ending.has(operation.id) }) ?? `${prefix}_00000000000000000000zz`
  const query = operation.query
    .filter(() => random.chance(0.3))
    .flatMap(({ name, schema }): [string, string][] => {
      const value =
        name === 'cursor'
          ? world.pool.cursor(operation.id, random)
          : name === 'facets' || name === 'wrong'
            ? random.pick(['true', 'false'])
            : validValue(schema, name, random, world)
      if (value === undefined) return []
      return (Array.isArray(value) ? value : [value]).map((one) => [name, encodeURIComponent(String(one))])
    })
  return {
    operation,
    method: operation.method,
    segment: operation.path.includes('{') ? encodeURIComponent(id) : null,
    query,
    headers: [],
    body:
      operation.body === null ? undefined : bounded(operation, validValue(operation.body, '', random, world), random),
    bytes: null,
    contentType: operation.body === null ? null : 'application/json',
    authorization: `Bearer ${world.credentials.admin}`,
    expect: null,
    done: [],
  }
}

/** Valid work that would keep the hub busy for hours is cut down to what a fuzz can wait for. */
function bounded(operation: Operation, body: unknown, random: Random): unknown {
  if (operation.id === 'createModel' && !random.chance(0.02)) return { ...(body as object), start: false }
  if (operation.id === 'signIn') return { email: person.email, password: person.password }
  if (operation.id === 'createBenchmark') {
    return { ...(body as object), spec: { requests: 2, warmupRequests: 0, concurrency: 1, maxTokens: 2 } }
  }
  return body
}

/** The bytes of a draft. */
export function toRequest(draft: Draft): FuzzRequest {
  const path = draft.operation.path.replaceAll(/\{\w+\}/g, draft.segment ?? '')
  const query = draft.query.map(([name, value]) => `${name}=${value}`).join('&')
  const body = draft.bytes ?? (draft.body === undefined ? null : Buffer.from(toJson(draft.body)))
  return {
    method: draft.method,
    target: `/api/v1${path}${query === '' ? '' : `?${query}`}`,
    headers: [
      ...(draft.authorization === null ? [] : ([['authorization', draft.authorization]] as const)),
      ...(draft.contentType === null || body === null ? [] : ([['content-type', draft.contentType]] as const)),
      ...draft.headers,
    ],
    body,
  }
}

/** True when the contract itself refuses what the draft sends: its query or its body. */
export function contractRefuses(draft: Draft): boolean {
  if (queryRefused(draft)) return true
  const { body: bodySchema } = draft.operation.route
  if (bodySchema === undefined || draft.bytes !== null) return false
  const text = toJson(draft.body)
  return /\\u(?:0000|d[89a-f])/i.test(text) || !takes(bodySchema, text)
}

/** False also for what is no JSON: a hostile member may end its object early. */
function takes(schema: z.ZodType, text: string): boolean {
  try {
    return schema.safeParse(JSON.parse(text)).success
  } catch {
    return false
  }
}

/** True when the contract refuses the query. */
export function queryRefused(draft: Draft): boolean {
  const { query: querySchema } = draft.operation.route
  if (querySchema !== undefined) {
    const given = new Map<string, string | string[]>()
    for (const [name, value] of new URLSearchParams(draft.query.map(([name, value]) => `${name}=${value}`).join('&'))) {
      // The router drops nameless parameters.
      if (name === '') continue
      const before = given.get(name)
      given.set(name, before === undefined ? value : [before, value].flat())
    }
    if (!z.strictObject(querySchema.shape).safeParse(Object.fromEntries(given)).success) return true
  }
  return false
}

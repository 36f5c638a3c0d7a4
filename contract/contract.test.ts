import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import {
  CreateModel,
  ListModelsQuery,
  ModelName,
  permissions,
  problemStatuses,
  type RouteDefinition,
  rolePermissions,
  routes,
  SnapshotLine,
} from './index.ts'

const table = Object.entries(routes) as [string, RouteDefinition][]

describe('the route table', () => {
  it.each(table)('%s: path, parameters and answer agree', (_id, route) => {
    const named = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    expect(Object.keys(route.params?.shape ?? {})).toEqual(named)
    expect(permissions).toContain(route.permission)
    expect(route.response === undefined).toBe(route.status === 204 || route.stream === 'file')
    expect(route.summary).toMatch(/^[A-Z].*[^.]$/)
    expect(route.cli).not.toBe('')
    if (route.method === 'get') expect(route.body).toBeUndefined()
  })

  it('has one operation per method and path', () => {
    const names = table.map(([, route]) => `${route.method} ${route.path}`)
    expect(new Set(names).size).toBe(names.length)
  })

  it('pages every list', () => {
    const lists = table.filter(([id]) => id.startsWith('list'))
    expect(lists.length).toBeGreaterThan(10)
    for (const [id, route] of lists)
      expect(Object.keys(route.query?.shape ?? {}), id).toEqual(expect.arrayContaining(['limit', 'cursor']))
  })

  it('bounds every text and every list that a request may bring', () => {
    type Schema = Partial<
      Record<'type' | 'maxLength' | 'maxItems' | 'enum' | 'const' | 'pattern' | 'format', unknown>
    > & {
      properties?: Record<string, Schema>
      items?: Schema
      anyOf?: Schema[]
      oneOf?: Schema[]
    }
    const unbounded = (schema: Schema, at: string): string[] => [
      ...(schema.type === 'string' &&
      [schema.maxLength, schema.enum, schema.const, schema.pattern, schema.format].every((bound) => bound === undefined)
        ? [at]
        : []),
      ...(schema.type === 'array' && schema.maxItems === undefined ? [`${at}[]`] : []),
      ...Object.entries(schema.properties ?? {}).flatMap(([name, member]) => unbounded(member, `${at}.${name}`)),
      ...[schema.items ?? [], schema.anyOf ?? [], schema.oneOf ?? []].flat().flatMap((one) => unbounded(one, at)),
    ]
    const found = table.flatMap(([id, route]) =>
      [route.params, route.query, route.body].flatMap((schema) =>
        schema === undefined ? [] : unbounded(z.toJSONSchema(schema, { io: 'input', reused: 'inline' }) as Schema, id),
      ),
    )
    // Words for true and false, of which only some count.
    expect(found).toEqual(['listModels.facets', 'listEvaluationItems.wrong', 'importBundle.start'])
  })

  it('documents the problems that an operation can answer with, and no others', () => {
    const of = (id: keyof typeof routes) => problemStatuses(routes[id])
    expect(of('createModel')).toEqual([400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 502, 503, 507])
    expect(of('getModel')).toEqual([400, 401, 403, 404, 500, 503])
    expect(of('getVersionInfo')).toEqual([400, 401, 500, 503])
    expect(of('signIn')).toEqual([400, 401, 403, 413, 415, 429, 500, 503, 507])
  })

  it('gives a viewer nothing that changes something', () => {
    expect(
      rolePermissions.viewer.filter((permission) => /write|publish|approve|run|cancel|admin/.test(permission)),
    ).toEqual([])
    expect([...rolePermissions.admin].sort()).toEqual([...permissions].sort())
  })
})

describe('model names', () => {
  it.each(['a', 'Llama-3.1_8B', 'acme/tiny.v2', `${'a'.repeat(96)}/${'b'.repeat(96)}`])('take %s', (name) => {
    expect(ModelName.safeParse(name).success).toBe(true)
  })
  it.each(['', '-a', 'a/', '/a', 'a/b/c', 'a b', 'ä', '../x', 'a@1', 'a'.repeat(97)])('refuse "%s"', (name) => {
    expect(ModelName.safeParse(name).success).toBe(false)
  })
})

describe('schemas', () => {
  it('fill the defaults of a registration and refuse what they do not know', () => {
    const source = { type: 'disk', path: '/models/a' }
    expect(CreateModel.parse({ name: 'a', source })).toEqual({
      name: 'a',
      source: { ...source, mode: 'in_place' },
      start: true,
    })
    expect(CreateModel.safeParse({ name: 'a', source, owner: 'me' }).success).toBe(false)
    expect(CreateModel.safeParse({ name: 'a', source: { type: 'ftp', path: '/' } }).success).toBe(false)
  })

  it('take one or many values of a filter', () => {
    expect(ListModelsQuery.parse({ state: 'draft' }).state).toEqual(['draft'])
    expect(ListModelsQuery.parse({ state: ['draft', 'verified'], facets: 'true' })).toMatchObject({
      state: ['draft', 'verified'],
      facets: true,
      limit: 50,
    })
    expect(ListModelsQuery.safeParse({ limit: '1000' }).success).toBe(false)
  })

  it('know every line of a snapshot and nothing else', () => {
    expect(SnapshotLine.safeParse({ t: 'ping', version: 1, at: 1 }).success).toBe(true)
    expect(SnapshotLine.safeParse({ t: 'secret', version: 1 }).success).toBe(false)
  })
})

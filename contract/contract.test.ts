import { describe, expect, it } from 'vitest'
import {
  CreateModel,
  ListModelsQuery,
  ModelName,
  permissions,
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
    expect(route.response === undefined).toBe(route.status === 204)
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

import type { Operation } from './openapi.ts'
import { readOpenapi } from './openapi.ts'

type Verb = 'ls' | 'show' | 'create' | 'update' | 'rm'
export type ResourceOperation = {
  resource: string
  verb: Verb
  method: string
  path: string
  operation: Operation
}

const collectionVerbs: Readonly<Record<string, Verb>> = { get: 'ls', post: 'create' }
const itemVerbs: Readonly<Record<string, Verb>> = { get: 'show', patch: 'update', delete: 'rm' }

/** Singletons and ceremonies of a browser: not resources one lists and edits. */
const notResources = new Set(['setup', 'session', 'version'])

let all: readonly ResourceOperation[] | undefined

/**
 * Every operation that is `<resource> <verb>`: by the shape of its path (`/models` and `/models/{id}`), or because the contract
 * names that command for it.
 */
export function resourceOperations(): readonly ResourceOperation[] {
  if (all !== undefined) return all
  const found = new Map<string, ResourceOperation>()
  for (const [path, methods] of Object.entries(readOpenapi().paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const place = placeOf(path, method, operation)
      if (place === undefined) continue
      const key = `${place.resource} ${place.verb}`
      if (!found.has(key)) found.set(key, { ...place, method, path, operation })
    }
  }
  all = [...found.values()].sort((a, b) => (a.resource < b.resource ? -1 : a.resource > b.resource ? 1 : 0))
  return all
}

function placeOf(path: string, method: string, operation: Operation): { resource: string; verb: Verb } | undefined {
  const [, resource = '', item, ...rest] = path.split('/')
  if (notResources.has(resource)) return undefined
  const named = /^([a-z]+) (ls|show|create|update|rm)$/.exec(operation['x-cli'] ?? '')
  if (named?.[1] === resource) return { resource, verb: named[2] as Verb }
  const verb = item === undefined ? collectionVerbs[method] : item === '{id}' ? itemVerbs[method] : undefined
  return verb === undefined || rest.length > 0 ? undefined : { resource, verb }
}

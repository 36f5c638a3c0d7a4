import type { SnapshotRoute, SnapshotTarget } from '../../contract/index.ts'
import type { GatewayKey, Snapshot } from '../snapshot/build-snapshot.ts'

export type Resolved = {
  route: SnapshotRoute
  targets: readonly SnapshotTarget[]
  /** True when the caller named a version: it is then wanted whatever its weight. */
  pinned: boolean
}

/** True when the key may call the route. */
export function mayCall(key: GatewayKey, route: SnapshotRoute): boolean {
  return key.routes === undefined ? route.projectId === key.projectId : key.routes.has(route.name.toLowerCase())
}

/**
 * What `model` of a request stands for: a route name, `name@<version number>`, or the id of a version that a route carries.
 * Undefined when there is none that the key may call; absent and forbidden look the same to the caller.
 */
export function resolveModel(model: string, key: GatewayKey, snapshot: Snapshot): Resolved | undefined {
  const named = snapshot.routes.get(model.toLowerCase())
  if (named !== undefined)
    return mayCall(key, named) ? { route: named, targets: named.targets, pinned: false } : undefined
  const carrying = snapshot.routesByVersionId.get(model)?.find((route) => mayCall(key, route))
  if (carrying !== undefined) return pin(carrying, (target) => target.versionId === model)
  const [, name, number] = /^(.+)@([1-9]\d{0,8})$/.exec(model) ?? []
  const route = name === undefined ? undefined : snapshot.routes.get(name.toLowerCase())
  if (route === undefined || !mayCall(key, route)) return undefined
  return pin(route, (target) => target.versionNumber === Number(number))
}

function pin(route: SnapshotRoute, wanted: (target: SnapshotTarget) => boolean): Resolved | undefined {
  const targets = route.targets.filter(wanted)
  return targets.length === 0 ? undefined : { route, targets, pinned: true }
}

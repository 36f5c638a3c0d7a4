import type { SnapshotKey, SnapshotRoute } from '../../contract/index.ts'
import { invalid, rememberSecret } from '../../kernel/index.ts'

export type GatewayKey = {
  id: string
  projectId: string
  /** Lower-case route names it may call; undefined: every route of its project. */
  routes: ReadonlySet<string> | undefined
  /** Unix milliseconds. */
  expiresAt: number | undefined
}

/** One compiled state of the world; never changed after it is built. */
export type Snapshot = {
  version: number
  /** By lower-case name: names are unique in the hub ignoring case. */
  routes: ReadonlyMap<string, SnapshotRoute>
  routesByVersionId: ReadonlyMap<string, readonly SnapshotRoute[]>
  /** By sha256 of the key, hex. */
  keys: ReadonlyMap<string, GatewayKey>
}

export type SnapshotBuilder = {
  addRoute: (route: SnapshotRoute) => void
  addKeys: (keys: readonly SnapshotKey[]) => void
  revoke: (hashes: readonly string[]) => void
  /** @throws HubError `bad_snapshot` when the counts differ from what came */
  finish: (end: { version: number; routes: number; keys: number }) => Snapshot
}

/** Builds a snapshot aside, so that requests keep reading the last one until it is whole. */
export function buildSnapshot(version: number): SnapshotBuilder {
  const routes = new Map<string, SnapshotRoute>()
  const routesByVersionId = new Map<string, SnapshotRoute[]>()
  const keys = new Map<string, GatewayKey>()
  const revoked = new Set<string>()
  return {
    addRoute: (route) => {
      const name = route.name.toLowerCase()
      if (routes.has(name)) throw badSnapshot(`route "${route.name}" comes twice`)
      routes.set(name, route)
      for (const target of route.targets)
        if (target.kind === 'upstream') target.upstream.secrets.forEach(rememberSecret)
      for (const versionId of new Set(route.targets.map((target) => target.versionId))) {
        const carrying = routesByVersionId.get(versionId)
        if (carrying === undefined) routesByVersionId.set(versionId, [route])
        else carrying.push(route)
      }
    },
    addKeys: (batch) => {
      for (const key of batch) {
        if (keys.has(key.hash)) throw badSnapshot(`key ${key.id} comes twice`)
        keys.set(key.hash, {
          id: key.id,
          projectId: key.projectId,
          routes: key.routes === null ? undefined : new Set(key.routes.map((name) => name.toLowerCase())),
          expiresAt: key.expiresAt ?? undefined,
        })
      }
    },
    revoke: (hashes) => {
      for (const hash of hashes) revoked.add(hash)
    },
    finish: (end) => {
      if (end.version !== version) throw badSnapshot(`it begins as ${version} and ends as ${end.version}`)
      if (end.routes !== routes.size) throw badSnapshot(`it has ${routes.size} routes and says ${end.routes}`)
      if (end.keys !== keys.size) throw badSnapshot(`it has ${keys.size} keys and says ${end.keys}`)
      for (const hash of revoked) keys.delete(hash)
      return { version, routes, routesByVersionId, keys }
    },
  }
}

/** The error for anything on the snapshot channel that cannot be believed. */
export const badSnapshot = (what: string) =>
  invalid('bad_snapshot', `The snapshot is refused: ${what}.`, 'The last good one is kept; the gateway asks again.')

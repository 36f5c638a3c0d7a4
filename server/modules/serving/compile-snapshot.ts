import type {
  EngineSpec,
  SnapshotKey,
  SnapshotLine,
  SnapshotRoute,
  SnapshotTarget,
  UpstreamSpec,
} from '../../../contract/index.ts'
import { type Clock, HubError } from '../../../kernel/index.ts'
import type { BlobStore } from '../../platform/blobs/index.ts'
import type { Database } from '../../platform/db/index.ts'
import type { Log } from '../../platform/log.ts'
import { findVersionRows, type NamedVersionRow } from '../catalog/index.ts'
import { keysInForce, revokedHashes } from '../identity/index.ts'
import { isProviderEngine } from '../providers/index.ts'
import { listRouteRows, nextSnapshotVersion, ownersOf, type TargetRow, targetsOf } from './store.ts'

export type CompileDeps = {
  database: Database
  clock: Clock
  blobs: BlobStore
  log: Log
  dataFolder: string
  /** The files an engine needs for a version; null when no engine here runs it. */
  engineSpec: (versionId: string) => Promise<Omit<EngineSpec, 'deploymentId'> | null>
  /** How the providers of hosted versions are called, credentials in clear, by version id; without those that cannot be called. */
  upstreamSpecs: (versions: readonly NamedVersionRow[]) => Promise<ReadonlyMap<string, UpstreamSpec>>
}

/** Routes answer from a snapshot of at most this age. */
const maxStaleMs = 24 * 3_600_000
const keysPerLine = 200
const revokedForMs = 7 * 24 * 3_600_000
const maxRoutes = 10_000

/**
 * The whole of what gateways need, as lines: only published versions, only keys in force. The newest published version that
 * can run carries the route.
 */
export async function compileSnapshot(deps: CompileDeps): Promise<{ version: number; lines: SnapshotLine[] }> {
  const { db } = deps.database
  const now = deps.clock.date()
  const version = await nextSnapshotVersion(db)
  const routeRows = await listRouteRows(db, maxRoutes)
  const targets = await targetsOf(
    db,
    routeRows.map((row) => row.id),
  )
  const versions = await findVersionRows(db, [...new Set(targets.map((target) => target.version_id))])
  const owners = await ownersOf(
    db,
    routeRows.map((row) => row.model_id),
  )
  const hosted = targets.filter(({ engine }) => isProviderEngine(engine)).map(({ version_id }) => version_id)
  const upstreams = await deps.upstreamSpecs(
    [...new Set(hosted)].flatMap((id) => versions.get(id) ?? []).filter(({ state }) => state === 'published'),
  )
  const routes: SnapshotRoute[] = []
  for (const row of routeRows) {
    const carried = targets
      .filter((target) => target.route_id === row.id)
      .flatMap((target) => {
        const found = versions.get(target.version_id)
        return found?.state === 'published' ? [{ target, version: found }] : []
      })
      .sort((a, b) => b.version.number - a.version.number)
    const compiled = await Promise.all(carried.map((each) => compileTarget(deps, each.target, each.version, upstreams)))
    const usable = compiled
      .filter((target) => target !== null)
      .map((target, index) => (index === 0 ? target : { ...target, weight: 0 }))
    if (usable.length === 0) continue
    routes.push({
      id: row.id,
      name: row.name,
      projectId: row.project_id,
      modelId: row.model_id,
      createdAt: Math.floor(row.created_at.getTime() / 1_000),
      ...ownerOf(owners.get(row.model_id)),
      maxStaleMs,
      targets: usable,
    })
  }
  const keys: SnapshotKey[] = (await keysInForce(db, now)).map((row) => ({
    hash: row.hash,
    id: row.id,
    projectId: row.project_id,
    routes: row.models,
    expiresAt: row.expires_at?.getTime() ?? null,
  }))
  const lines: SnapshotLine[] = [
    { t: 'begin', version, at: now.getTime() },
    { t: 'revoked', hashes: await revokedHashes(db, new Date(now.getTime() - revokedForMs)) },
    ...routes.map((route) => ({ t: 'route' as const, route })),
  ]
  for (let i = 0; i < keys.length; i += keysPerLine) lines.push({ t: 'keys', keys: keys.slice(i, i + keysPerLine) })
  lines.push({ t: 'end', version, routes: routes.length, keys: keys.length })
  return { version, lines }
}

const ownerOf = (name: string | undefined) => (name === undefined || name === '' ? {} : { owner: name.slice(0, 200) })

async function compileTarget(
  deps: CompileDeps,
  target: TargetRow,
  version: NamedVersionRow,
  upstreams: ReadonlyMap<string, UpstreamSpec>,
): Promise<SnapshotTarget | null> {
  const common = {
    id: target.deployment_id,
    versionId: version.id,
    versionNumber: version.number,
    weight: target.weight,
  }
  if (isProviderEngine(target.engine)) {
    const upstream = upstreams.get(version.id)
    return upstream === undefined ? null : { ...common, kind: 'upstream', upstream }
  }
  const spec = await deps.engineSpec(version.id).catch((error: unknown) => {
    // A version that has lost its bytes must not keep revoked keys and all other routes from the gateways.
    const gone = error instanceof HubError && (error.kind === 'not_found' || error.kind === 'conflict')
    // Nor must one whose files the disk refuses just now, such as a link that a full disk cannot take.
    if (!gone && !(error instanceof Error && 'syscall' in error)) throw error
    if (!gone)
      deps.log.error({ err: error, versionId: version.id }, 'the files of a version cannot be reached; not carried')
    return null
  })
  if (spec === null) return null
  return {
    ...common,
    kind: 'engine',
    engine: { ...spec, deploymentId: target.deployment_id },
  }
}

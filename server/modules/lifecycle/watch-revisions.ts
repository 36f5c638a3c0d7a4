import { messageOf } from '../../../kernel/index.ts'
import { systemActor } from '../../platform/actor.ts'
import {
  getVersion,
  noteRevisionAsked,
  registerVersion,
  revisionsToWatch,
  type WatchedRevision,
} from '../catalog/index.ts'
import { type Resolved, sourceKinds } from '../sources/index.ts'
import type { LifecycleDeps } from './deps.ts'
import { keepSource } from './files/source-of.ts'

/** A repository is asked this often at most, and so many in one pass. */
const everyMs = 6 * 3_600_000
const mostPerPass = 50

export type Drift = { asked: number; moved: { from: string; to: string }[]; failed: number }

/**
 * Asks the repositories of watched versions what their revision is now. One that points to another commit becomes a new Draft of its
 * model: it is never started, and the version that is there stays what it is. One pass runs at a time; requests go one after another.
 */
export async function checkRevisions(deps: LifecycleDeps, signal?: AbortSignal): Promise<Drift> {
  const before = new Date(deps.clock.now() - everyMs)
  const drift: Drift = { asked: 0, moved: [], failed: 0 }
  for (const watched of await revisionsToWatch(deps.database.db, before, mostPerPass)) {
    signal?.throwIfAborted()
    drift.asked += 1
    try {
      const resolved = await resolveNow(deps, watched, signal)
      const to = await record(deps, watched, resolved)
      if (to !== null) drift.moved.push({ from: watched.version_id, to })
    } catch (error) {
      signal?.throwIfAborted()
      drift.failed += 1
      deps.log.warn({ versionId: watched.version_id, reason: messageOf(error) }, 'could not ask a watched repository')
      // Not asked again at once: one that is gone must not keep the others waiting.
      await noteAsked(deps, watched)
    }
  }
  return drift
}

async function resolveNow(deps: LifecycleDeps, { source }: WatchedRevision, signal?: AbortSignal): Promise<Resolved> {
  const kind = sourceKinds.get(source.type)
  if (kind.reads !== 'remote') throw new Error('a repository is not on this machine')
  const { commit: _pinned, ...unpinned } = source
  return await kind.resolve(unpinned, null, deps.sources, signal)
}

/** The id of the new draft; null when the revision is where it was. */
async function record(deps: LifecycleDeps, watched: WatchedRevision, resolved: Resolved): Promise<string | null> {
  const now = 'commit' in resolved.source ? resolved.source.commit : undefined
  if (now === undefined || now === watched.source.commit) {
    await noteAsked(deps, watched)
    return null
  }
  return await deps.database.transaction(async (trx) => {
    const old = await getVersion(trx, watched.version_id)
    const at = deps.clock.date()
    const made = await registerVersion(deps, trx, {
      actor: systemActor,
      name: old.model_name,
      projectId: old.project_id,
      ownerId: old.owner_id,
      source: resolved.source,
      sourceAddress: sourceKinds.get(resolved.source.type).address(resolved.source),
      modality: old.modality ?? undefined,
      onboarding: old.onboarding,
    })
    const version = await getVersion(trx, made.versionId)
    await keepSource(deps.sources, trx, version, resolved, at)
    await noteRevisionAsked(trx, { id: old.id, project_id: old.project_id }, at)
    const moved = { from: watched.source.commit ?? null, to: now, revision: watched.source.revision }
    await deps.audit(trx, {
      actor: systemActor,
      action: 'version.source_moved',
      object: { type: 'version', id: old.id, name: `${old.model_name}@${old.number}` },
      projectId: old.project_id,
      reason: `${watched.source.revision} of ${watched.source.repo} points to another commit now; ${old.model_name}@${made.number} is a draft of it. This version stays as it is.`,
      evidence: { ...moved, draft: made.versionId },
    })
    await deps.audit(trx, {
      actor: systemActor,
      action: 'version.register',
      object: { type: 'version', id: version.id, name: `${version.model_name}@${version.number}` },
      projectId: version.project_id,
      reason: `${watched.source.revision} of ${watched.source.repo} moved.`,
      after: { state: 'draft', source: resolved.source, newModel: false, onboarding: old.onboarding },
      evidence: { ...moved, before: old.id },
    })
    return made.versionId
  })
}

const noteAsked = (deps: LifecycleDeps, watched: WatchedRevision) =>
  deps.database.transaction((trx) =>
    noteRevisionAsked(trx, { id: watched.version_id, project_id: watched.project_id }, deps.clock.date()),
  )

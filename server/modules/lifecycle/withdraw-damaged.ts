import { channels } from '../../../contract/index.ts'
import type { Actor } from '../../platform/actor.ts'
import type { Trx } from '../../platform/db/index.ts'
import { recordDigests } from '../artifacts/index.ts'
import { getVersion, patchVersion, versionsInState } from '../catalog/index.ts'
import type { LifecycleDeps } from './deps.ts'
import { checkBytes, type Intact, type ReadAgain } from './files/check-intact.ts'
import { moveVersion } from './move-version.ts'
import { insertNotices } from './notices/notice-store.ts'

const watched = ['verified', 'evaluated', 'published'] as const

export type WithdrawInput = {
  /** Null: found by the watch over files in place. */
  jobId: string | null
  actor: Actor
  tx: <T>(fn: (trx: Trx) => Promise<T>) => Promise<T>
  log: (message: string) => void
}

/** Reads every file in place again and moves every version whose files are not what was hashed to needs attention; returns their names. */
export async function withdrawDamaged(
  deps: LifecycleDeps,
  input: WithdrawInput,
  how: ReadAgain,
): Promise<{ withdrawn: string[] }> {
  const withdrawn: string[] = []
  for (const { id } of await versionsInState(deps.database.db, watched)) {
    const name = await withdrawIfDamaged(deps, id, input, how)
    if (name !== null) withdrawn.push(name)
  }
  return { withdrawn }
}

/**
 * Withdraws one version when its files are not what was hashed, and gives its name then. A file that was only touched keeps its
 * version in service: its new fingerprint is recorded, once its bytes have been read and are the same.
 */
export async function withdrawIfDamaged(
  deps: LifecycleDeps,
  versionId: string,
  input: WithdrawInput,
  how: ReadAgain,
): Promise<string | null> {
  return await settleIntact(deps, versionId, input, await checkBytes(deps, { id: versionId }, how))
}

/** Acts on what a reading of the files found: as `withdrawIfDamaged`. */
export async function settleIntact(
  deps: LifecycleDeps,
  versionId: string,
  input: WithdrawInput,
  found: Intact,
): Promise<string | null> {
  if (found.damage === null) {
    if (found.touched.length > 0) await recordTouched(deps, versionId, found.touched, input)
    return null
  }
  const message = `${found.damage.path} ${found.damage.what}; the version is not the one that was verified.`
  const remedy = 'Put the original file back and retry, or register the files as a new version.'
  return await input.tx(async (trx) => {
    const version = await getVersion(trx, versionId)
    if (!watched.some((state) => state === version.state)) return null
    await patchVersion(trx, versionId, { intact: false }, deps.clock.date())
    await insertNotices(trx, [
      {
        id: deps.newId('notice'),
        project_id: version.project_id,
        version_id: version.id,
        owner_id: version.owner_id,
        kind: 'quarantined',
        message: `${version.model_name}@${version.number}: ${message}`,
        remedy,
        details: { because: 'integrity', path: found.damage?.path ?? null, from: { state: version.state } },
        at: deps.clock.date(),
      },
    ])
    await moveVersion(deps, trx, {
      version,
      to: 'needs_attention',
      actor: input.actor,
      action: 'version.needs_attention',
      reason: message,
      stateReason: {
        code: 'integrity',
        message,
        remedy,
      },
      evidence: { ...(input.jobId === null ? {} : { jobId: input.jobId }), digest: version.digest },
    })
    const name = `${version.model_name}@${version.number}`
    input.log(`${name}: ${message}`)
    return name
  })
}

async function recordTouched(
  deps: LifecycleDeps,
  versionId: string,
  touched: Intact['touched'],
  input: WithdrawInput,
): Promise<void> {
  await input.tx(async (trx) => {
    await recordDigests(trx, versionId, touched)
    // Engines compare fingerprints before they load: they must learn the new ones.
    await deps.database.notify(trx, channels.serving, 'version.touched')
  })
  input.log(`${touched.length} files of a version were touched; their bytes are the same.`)
}

import type { Actor } from '../../platform/actor.ts'
import type { Trx } from '../../platform/db/index.ts'
import { getVersion, patchVersion, versionsInState } from '../catalog/index.ts'
import type { LifecycleDeps } from './deps.ts'
import { checkIntact } from './files/check-intact.ts'
import { moveVersion } from './move-version.ts'

const watched = ['verified', 'evaluated', 'published'] as const

export type WithdrawInput = {
  jobId: string
  actor: Actor
  tx: <T>(fn: (trx: Trx) => Promise<T>) => Promise<T>
  log: (message: string) => void
}

/** Moves every version whose files are not what was hashed to needs attention. Returns the names of those versions. */
export async function withdrawDamaged(deps: LifecycleDeps, input: WithdrawInput): Promise<{ withdrawn: string[] }> {
  const withdrawn: string[] = []
  for (const { id } of await versionsInState(deps.database.db, watched)) {
    if (await checkIntact(deps, { id })) continue
    await input.tx(async (trx) => {
      const version = await getVersion(trx, id)
      if (!watched.some((state) => state === version.state)) return
      await patchVersion(trx, id, { intact: false }, deps.clock.date())
      const message = 'A file of this version is damaged, changed or missing.'
      await moveVersion(deps, trx, {
        version,
        to: 'needs_attention',
        actor: input.actor,
        action: 'version.needs_attention',
        reason: message,
        stateReason: {
          code: 'integrity',
          message,
          remedy: 'Put the original file back and retry, or register the files as a new version.',
        },
        evidence: { jobId: input.jobId, digest: version.digest },
      })
      withdrawn.push(`${version.model_name}@${version.number}`)
      input.log(`${version.model_name}@${version.number}: ${message}`)
    })
  }
  return { withdrawn }
}

import type { Actor } from '../../platform/actor.ts'
import { getVersion } from '../catalog/index.ts'
import type { LifecycleDeps } from './deps.ts'
import { moveVersion, transitionRefused } from './move-version.ts'
import { mayMove } from './transitions.ts'

/** Archives a version; final. A published one leaves service with it. Throws `conflict` where the table refuses. */
export async function archive(deps: LifecycleDeps, versionId: string, actor: Actor, reason?: string): Promise<void> {
  await deps.database.transaction(async (trx) => {
    const version = await getVersion(trx, versionId)
    if (!mayMove(version.state, 'archived')) throw transitionRefused(version.state, 'archived')
    await moveVersion(deps, trx, {
      version,
      to: 'archived',
      actor,
      action: 'version.archive',
      ...(reason === undefined ? {} : { reason }),
    })
  })
}

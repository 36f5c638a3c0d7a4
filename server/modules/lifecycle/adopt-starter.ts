import type { Actor } from '../../platform/actor.ts'
import { findStarter, updateModel } from '../catalog/index.ts'
import type { LifecycleDeps } from './deps.ts'

/** Gives the starter model to the first administrator: the hub itself owns nothing. Does nothing where there is none or it has an owner. */
export async function adoptStarter(deps: LifecycleDeps, owner: Actor): Promise<void> {
  await deps.database.transaction(async (trx) => {
    const starter = await findStarter(trx)
    if (starter === undefined || starter.owner_id !== null) return
    await updateModel(trx, starter.id, { owner_id: owner.id, updated_at: deps.clock.date() })
    await deps.audit(trx, {
      actor: owner,
      action: 'model.update',
      object: { type: 'model', id: starter.id, name: starter.name },
      projectId: starter.project_id,
      before: { ownerId: null },
      after: { ownerId: owner.id },
    })
  })
}

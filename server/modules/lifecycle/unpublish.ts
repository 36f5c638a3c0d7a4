import { conflict } from '../../../kernel/index.ts'
import type { Actor } from '../../platform/actor.ts'
import { getVersion } from '../catalog/index.ts'
import type { LifecycleDeps } from './deps.ts'
import { moveVersion } from './move-version.ts'

/** Takes a published version out of service: gateways refuse it within two seconds. Throws `conflict` when it is not published. */
export async function unpublish(deps: LifecycleDeps, versionId: string, actor: Actor, reason?: string): Promise<void> {
  await deps.database.transaction(async (trx) => {
    const version = await getVersion(trx, versionId)
    if (version.state !== 'published') {
      throw conflict(
        'not_published',
        `${version.model_name}@${version.number} is not published.`,
        'Nothing needs to be done.',
      )
    }
    await moveVersion(deps, trx, {
      version,
      to: 'evaluated',
      actor,
      action: 'version.unpublish',
      ...(reason === undefined ? {} : { reason }),
    })
  })
}

import type { Clock, NewId } from '../../../kernel/index.ts'
import type { Trx } from '../../platform/db/index.ts'
import type { NamedVersionRow } from '../catalog/index.ts'
import { ensureDeployment, ensureRoute, ensureTarget } from './store.ts'

/**
 * A deployment of the version on an engine and a route of the model's name that carries it. Both may exist already: publishing again
 * finds them. The gateway learns of them from the next snapshot.
 */
export async function serveVersion(
  deps: { clock: Clock; newId: NewId },
  trx: Trx,
  version: NamedVersionRow,
  engine: string,
): Promise<{ deploymentId: string; route: string }> {
  const now = deps.clock.date()
  const deployment = await ensureDeployment(trx, {
    id: deps.newId('deployment'),
    version_id: version.id,
    project_id: version.project_id,
    engine,
    private: false,
    created_at: now,
  })
  const route = await ensureRoute(trx, {
    id: deps.newId('route'),
    project_id: version.project_id,
    model_id: version.model_id,
    name: version.model_name,
    name_key: version.model_name.toLowerCase(),
    created_at: now,
  })
  await ensureTarget(trx, route.id, deployment.id)
  return { deploymentId: deployment.id, route: route.name }
}

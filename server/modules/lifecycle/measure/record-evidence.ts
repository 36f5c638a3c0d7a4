import type { Actor } from '../../../platform/actor.ts'
import type { Trx } from '../../../platform/db/index.ts'
import { getVersion } from '../../catalog/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { moveVersion } from '../move-version.ts'

/** What a finished measurement does to its version: a verified one becomes evaluated; on others only the audit trail grows. */
export async function recordEvidence(
  deps: LifecycleDeps,
  trx: Trx,
  input: { versionId: string; actor: Actor; kind: 'benchmark' | 'evaluation'; runId: string; summary: string },
): Promise<void> {
  const version = await getVersion(trx, input.versionId)
  const evidence = { [input.kind]: input.runId, digest: version.digest }
  if (version.state === 'verified') {
    await moveVersion(deps, trx, {
      version,
      to: 'evaluated',
      actor: input.actor,
      action: 'version.evaluated',
      reason: input.summary,
      evidence,
    })
    return
  }
  await deps.audit(trx, {
    actor: input.actor,
    action: `${input.kind}.finish`,
    object: { type: 'version', id: version.id, name: `${version.model_name}@${version.number}` },
    projectId: version.project_id,
    reason: input.summary,
    evidence,
  })
}

import type { Trx } from '../../../platform/db/index.ts'
import { getVersion } from '../../catalog/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { gatherFacts } from '../gather-facts.ts'
import { moveVersion } from '../move-version.ts'
import type { OnboardContext } from '../onboard-context.ts'
import { attentionReason } from './decide.ts'

/** After a new scan: a version whose findings now stand open leaves its state, and service, for needs attention. */
export async function redecide(deps: LifecycleDeps, ctx: OnboardContext, trx: Trx): Promise<{ state: string }> {
  const version = await getVersion(trx, ctx.versionId)
  const reason = attentionReason(await gatherFacts(deps, trx, version), version, false)
  if (reason === null || !['verified', 'evaluated', 'published'].includes(version.state)) {
    await deps.audit(trx, {
      actor: ctx.actor,
      action: 'version.rescan',
      object: { type: 'version', id: version.id, name: `${version.model_name}@${version.number}` },
      projectId: version.project_id,
      evidence: { jobId: ctx.jobId, verdict: version.verdict },
    })
    return { state: version.state }
  }
  await moveVersion(deps, trx, {
    version,
    to: 'needs_attention',
    actor: ctx.actor,
    action: 'version.needs_attention',
    reason: reason.message,
    stateReason: reason,
    evidence: { jobId: ctx.jobId, verdict: version.verdict },
  })
  return { state: 'needs_attention' }
}

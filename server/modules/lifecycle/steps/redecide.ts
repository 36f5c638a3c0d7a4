import type { Trx } from '../../../platform/db/index.ts'
import { getVersion, type NamedVersionRow, patchVersion, refreshModel } from '../../catalog/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { gatherFacts } from '../gather-facts.ts'
import { moveVersion } from '../move-version.ts'
import type { OnboardContext } from '../onboard-context.ts'
import { attentionReason } from './decide.ts'

/** Reasons to need attention that another scan can take away; any other stays until what it names is done. */
const ofScans: readonly string[] = ['findings_open', 'scan_incomplete']

/**
 * After a new scan: a version whose findings now stand open leaves its state, and service, for needs attention. One that needed attention
 * because of its scan is verified when nothing stands in its way any more, and else told what does now.
 * @param engine what the engine said of one that was held back; null: it was not asked, and such a version stays where it is
 */
export async function redecide(
  deps: LifecycleDeps,
  ctx: OnboardContext,
  trx: Trx,
  engine: { broken: boolean } | null = null,
): Promise<{ state: string }> {
  const version = await getVersion(trx, ctx.versionId)
  const context = await gatherFacts(deps, trx, version)
  const reason = attentionReason(context, version, engine?.broken ?? false)
  const evidence = { jobId: ctx.jobId, verdict: version.verdict }
  const move = { version, actor: ctx.actor, evidence }
  if (reason !== null && ['verified', 'evaluated', 'published'].includes(version.state)) {
    await moveVersion(deps, trx, {
      ...move,
      to: 'needs_attention',
      action: 'version.needs_attention',
      reason: reason.message,
      stateReason: reason,
    })
    return { state: 'needs_attention' }
  }
  const waited = version.state === 'needs_attention' && isOfScan(version)
  const { complete, intact } = context.facts.integrity
  if (waited && engine !== null && reason === null && complete && intact) {
    await moveVersion(deps, trx, { ...move, to: 'verified', action: 'version.rescan' })
    return { state: 'verified' }
  }
  if (waited && reason !== null) await patchVersion(trx, version.id, { state_reason: reason }, deps.clock.date())
  // Lists show the verdict of the model's default version.
  await refreshModel(trx, version.model_id, deps.clock.date())
  await deps.audit(trx, {
    actor: ctx.actor,
    action: 'version.rescan',
    object: { type: 'version', id: version.id, name: `${version.model_name}@${version.number}` },
    projectId: version.project_id,
    evidence,
  })
  return { state: version.state }
}

const isOfScan = ({ state_reason }: NamedVersionRow) => ofScans.includes(state_reason?.code ?? '')

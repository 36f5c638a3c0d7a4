import type { StateReason } from '../../../../contract/index.ts'
import type { Trx } from '../../../platform/db/index.ts'
import { getVersion } from '../../catalog/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { gatherFacts } from '../gather-facts.ts'
import { moveVersion } from '../move-version.ts'
import type { OnboardContext } from '../onboard-context.ts'
import { attentionReason } from './decide.ts'

/** Ends a link: verified, or needs attention with what the provider refused. */
export async function decideHosted(
  deps: LifecycleDeps,
  ctx: OnboardContext,
  trx: Trx,
  refusal: StateReason | null,
): Promise<{ state: string; reason: string | null }> {
  const version = await getVersion(trx, ctx.versionId)
  const context = await gatherFacts(deps, trx, version)
  const reason = refusal ?? attentionReason(context, version, false)
  const to = reason === null ? 'verified' : 'needs_attention'
  const { provider, model, region, deprecated, ends, replacement } = context.facts.hosted
  await moveVersion(deps, trx, {
    version,
    to,
    actor: ctx.actor,
    action: to === 'verified' ? 'version.verify' : 'version.needs_attention',
    stateReason: reason,
    ...(reason === null ? {} : { reason: reason.message }),
    evidence: {
      jobId: ctx.jobId,
      hosted: { provider, model, region, api: version.hosted?.api ?? null, date: version.hosted?.date ?? null },
      scan: 'not applicable: hosted',
      ...(deprecated ? { deprecation: { date: ends, replacement } } : {}),
    },
  })
  return { state: to, reason: reason?.message ?? null }
}

import type { Approval, CreateApproval } from '../../../contract/index.ts'
import { conflict, invalid } from '../../../kernel/index.ts'
import type { Actor } from '../../platform/actor.ts'
import { getVersion, type NamedVersionRow } from '../catalog/index.ts'
import { recordApproval } from '../governance/index.ts'
import { findingsOf, newestScan } from '../verification/index.ts'
import type { LifecycleDeps } from './deps.ts'
import { contradictionKey, contradictionsOf, findingKey, gatherFacts } from './gather-facts.ts'
import { cloudSourceOf } from './hosted/source.ts'
import { moveVersion, stateWords } from './move-version.ts'
import { attentionReason } from './steps/decide.ts'

const maxDays = 365

/**
 * Records a decision on publishing a version or on its open high findings. When nothing blocking is left after it, a version that
 * needs attention becomes verified. Throws `conflict` when there is nothing to decide or when one person may not decide it.
 */
export async function approve(deps: LifecycleDeps, actor: Actor, input: CreateApproval): Promise<Approval> {
  const expiresAt = readExpiry(deps, input)
  return deps.database.transaction(async (trx) => {
    const version = await getVersion(trx, input.version)
    const label = `${version.model_name}@${version.number}`
    const scan = await newestScan(trx, version.id)
    const findings = scan === undefined ? [] : await findingsOf(trx, scan.id)
    const covered =
      input.subject === 'findings'
        ? [
            ...findings.filter((finding) => finding.severity === 'high').map(findingKey),
            ...contradictionsOf(version).map(contradictionKey),
          ]
        : []
    if (input.subject === 'findings') {
      if (findings.some((finding) => finding.severity === 'critical')) {
        throw conflict(
          'critical_needs_two',
          `${label} has a critical finding, which one person cannot pass.`,
          'Repair the files and register them as a new version.',
        )
      }
      if (covered.length === 0) {
        throw conflict(
          'nothing_to_approve',
          `${label} has no high finding and no contradiction to approve.`,
          'Look at its security tab for what stands open.',
        )
      }
    } else if (!['verified', 'evaluated'].includes(version.state)) {
      throw conflict(
        'not_ready_to_approve',
        `${label} ${stateWords(version.state)}; only a verified or evaluated version is approved for publishing.`,
        'Finish its ingest first.',
      )
    }
    const approval = await recordApproval(deps, trx, {
      actor,
      versionId: version.id,
      projectId: version.project_id,
      subject: input.subject,
      decision: input.decision,
      reason: input.reason,
      digest: version.digest,
      findings: [...new Set(covered)],
      expiresAt,
    })
    const evidence = {
      approvalId: approval.id,
      subject: approval.subject,
      digest: approval.digest,
      findings: approval.findings,
    }
    const context = await gatherFacts(deps, trx, version)
    if (
      version.state === 'needs_attention' &&
      approval.state === 'approved' &&
      attentionReason(context, version, false) === null &&
      isSound(version, context.facts.integrity.complete)
    ) {
      await moveVersion(deps, trx, {
        version,
        to: 'verified',
        actor,
        action: 'version.approve_findings',
        reason: input.reason,
        evidence,
      })
    } else {
      await deps.audit(trx, {
        actor,
        action: `approval.${approval.state}`,
        object: { type: 'version', id: version.id, name: label },
        projectId: version.project_id,
        reason: input.reason,
        evidence,
      })
    }
    return approval
  })
}

/** Whether nothing but what was approved keeps a version from being verified. */
function isSound(version: NamedVersionRow, complete: boolean): boolean {
  // A hosted model that did not answer has not become better by an approval.
  if (cloudSourceOf(version) !== null) return version.hosted !== null && version.state_reason?.code === 'contradiction'
  return complete && version.engine_reason === null
}

function readExpiry(deps: Pick<LifecycleDeps, 'clock'>, input: CreateApproval): Date | null {
  if (input.expiresAt === undefined) {
    if (input.subject === 'findings') {
      throw invalid(
        'expiry_missing',
        'An approval of findings needs an end date.',
        'Give expiresAt, at most one year ahead.',
      )
    }
    return null
  }
  const expiresAt = new Date(input.expiresAt)
  const days = (expiresAt.getTime() - deps.clock.now()) / 86_400_000
  if (days <= 0 || days > maxDays) {
    throw invalid(
      'expiry_out_of_range',
      'The end date is not within the next year.',
      'Give a date at most one year ahead.',
    )
  }
  return expiresAt
}

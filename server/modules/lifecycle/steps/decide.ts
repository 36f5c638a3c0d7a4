import type { StateReason, VersionFacts } from '../../../../contract/index.ts'
import type { Trx } from '../../../platform/db/index.ts'
import { getVersion, type NamedVersionRow } from '../../catalog/index.ts'
import type { PolicyContext } from '../../governance/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { gatherFacts } from '../gather-facts.ts'
import { moveVersion } from '../move-version.ts'
import type { OnboardContext } from '../onboard-context.ts'

/** Ends an ingest: verified, or needs attention with its reason. */
export async function decide(
  deps: LifecycleDeps,
  ctx: OnboardContext,
  trx: Trx,
  engineBroken: boolean,
): Promise<{ state: string; reason: string | null }> {
  const version = await getVersion(trx, ctx.versionId)
  const context = await gatherFacts(deps, trx, version)
  const reason = attentionReason(context, version, engineBroken)
  const to = reason === null ? 'verified' : 'needs_attention'
  await moveVersion(deps, trx, {
    version,
    to,
    actor: ctx.actor,
    action: to === 'verified' ? 'version.verify' : 'version.needs_attention',
    stateReason: reason,
    ...(reason === null ? {} : { reason: reason.message }),
    evidence: {
      jobId: ctx.jobId,
      digest: version.digest,
      verdict: version.verdict,
      license: version.license?.status ?? null,
      files: version.file_count,
    },
  })
  return { state: to, reason: reason?.message ?? null }
}

/** What of the scan stands open; null: nothing. `findings` are lines for people, worst first. */
export function scanReason(
  scan: Pick<VersionFacts['scan'], 'openCritical' | 'openHigh' | 'openIncomplete' | 'verdict'>,
  findings: readonly string[],
): StateReason | null {
  if (scan.openCritical > 0 || scan.openHigh > 0) {
    const counts = [
      scan.openCritical > 0 ? `${scan.openCritical} critical` : '',
      scan.openHigh > 0 ? `${scan.openHigh} high` : '',
    ].filter(Boolean)
    return {
      code: 'findings_open',
      message:
        `${counts.join(' and ')} ${scan.openCritical + scan.openHigh === 1 ? 'finding stands' : 'findings stand'} open. ${findings[0] ?? ''}`.trim(),
      remedy: 'Follow the remedy of each finding and register the repaired files, or record an approval where one may.',
    }
  }
  if (scan.verdict === null || scan.openIncomplete) {
    return {
      code: 'scan_incomplete',
      message: 'Not every file could be examined; what is not examined counts as not safe.',
      remedy:
        'Look in the scan at what was not read and why: remove or convert what no inspector understands; once the rest can be read, scan again.',
    }
  }
  return null
}

/** Why a version is not verified; null when it is. */
export function attentionReason(
  context: Pick<PolicyContext, 'facts' | 'findings'>,
  version: Pick<NamedVersionRow, 'engine_reason'>,
  engineBroken: boolean,
): StateReason | null {
  const { scan, hosted } = context.facts
  // What a provider hosts has no files: no scan is not an incomplete one.
  const ofScan = hosted.provider === null ? scanReason(scan, context.findings) : null
  if (ofScan !== null) return ofScan
  if (engineBroken) {
    return {
      code: version.engine_reason?.code ?? 'engine_broken',
      message: `The engine could not run the model: ${version.engine_reason?.message ?? 'unknown reason'}`,
      remedy: version.engine_reason?.remedy ?? 'Repair or convert the weights, and register them as a new version.',
    }
  }
  const { contradictions } = context.facts.metadata
  if (contradictions.length > 0) {
    const more = contradictions.length - 1
    return {
      code: 'contradiction',
      message: `${contradictions[0] ?? ''}${more === 0 ? '' : ` ${more} more ${more === 1 ? 'contradiction is' : 'contradictions are'} listed in its metadata.`}`,
      remedy:
        'Correct the side that is wrong and register the files again; a modality is set on the model, then retry. If both are meant so, record an approval of the findings.',
    }
  }
  return licenseReason(context.facts.license)
}

/** A license text that nobody knows or that contradicts the card needs a person; a tag without a text, or none at all, does not. */
export function licenseReason(license: VersionFacts['license']): StateReason | null {
  if (license.decision === 'approved' || license.text === 'none' || license.text === 'known') return null
  return license.text === 'contradicts'
    ? {
        code: 'license_contradiction',
        message: `The license text is not the one that ${license.tag ?? 'the card'} names.`,
        remedy:
          'Correct the card or the text and register the files again, or read both, record a license decision and retry.',
      }
    : {
        code: 'license_unknown',
        message: 'The license text is not one that is known here.',
        remedy: 'Read it, record a license decision with its reason and retry, or attach the text that applies.',
      }
}

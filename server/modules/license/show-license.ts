import type { LicenseAssessment } from '../../../contract/index.ts'
import { getVersion } from '../catalog/index.ts'
import { acceptanceInForce } from './accept-license.ts'
import { assessVersion, type VersionLicense } from './assess-version.ts'
import { toAttached } from './attach-license.ts'
import { decisionInForce, toDecision } from './decide-license.ts'
import type { LicenseDeps } from './deps.ts'
import { familyOf, findLicense } from './find-license.ts'
import { loadMatcher } from './match/load-matcher.ts'
import { rulesVersion } from './rules-version.ts'
import { sentenceOf } from './sentence.ts'

/** Everything about the license of a version, answered with the present rules and profile. */
export async function showLicense(
  deps: Pick<LicenseDeps, 'database' | 'clock'>,
  reference: string,
): Promise<LicenseAssessment> {
  const { db } = deps.database
  const version = await getVersion(db, reference)
  const found = await assessVersion(db, await loadMatcher(), version)
  const { assessed, row, text } = found
  const decision = await decisionInForce(db, version.id, deps.clock.date())
  const { license, answers } = assessed
  const count = (...wanted: string[]) => answers.filter(({ answer }) => wanted.includes(answer)).length
  return {
    versionId: version.id,
    summary: assessed.summary,
    tagSource: assessed.tagSource,
    fileSha256: text?.sha256 ?? null,
    text: text?.text ?? null,
    at: row?.at.toISOString() ?? null,
    license:
      license === null
        ? null
        : { id: license.id, title: license.title, family: familyOf(license.id), class: license.class },
    expression: assessed.expression,
    match: matchOf(found),
    agreement: assessed.agreement,
    contradiction: assessed.contradiction,
    use: found.profile.purpose,
    suitability: assessed.suitability,
    sentence: sentenceOf(found),
    tellUs: assessed.tellUs,
    answers,
    counts: { yesOrNo: count('yes', 'no'), conditional: count('conditional'), unclear: count('unclear') },
    obligations: assessed.obligations,
    chain: found.chain,
    attached: found.attached.map(toAttached),
    otherFiles: row?.evidence.otherFiles ?? [],
    decision: decision === null ? null : toDecision(decision, true),
    acceptance: await acceptanceInForce(db, version.id),
    rules: rulesVersion,
  }
}

function matchOf({ text }: VersionLicense): LicenseAssessment['match'] {
  if (text === null) return null
  const { id, nearest, ...match } = text.match
  return {
    ...match,
    licenseId: id,
    nearest: nearest.map((near) => ({ ...near, title: findLicense(near.id)?.title ?? near.id })),
  }
}

import type { VersionFacts } from '../../../../contract/index.ts'
import type { PolicyDefinition } from '../policy.ts'

export const licensePolicy: PolicyDefinition = {
  kind: 'license',
  title: 'License is known',
  gate: 'publish',
  expression:
    'license.decision == "approved" || (license.decision != "rejected" && license.status in ["declared", "text"] && license.text in ["none", "known"] && license.suitability != "not_allowed")',
  mode: 'warn',
  whoCanWaive: null,
  passes: 'The card or a license file names the license, and it does not rule out the declared use.',
  passesFor: ({ license }) =>
    license.decision === 'approved'
      ? 'Somebody decided about the license and approved it.'
      : license.suitability === 'unclear'
        ? 'The card or a license file names the license. Whether it allows the declared use is open.'
        : 'The license is known and allows the declared use.',
  message: ({ facts }) => messageOf(facts),
  fact: ({ license }) =>
    `license.status = ${license.status}, license.tag = ${license.tag ?? 'null'}, license.class = ${license.class}, license.suitability = ${license.suitability}`,
  remedy: ({ facts }) => `${remedyOf(facts)} This is a warning and does not block.`,
  incomplete: ({ license }) => license.status === 'unknown' && license.decision !== 'rejected',
  action: 'view_license',
}

function messageOf({ hosted, license }: VersionFacts): string {
  if (license.decision === 'rejected') return 'Somebody decided about the license and rejected it.'
  if (hosted.provider !== null && license.status === 'unknown')
    return 'The terms of the provider apply; the hub has not read them.'
  if (license.status === 'contradiction' || license.text === 'contradicts')
    return 'The license file contradicts the card.'
  if (license.status === 'unknown') return 'Neither the card nor a license file names a license.'
  if (license.text === 'unknown') return 'The license text is not one that is known here.'
  return `The license (${license.id ?? license.tag ?? 'unknown'}, ${license.class.replaceAll('_', ' ')}) does not allow the declared use.`
}

function remedyOf({ hosted, license }: VersionFacts): string {
  if (hosted.provider !== null && license.status === 'unknown') return 'Read the terms of the provider.'
  if (license.status === 'unknown')
    return 'Attach the license text or link its terms (modelhub license attach), or record a decision (modelhub license decide).'
  if (license.suitability === 'not_allowed' && license.decision !== 'rejected')
    return 'Correct the organization profile (modelhub license profile) where it is wrong, or record a decision (modelhub license decide).'
  return 'Read both, attach the text that applies (modelhub license attach) or record a decision (modelhub license decide).'
}

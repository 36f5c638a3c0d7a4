import type { LicenseClass, LicenseSuitability } from '../../../contract/index.ts'

/** From free to strict; nobody knows what an unknown license allows, so it is the strictest. */
const classes: readonly LicenseClass[] = [
  'permissive',
  'weak_copyleft',
  'copyleft',
  'use_restricted',
  'non_commercial',
  'proprietary',
  'unknown',
]
const suitabilities: readonly LicenseSuitability[] = ['allowed', 'allowed_on_conditions', 'unclear', 'not_allowed']

export const classRank = (one: LicenseClass): number => classes.indexOf(one)

export const strictestClass = (all: readonly LicenseClass[]): LicenseClass =>
  all.reduce((strictest, one) => (classRank(one) > classRank(strictest) ? one : strictest), 'permissive')

export const strictestSuitability = (all: readonly LicenseSuitability[]): LicenseSuitability =>
  all.reduce((worst, one) => (suitabilities.indexOf(one) > suitabilities.indexOf(worst) ? one : worst), 'allowed')

/** Whether an outcome became one that somebody should look at: a stricter class, or a use that is no longer clearly allowed. */
export function isWorse(
  before: { class: LicenseClass; suitability: LicenseSuitability },
  after: { class: LicenseClass; suitability: LicenseSuitability },
): boolean {
  const rank = (one: LicenseSuitability) => suitabilities.indexOf(one)
  const open = after.suitability === 'unclear' || after.suitability === 'not_allowed'
  return (
    (open && rank(after.suitability) > rank(before.suitability)) || classRank(after.class) > classRank(before.class)
  )
}

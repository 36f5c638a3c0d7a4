import type { LicenseCondition, LicenseProfile } from '../../../contract/index.ts'
import type { Condition, UseField } from './license-family.ts'

/** What conditions are judged by beside the profile. */
export type UseFacts = {
  /** Text with something else; null: not known. */
  multimodal: boolean | null
}

/** Member states of the European Union, ISO 3166-1 alpha-2 (27, since 2020-02-01). */
const europeanUnion = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
)

const useWords: Record<UseField, string> = {
  military: 'whether the use is military',
  biometric: 'whether identities or personal traits are inferred',
  medicalAdvice: 'whether it gives medical advice',
  automatedDecisions: 'whether it decides about people’s rights without a person',
  lawEnforcement: 'whether it serves justice, law enforcement, immigration or asylum',
}

/** Judges one condition. What the profile does not say is `depends`, never `holds`. */
export function judgeCondition(condition: Condition, profile: LicenseProfile, facts: UseFacts): LicenseCondition {
  const told = (value: boolean | null, field: string, text: string, open: string): LicenseCondition =>
    value === null
      ? { state: 'depends', text: `${text} Depends: tell us ${open}.`, tellUs: field }
      : { state: value ? 'violated' : 'holds', text, tellUs: null }
  switch (condition.kind) {
    case 'users_at_most': {
      const { monthlyUsers } = profile
      const text = `At most ${count(condition.limit)} monthly active users.`
      if (monthlyUsers === null)
        return { state: 'depends', text: `${text} Depends: tell us your monthly active users.`, tellUs: 'monthlyUsers' }
      const holds = monthlyUsers <= condition.limit
      return {
        state: holds ? 'holds' : 'violated',
        text: `${text} The profile says ${count(monthlyUsers)}.`,
        tellUs: null,
      }
    }
    case 'revenue_below':
      return revenueBelow(condition, profile)
    case 'ask':
      return { state: 'depends', text: `${condition.text} The profile does not say: have it decided.`, tellUs: null }
    case 'non_commercial':
      return nonCommercial(profile)
    case 'no_use':
      return told(profile[condition.field], condition.field, condition.text, useWords[condition.field])
    case 'no_training':
      return told(
        profile.trainsModels,
        'trainsModels',
        'Neither the model nor its outputs may train other models.',
        'whether it does',
      )
    case 'no_sharing_changes':
      return noSharingChanges(profile)
    case 'unread_policy': {
      if (condition.multimodalOnly && facts.multimodal === false)
        return { state: 'not_applicable', text: condition.text, tellUs: null }
      if (profile.domicile === null)
        return { state: 'depends', text: `${condition.text} Depends: tell us your domicile.`, tellUs: 'domicile' }
      const outside = !europeanUnion.has(profile.domicile)
      return { state: outside ? 'holds' : 'depends', text: condition.text, tellUs: null }
    }
    case 'duty':
      return {
        state: dutyApplies(condition.when, profile) === false ? 'not_applicable' : 'duty',
        text: condition.text,
        tellUs: null,
      }
  }
}

/** Whether a duty arises; null: the profile does not say. */
export function dutyApplies(
  when: Extract<Condition, { kind: 'duty' }>['when'],
  profile: LicenseProfile,
): boolean | null {
  if (when === 'always') return true
  const { delivery } = profile
  const gives = delivery === null ? null : delivery === 'distributed' || delivery === 'both'
  if (when === 'distribute') return gives
  if (when === 'provide') return delivery === null ? null : delivery !== 'internal'
  // A note about changes matters only to those who get the changed files.
  return profile.modifies === false || gives === false
    ? false
    : profile.modifies === true && gives === true
      ? true
      : null
}

/** How far a threshold in dollars of an earlier year may have risen with prices at most. */
const inflation = 1.5

function revenueBelow(
  { limit, since }: Extract<Condition, { kind: 'revenue_below' }>,
  { annualRevenueUsd }: LicenseProfile,
): LicenseCondition {
  const text = `Less than US$ ${count(limit)} of revenue a year, adjusted for inflation since ${since}.`
  if (annualRevenueUsd === null)
    return { state: 'depends', text: `${text} Depends: tell us your annual revenue.`, tellUs: 'annualRevenueUsd' }
  const said = `${text} The profile says US$ ${count(annualRevenueUsd)}`
  if (annualRevenueUsd < limit) return { state: 'holds', text: `${said}.`, tellUs: null }
  return annualRevenueUsd < limit * inflation
    ? { state: 'depends', text: `${said}: look up the threshold of this year.`, tellUs: null }
    : { state: 'violated', text: `${said}.`, tellUs: null }
}

function nonCommercial({ purpose }: LicenseProfile): LicenseCondition {
  const text = 'Only for non-commercial purposes.'
  if (purpose === null) return { state: 'depends', text: `${text} Depends: tell us the purpose.`, tellUs: 'purpose' }
  if (purpose === 'research') return { state: 'holds', text: `${text} The profile says research.`, tellUs: null }
  if (purpose === 'internal')
    return {
      state: 'depends',
      text: `${text} Whether internal use in a business is commercial, the text does not settle: have it decided.`,
      tellUs: null,
    }
  return {
    state: 'violated',
    text: `${text} The profile says ${purpose === 'api_resale' ? 'resale through an API' : 'customer product'}.`,
    tellUs: null,
  }
}

function noSharingChanges({ modifies, delivery }: LicenseProfile): LicenseCondition {
  const text = 'A changed version may not be given to others.'
  const gives = delivery === null ? null : delivery === 'distributed' || delivery === 'both'
  if (modifies === false || gives === false) return { state: 'holds', text, tellUs: null }
  if (modifies === null)
    return { state: 'depends', text: `${text} Depends: tell us whether you change it.`, tellUs: 'modifies' }
  if (gives === null)
    return { state: 'depends', text: `${text} Depends: tell us how others get at it.`, tellUs: 'delivery' }
  return { state: 'violated', text, tellUs: null }
}

function count(value: number): string {
  return value >= 1_000_000 ? `${Math.round(value / 100_000) / 10} million` : String(value)
}

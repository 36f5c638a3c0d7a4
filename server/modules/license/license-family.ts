import type { LicenseClass, LicenseProfile } from '../../../contract/index.ts'
import type { TitledLicense } from './match/match-text.ts'
import type { QuestionId } from './questions.ts'

export type { LicenseClass } from '../../../contract/index.ts'

/** What a rule needs to know about the organization; without it the answer is "depends: tell us". */
export type Condition =
  /** At most this many monthly active users. */
  | { kind: 'users_at_most'; limit: number }
  /** Less than this in US dollars of the year `since`, in the last tax year; prices have risen by less than half since 2019. */
  | { kind: 'revenue_below'; limit: number; since: number }
  /** Something that the profile has no field for: a person has to decide. */
  | { kind: 'ask'; text: string }
  /** Allowed only where the use is not commercial. */
  | { kind: 'non_commercial' }
  /** Forbidden uses; each is a field of the profile. */
  | { kind: 'no_use'; field: UseField; text: string }
  /** Neither the model nor its outputs may improve other models. */
  | { kind: 'no_training' }
  /** A changed version may not be given to others. */
  | { kind: 'no_sharing_changes' }
  /** A policy outside the text, not read here, is reported to leave out these places. */
  | { kind: 'unread_policy'; region: 'EU'; multimodalOnly: boolean; text: string }
  /** Something to do, in the case named. */
  | { kind: 'duty'; when: 'always' | 'distribute' | 'provide' | 'modify'; text: string }

export type UseField = keyof Pick<
  LicenseProfile,
  'military' | 'biometric' | 'medicalAdvice' | 'automatedDecisions' | 'lawEnforcement'
>

/** One answer of the clause table. `clauses` are keys of the license's clauses. */
export type Rule = {
  answer: 'yes' | 'no' | 'conditional' | 'unclear'
  clauses: readonly string[]
  because: string
  conditions: readonly Condition[]
}

/** A clause that was read: its label, and where it stands (see `match/locate.ts`). */
export type Clause = { section: string; at: string }

export type License = TitledLicense & {
  class: LicenseClass
  /** Values of the card's `license` or `license_name` that mean it, in lower case. */
  tags: readonly string[]
  clauses: Readonly<Record<string, Clause>>
  /** Null: nobody has read the text, so every question is unclear for the reason given. */
  rules: Readonly<Record<QuestionId, Rule>> | null
  unread?: string
}

/** A family of licenses: one file in `families/`. */
export type LicenseFamily = { kind: string; title: string; licenses: readonly License[] }

const rule =
  (answer: Rule['answer']) =>
  (clauses: string, because: string, ...conditions: Condition[]): Rule => ({
    answer,
    clauses: clauses.split(' ').filter((key) => key !== ''),
    because,
    conditions,
  })

export const yes = rule('yes')
export const no = rule('no')
export const conditional = rule('conditional')
export const unclear = rule('unclear')

export const duty = (when: Extract<Condition, { kind: 'duty' }>['when'], text: string): Condition => ({
  kind: 'duty',
  when,
  text,
})

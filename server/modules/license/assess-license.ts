import type { LicenseAssessment, LicenseClass, LicenseProfile, LicenseSummary } from '../../../contract/index.ts'
import { type Answered, type AnswersByPerson, answerQuestions } from './answer-questions.ts'
import type { UseFacts } from './conditions.ts'
import { type Declared, declaredLicense } from './declared.ts'
import type { LicenseEvidence } from './evidence.ts'
import { familyOf, findLicense } from './find-license.ts'
import type { License } from './license-family.ts'
import type { TextMatch } from './match/match-text.ts'
import { strictestClass, strictestSuitability } from './strictness.ts'

/** The text that counts: a person's attachment before the version's own file. */
export type LicenseText = { path: string; sha256: string; text: string; match: TextMatch } | null

export type Chain = LicenseAssessment['chain']

export type AssessInput = {
  evidence: LicenseEvidence
  text: LicenseText
  /** What a person linked: the name of a license, or of its terms. */
  linked: string | null
  profile: LicenseProfile
  facts: UseFacts
  chain: Chain
  /** Answers of people about the license that was identified. */
  people: (licenseId: string | null) => AnswersByPerson
}

export type AssessedLicense = Answered & {
  summary: LicenseSummary
  license: License | null
  class: LicenseClass
  expression: string | null
  tagSource: string | null
  agreement: LicenseAssessment['agreement']
  contradiction: string | null
}

/**
 * Puts together what is known: the text that is there decides, a tag is a declaration, and where they differ nobody is believed. Class
 * and suitability are the strictest of the license and of the models it was made from.
 */
export function assessLicense(input: AssessInput): AssessedLicense {
  const { evidence, text } = input
  const card = normalizeTag(evidence.cardTag)
  const header = normalizeTag(evidence.headerTag)
  const tag = card ?? header
  const tagSource = card !== null ? evidence.cardPath : header !== null ? evidence.headerPath : null
  const declared = declaredLicense(tag ?? normalizeTag(input.linked), evidence.cardName)
  const headerDeclared = declaredLicense(header, null)
  const named = text?.match.id ?? text?.match.refersTo ?? null
  const matched = named === null ? null : withLater(named, evidence, declared)
  const agreement = agreementOf(text, matched, tag, declared)
  const contradiction =
    agreement === 'differs'
      ? `The card says ${tag ?? ''}, the text is that of ${matched?.title ?? 'another license'}.`
      : card !== null && header !== null && card !== header && !sameLicense(declared, headerDeclared)
        ? `${evidence.cardPath ?? 'The card'} says ${card}, ${evidence.headerPath ?? 'the header'} says ${header}.`
        : null
  // A text that is there and not known is no ground for believing the tag.
  const license = contradiction !== null ? null : text !== null ? matched : declared.decisive
  const answered = answerQuestions(
    license,
    input.profile,
    input.facts,
    text?.text ?? null,
    input.people(license?.id ?? null),
  )
  const own = license?.class ?? 'unknown'
  const licenseClass = strictestClass([own, ...input.chain.map((base) => base.class)])
  const suitability = strictestSuitability([answered.suitability, ...input.chain.map((base) => base.suitability)])
  const status =
    contradiction !== null
      ? 'contradiction'
      : text !== null
        ? 'text'
        : tag !== null || input.linked !== null
          ? 'declared'
          : 'unknown'
  const tagged = tag === 'other' ? (evidence.cardName ?? tag) : tag
  return {
    ...answered,
    suitability,
    summary: {
      status,
      tag,
      file: text?.path ?? null,
      label:
        contradiction !== null && card !== null && header !== null && card !== header && matched === null
          ? `${card} or ${header}`
          : (tagged ?? matched?.id ?? input.linked ?? text?.path ?? 'Unknown'),
      id: license?.id ?? null,
      class: licenseClass,
      suitability,
    },
    license,
    class: licenseClass,
    expression: declared.expression,
    tagSource,
    agreement,
    contradiction,
  }
}

/** The GNU texts are those of `-only` and `-or-later` alike: the notice or the tag decides, else the stricter is assumed. */
function withLater(id: string, evidence: LicenseEvidence, declared: Declared): License | null {
  const later = id.replace(/-only$/, '-or-later')
  const saysLater = evidence.laterNotice || declared.licenses.some((license) => license.id === later)
  return findLicense(id.endsWith('-only') && saysLater ? later : id)
}

function agreementOf(
  text: LicenseText,
  matched: License | null,
  tag: string | null,
  declared: Declared,
): AssessedLicense['agreement'] {
  if (text === null) return 'no_text'
  if (tag === null) return 'no_tag'
  if (matched === null || declared.licenses.length === 0) return 'not_comparable'
  const plain = (id: string) => id.replace(/-(?:only|or-later)$/, '')
  if (declared.licenses.some((license) => plain(license.id) === plain(matched.id))) return 'same'
  // A tag that names a family and no text, such as `openrail`, agrees with each of its texts.
  const ofFamily = declared.licenses.some(
    (license) =>
      license.rules === null &&
      Object.keys(license.clauses).length === 0 &&
      license.headings.length === 0 &&
      familyOf(license.id) === familyOf(matched.id) &&
      familyOf(matched.id) !== 'known-text',
  )
  return ofFamily ? 'same' : 'differs'
}

const sameLicense = (a: Declared, b: Declared) =>
  a.licenses.some((license) => b.licenses.some((other) => other.id === license.id))

/** Tags are compared in lower case; the placeholders that mean "nobody said" are no tag. */
function normalizeTag(tag: string | null): string | null {
  const text = tag?.trim().toLowerCase() ?? ''
  return text === '' || text === 'unknown' || text === 'none' ? null : text.slice(0, 100)
}

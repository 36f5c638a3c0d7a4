import * as z from 'zod'
import { orNull } from '../or-null.ts'
import { Instant, pageOf } from './common.ts'

export const LicenseClass = z
  .enum(['permissive', 'weak_copyleft', 'copyleft', 'non_commercial', 'use_restricted', 'proprietary', 'unknown'])
  .meta({ id: 'LicenseClass' })
export type LicenseClass = z.infer<typeof LicenseClass>

export const LicenseSuitability = z
  .enum(['allowed', 'allowed_on_conditions', 'not_allowed', 'unclear'])
  .meta({ id: 'LicenseSuitability', description: 'Of a license for the use that the organization profile declares' })
export type LicenseSuitability = z.infer<typeof LicenseSuitability>

export const LicenseSummary = z
  .object({
    status: z
      .enum(['unknown', 'declared', 'text', 'contradiction'])
      .meta({ description: 'declared: a tag without a text; text: a license file is there' }),
    tag: z.string().nullable(),
    file: z.string().nullable(),
    label: z.string().meta({ description: 'What to show: the license, the tag, the file, or "Unknown"' }),
    id: z.string().nullable().optional().meta({ description: 'License that was identified, by text or tag' }),
    class: LicenseClass.optional(),
    suitability: LicenseSuitability.optional(),
  })
  .meta({ id: 'LicenseSummary' })
export type LicenseSummary = z.infer<typeof LicenseSummary>

export const LicensePurpose = z
  .enum(['internal', 'customer_product', 'api_resale', 'research'])
  .meta({ id: 'LicensePurpose' })
export type LicensePurpose = z.infer<typeof LicensePurpose>

const told = z.boolean().nullable().default(null)

/** What licenses ask about the organization. Null: not told, and what depends on it stays open. */
export const LicenseProfile = z
  .strictObject({
    domicile: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .nullable()
      .default(null)
      .meta({ description: 'Country of the principal place of business, ISO 3166-1 alpha-2' }),
    monthlyUsers: z
      .int()
      .min(0)
      .max(20_000_000_000)
      .nullable()
      .default(null)
      .meta({ description: 'Monthly active users of all products and services, affiliates included' }),
    annualRevenueUsd: z.number().min(0).max(1e14).nullable().default(null),
    purpose: orNull(LicensePurpose).default(null),
    delivery: z
      .enum(['internal', 'hosted', 'distributed', 'both'])
      .nullable()
      .default(null)
      .meta({ description: 'How others get at the model: not at all, through a service, as files, or both' }),
    modifies: told.meta({ description: 'The model is changed, for example fine-tuned' }),
    trainsModels: told.meta({ description: 'The model or its outputs train or improve other models' }),
    military: told,
    biometric: told,
    medicalAdvice: told,
    automatedDecisions: told.meta({ description: 'Decisions about legal rights without a person' }),
    lawEnforcement: told.meta({ description: 'Justice, law enforcement, immigration or asylum' }),
  })
  .meta({ id: 'LicenseProfile' })
export type LicenseProfile = z.infer<typeof LicenseProfile>

export const StoredLicenseProfile = z
  .object({
    profile: LicenseProfile,
    revision: z.int().meta({ description: '0: nobody has filled it in' }),
    updatedBy: z.string().nullable(),
    updatedAt: Instant.nullable(),
    jobId: z
      .string()
      .nullable()
      .meta({ description: 'Job that judges the licenses of all versions by it; null: none is waiting or running' }),
  })
  .meta({ id: 'StoredLicenseProfile' })
export type StoredLicenseProfile = z.infer<typeof StoredLicenseProfile>

export const PutLicenseProfile = z
  .strictObject({ profile: LicenseProfile, reason: z.string().trim().min(1).max(2_000).optional() })
  .meta({ id: 'PutLicenseProfile' })
export type PutLicenseProfile = z.infer<typeof PutLicenseProfile>

export const LicenseCondition = z
  .object({
    state: z
      .enum(['holds', 'violated', 'depends', 'duty', 'not_applicable'])
      .meta({ description: 'duty: something to do; depends: the profile does not say' }),
    text: z.string(),
    tellUs: z.string().nullable().meta({ description: 'The profile field that would decide it' }),
  })
  .meta({ id: 'LicenseCondition' })
export type LicenseCondition = z.infer<typeof LicenseCondition>

const AnswerWord = z.enum(['yes', 'no', 'conditional', 'unclear'])

export const LicenseAnswerByPerson = z
  .object({
    id: z.string(),
    versionId: z.string(),
    question: z.string().meta({ description: 'Id of the question' }),
    answer: AnswerWord,
    insteadOf: AnswerWord.meta({ description: 'What the rules say; of a past one: what they said then' }),
    licenseId: z.string().nullable(),
    textSha256: z.string().nullable().meta({ description: 'The text it is about; with another text it ends' }),
    reason: z.string(),
    answeredBy: z.string(),
    answeredAt: Instant,
    removedBy: z.string().nullable(),
    removedAt: Instant.nullable(),
    removedReason: z.string().nullable(),
    inForce: z
      .boolean()
      .meta({ description: 'Newest of its question, not taken back, and about the text that is there now' }),
  })
  .meta({ id: 'LicenseAnswerByPerson' })
export type LicenseAnswerByPerson = z.infer<typeof LicenseAnswerByPerson>
export const LicenseAnswerByPersonPage = pageOf(LicenseAnswerByPerson, 'LicenseAnswerByPersonPage')

export const AnswerLicenseQuestion = z
  .strictObject({
    question: z.string().min(1).max(100).meta({ description: 'Id of one of the 22 questions, such as monetize' }),
    answer: AnswerWord,
    reason: z.string().trim().min(1).max(2_000),
  })
  .meta({ id: 'AnswerLicenseQuestion' })
export type AnswerLicenseQuestion = z.infer<typeof AnswerLicenseQuestion>

export const LicenseAnswer = z
  .object({
    number: z.int().meta({ description: '1 to 22' }),
    id: z.string(),
    question: z.string(),
    answer: AnswerWord.meta({ description: 'Of a person where one is in force, else of the rules' }),
    person: orNull(LicenseAnswerByPerson).meta({ description: 'Who answers in place of the rules; null: nobody' }),
    effect: z
      .enum(['good', 'attention', 'bad', 'open', 'neutral'])
      .meta({ description: 'For the declared use; open: unclear, or the profile does not say enough' }),
    because: z.string().meta({ description: 'In plain words; for an unclear answer: why' }),
    clauses: z.array(
      z.object({
        section: z.string(),
        start: z
          .int()
          .nullable()
          .meta({ description: 'Where it stands in the text shown, in UTF-16 units; null: not found' }),
        end: z.int().nullable(),
      }),
    ),
    conditions: z.array(LicenseCondition),
  })
  .meta({ id: 'LicenseAnswer' })
export type LicenseAnswer = z.infer<typeof LicenseAnswer>

export const LicenseObligation = z
  .object({
    text: z.string(),
    when: z
      .enum(['always', 'distribute', 'provide', 'modify'])
      .meta({ description: 'provide: as files or as a service' }),
    applies: z.boolean().nullable().meta({ description: 'Null: the profile does not say' }),
    sections: z.array(z.string()),
  })
  .meta({ id: 'LicenseObligation' })
export type LicenseObligation = z.infer<typeof LicenseObligation>

export const LicenseMatch = z
  .object({
    status: z.enum(['matched', 'review', 'unknown']),
    licenseId: z.string().nullable(),
    score: z.number().nullable().meta({ description: 'Share of agreeing word pairs (Dice), 0 to 1' }),
    exact: z.boolean(),
    refersTo: z.string().nullable().meta({ description: 'License that the file names without holding its text' }),
    nearest: z.array(z.object({ id: z.string(), title: z.string(), score: z.number() })),
    reason: z.string(),
    notes: z.array(z.string()),
  })
  .meta({ id: 'LicenseMatch' })
export type LicenseMatch = z.infer<typeof LicenseMatch>

export const LicenseInChain = z
  .object({
    name: z.string().meta({ description: 'Base model as the card names it' }),
    versionId: z.string().nullable().meta({ description: 'Null: not in this hub' }),
    licenseId: z.string().nullable(),
    class: LicenseClass,
    suitability: LicenseSuitability,
  })
  .meta({ id: 'LicenseInChain' })
export type LicenseInChain = z.infer<typeof LicenseInChain>

export const LicenseDecision = z
  .object({
    id: z.string(),
    versionId: z.string(),
    decision: z.enum(['approved', 'rejected']),
    licenseId: z.string().nullable(),
    textSha256: z.string().nullable().meta({ description: 'The text the decision is about' }),
    purpose: orNull(LicensePurpose),
    conditions: z.string().nullable(),
    reason: z.string(),
    expiresAt: Instant.nullable(),
    decidedBy: z.string(),
    createdAt: Instant,
    inForce: z.boolean().meta({ description: 'Newest, not expired, and about the text that is there now' }),
  })
  .meta({ id: 'LicenseDecision' })
export type LicenseDecision = z.infer<typeof LicenseDecision>
export const LicenseDecisionPage = pageOf(LicenseDecision, 'LicenseDecisionPage')

export const CreateLicenseDecision = z
  .strictObject({
    decision: z.enum(['approved', 'rejected']),
    purpose: LicensePurpose.optional(),
    conditions: z.string().trim().min(1).max(2_000).optional(),
    reason: z.string().trim().min(1).max(2_000),
    expiresAt: Instant.optional(),
  })
  .meta({ id: 'CreateLicenseDecision' })
export type CreateLicenseDecision = z.infer<typeof CreateLicenseDecision>

export const LicenseAcceptance = z
  .object({
    id: z.string(),
    versionId: z.string(),
    licenseId: z.string().nullable(),
    textSha256: z.string(),
    acceptedBy: z.string(),
    acceptedAt: Instant,
    current: z.boolean().meta({ description: 'The text accepted is the text that is there now' }),
  })
  .meta({ id: 'LicenseAcceptance' })
export type LicenseAcceptance = z.infer<typeof LicenseAcceptance>
export const LicenseAcceptancePage = pageOf(LicenseAcceptance, 'LicenseAcceptancePage')

export const AcceptLicense = z
  .strictObject({
    textSha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .meta({ description: 'Digest of the text that was read; refused when the version has another by now' }),
  })
  .meta({ id: 'AcceptLicense' })
export type AcceptLicense = z.infer<typeof AcceptLicense>

export const AttachedLicense = z
  .object({
    id: z.string(),
    kind: z.enum(['text', 'link']),
    name: z.string(),
    url: z.string().nullable(),
    sha256: z.string().nullable(),
    reason: z.string(),
    attachedBy: z.string(),
    attachedAt: Instant,
  })
  .meta({ id: 'AttachedLicense' })
export type AttachedLicense = z.infer<typeof AttachedLicense>

export const AttachLicense = z
  .strictObject({
    text: z
      .string()
      .min(1)
      .max(256 * 1024)
      .optional()
      .meta({ description: 'The license text; or give url' }),
    url: z.url().max(2_048).optional().meta({ description: 'Where the terms stand; not fetched' }),
    name: z.string().trim().min(1).max(200).optional().meta({ description: 'File name or title' }),
    reason: z.string().trim().min(1).max(2_000),
  })
  .meta({ id: 'AttachLicense' })
export type AttachLicense = z.infer<typeof AttachLicense>

export const KnownLicense = z
  .object({
    id: z.string().meta({ description: 'SPDX identifier, or LicenseRef-… where SPDX has none' }),
    title: z.string(),
    family: z.string(),
    class: LicenseClass,
    recognized: z.enum(['text', 'tag']).meta({ description: 'text: by fingerprint; tag: by tag and heading only' }),
    answered: z.int().meta({ description: 'Questions of 22 that have an answer other than unclear' }),
    tags: z.array(z.string()),
    versions: z.int().meta({ description: 'Versions of this hub that are under it, by text or tag' }),
  })
  .meta({ id: 'KnownLicense' })
export type KnownLicense = z.infer<typeof KnownLicense>
export const KnownLicensePage = pageOf(KnownLicense, 'KnownLicensePage')

export const LicenseAssessment = z
  .object({
    versionId: z.string(),
    summary: LicenseSummary,
    tagSource: z.string().nullable(),
    fileSha256: z.string().nullable(),
    text: z.string().nullable().meta({ description: 'The license file itself, at most 256 KiB' }),
    at: Instant.nullable(),
    license: z
      .object({ id: z.string(), title: z.string(), family: z.string(), class: LicenseClass })
      .nullable()
      .meta({ description: 'What the answers are about; null: no license is known' }),
    expression: z.string().nullable().meta({ description: 'SPDX expression, when the card declares one' }),
    match: orNull(LicenseMatch).meta({ description: 'Of the license file; null: there is none' }),
    agreement: z
      .enum(['same', 'differs', 'no_tag', 'no_text', 'not_comparable'])
      .meta({ description: 'Tag against text' }),
    contradiction: z.string().nullable(),
    use: orNull(LicensePurpose).meta({ description: 'The declared purpose; null: not told' }),
    suitability: LicenseSuitability,
    sentence: z.string().meta({ description: 'The suitability in words' }),
    tellUs: z.array(z.string()).meta({ description: 'Profile fields without which it stays open' }),
    answers: z.array(LicenseAnswer).meta({ description: 'The 22 questions' }),
    counts: z.object({ yesOrNo: z.int(), conditional: z.int(), unclear: z.int() }),
    obligations: z.array(LicenseObligation),
    chain: z.array(LicenseInChain).meta({ description: 'Base models and adapters; the strictest counts' }),
    attached: z.array(AttachedLicense),
    otherFiles: z
      .array(
        z.object({
          path: z.string(),
          licenseId: z.string().nullable(),
          status: z.enum(['matched', 'review', 'unknown']),
        }),
      )
      .meta({ description: 'Further license files of the version' }),
    decision: orNull(LicenseDecision).meta({ description: 'In force' }),
    acceptance: orNull(LicenseAcceptance).meta({ description: 'Newest of the text that is there now' }),
    rules: z.string().nullable().meta({ description: 'Version of the rules' }),
  })
  .meta({ id: 'LicenseAssessment' })
export type LicenseAssessment = z.infer<typeof LicenseAssessment>

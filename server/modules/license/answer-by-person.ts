import type { AnswerLicenseQuestion, LicenseAnswerByPerson } from '../../../contract/index.ts'
import { conflict, invalid, notFound } from '../../../kernel/index.ts'
import type { Actor } from '../../platform/actor.ts'
import type { Trx } from '../../platform/db/index.ts'
import { decodeCursor, type Page, toPage } from '../../platform/page.ts'
import { getVersion, type NamedVersionRow } from '../catalog/index.ts'
import { toAnswer } from './answers-in-force.ts'
import { assessVersion, refresh, storeAssessment } from './assess-version.ts'
import type { LicenseDeps } from './deps.ts'
import { loadMatcher } from './match/load-matcher.ts'
import type { Matcher } from './match/match-text.ts'
import { questions } from './questions.ts'
import { insertAnswer, type LicenseAnswerRow, listAnswerRows, markAnswerRemoved } from './store.ts'

/**
 * Puts a person's answer in the place of a computed one, for the text that is there now. Throws `invalid` for a question that there is
 * none of, `conflict` when the license was not read yet.
 */
export async function answerQuestion(
  deps: LicenseDeps,
  actor: Actor,
  reference: string,
  input: AnswerLicenseQuestion,
): Promise<LicenseAnswerByPerson> {
  if (questions.every(({ id }) => id !== input.question)) {
    throw invalid(
      'unknown_question',
      `"${input.question}" is none of the 22 questions.`,
      `Give one of: ${questions.map(({ id }) => id).join(', ')}.`,
    )
  }
  const matcher = await loadMatcher()
  return deps.database.transaction(async (trx) => {
    const version = await getVersion(trx, reference)
    const label = labelOf(version)
    const found = await assessVersion(trx, matcher, version)
    if (found.row === undefined && found.attached.length === 0) {
      throw conflict(
        'license_not_read',
        `The license of ${label} has not been read.`,
        'Ingest the version, or attach its license first.',
      )
    }
    const before = found.assessed.answers.find(({ id }) => id === input.question)
    const row: LicenseAnswerRow = {
      id: deps.newId('license'),
      version_id: version.id,
      project_id: version.project_id,
      question: input.question,
      answer: input.answer,
      instead_of: before?.person?.insteadOf ?? before?.answer ?? 'unclear',
      license_id: found.assessed.license?.id ?? null,
      text_sha256: found.text?.sha256 ?? null,
      reason: input.reason,
      answered_by: actor.name,
      answered_by_id: actor.id,
      answered_at: deps.clock.date(),
      removed_by: null,
      removed_at: null,
      removed_reason: null,
    }
    await insertAnswer(trx, row)
    await judge(deps, trx, matcher, version)
    await deps.audit(trx, {
      actor,
      action: 'license.answer',
      object: { type: 'version', id: version.id, name: label },
      projectId: version.project_id,
      reason: input.reason,
      before: { question: row.question, answer: before?.answer ?? 'unclear' },
      after: { question: row.question, answer: row.answer },
      evidence: { answerId: row.id, licenseId: row.license_id, textSha256: row.text_sha256 },
    })
    return toAnswer(row, true)
  })
}

/** Takes a person's answer back; its row stays with the reason. Throws `not_found` when it is not in force. */
export async function removeAnswer(
  deps: LicenseDeps,
  actor: Actor,
  reference: string,
  answerId: string,
  reason: string,
): Promise<void> {
  const matcher = await loadMatcher()
  await deps.database.transaction(async (trx) => {
    const version = await getVersion(trx, reference)
    const { assessed } = await assessVersion(trx, matcher, version)
    const answer = assessed.answers.find(({ person }) => person?.id === answerId)
    if (answer?.person == null) {
      throw notFound(
        'license_answer_not_in_force',
        `No answer of a person in force has the id "${answerId}".`,
        'See them with `modelhub license answers`.',
      )
    }
    await markAnswerRemoved(trx, answerId, {
      removed_by: actor.name,
      removed_at: deps.clock.date(),
      removed_reason: reason,
    })
    await judge(deps, trx, matcher, version)
    await deps.audit(trx, {
      actor,
      action: 'license.answer_remove',
      object: { type: 'version', id: version.id, name: labelOf(version) },
      projectId: version.project_id,
      reason,
      before: { question: answer.id, answer: answer.person.answer },
      after: { question: answer.id, answer: answer.person.insteadOf },
    })
  })
}

/** Answers of people about the license of a version, newest first. */
export async function listAnswers(
  deps: Pick<LicenseDeps, 'database'>,
  reference: string,
  input: { limit: number; cursor?: string },
): Promise<Page<LicenseAnswerByPerson>> {
  const { db } = deps.database
  const version = await getVersion(db, reference)
  const values = input.cursor === undefined ? undefined : decodeCursor(input.cursor, ['date', 'text'])
  const before = values === undefined ? {} : { before: { at: values[0], id: values[1] } }
  const rows = await listAnswerRows(db, { versionId: version.id, limit: input.limit, ...before })
  const { assessed } = await assessVersion(db, await loadMatcher(), version)
  const inForce = new Set(assessed.answers.flatMap(({ person }) => person?.id ?? []))
  return toPage(
    rows,
    input.limit,
    (row) => toAnswer(row, inForce.has(row.id)),
    (row) => [row.answered_at.toISOString(), row.id],
  )
}

async function judge(deps: LicenseDeps, trx: Trx, matcher: Matcher, version: NamedVersionRow): Promise<void> {
  await storeAssessment(deps, trx, matcher, version.id)
  await refresh(deps, trx, version)
}

const labelOf = (version: NamedVersionRow) => `${version.model_name}@${version.number}`

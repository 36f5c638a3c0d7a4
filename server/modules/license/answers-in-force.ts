import type { LicenseAnswerByPerson } from '../../../contract/index.ts'
import type { AnswersByPerson } from './answer-questions.ts'
import type { LicenseAnswerRow } from './store.ts'

/** Of the newest answer to each question those that are not taken back and are about the text, or without one the license, of now. */
export function answersInForce(
  newest: readonly LicenseAnswerRow[],
  textSha256: string | null,
  licenseId: string | null,
): AnswersByPerson {
  const holds = (row: LicenseAnswerRow) =>
    row.removed_at === null && row.text_sha256 === textSha256 && (textSha256 !== null || row.license_id === licenseId)
  return new Map(newest.filter(holds).map((row) => [row.question, toAnswer(row, true)]))
}

export function toAnswer(row: LicenseAnswerRow, inForce: boolean): LicenseAnswerByPerson {
  return {
    id: row.id,
    versionId: row.version_id,
    question: row.question,
    answer: row.answer,
    insteadOf: row.instead_of,
    licenseId: row.license_id,
    textSha256: row.text_sha256,
    reason: row.reason,
    answeredBy: row.answered_by,
    answeredAt: row.answered_at.toISOString(),
    removedBy: row.removed_by,
    removedAt: row.removed_at?.toISOString() ?? null,
    removedReason: row.removed_reason,
    inForce,
  }
}

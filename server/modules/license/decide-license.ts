import type { CreateLicenseDecision, LicenseDecision } from '../../../contract/index.ts'
import { conflict, invalid } from '../../../kernel/index.ts'
import type { Actor } from '../../platform/actor.ts'
import type { Db, Trx } from '../../platform/db/index.ts'
import { decodeCursor, type Page, toPage } from '../../platform/page.ts'
import { getVersion } from '../catalog/index.ts'
import { assessVersion } from './assess-version.ts'
import type { LicenseDeps } from './deps.ts'
import { loadMatcher } from './match/load-matcher.ts'
import { insertDecision, type LicenseDecisionRow, listDecisionRows, readLicense } from './store.ts'

const maxDays = 366 * 5

/**
 * Records what somebody decided about the license of a version, and about which text. Throws `conflict` when nothing was read yet,
 * `invalid` for an end that is past or more than five years ahead.
 */
export async function decideLicense(
  deps: LicenseDeps,
  actor: Actor,
  reference: string,
  input: CreateLicenseDecision,
): Promise<LicenseDecision> {
  const now = deps.clock.date()
  const expiresAt = input.expiresAt === undefined ? null : new Date(input.expiresAt)
  const days = expiresAt === null ? 1 : (expiresAt.getTime() - now.getTime()) / 86_400_000
  if (days <= 0 || days > maxDays) {
    throw invalid('expiry_out_of_range', 'The end date is past or more than five years ahead.', 'Give a nearer date.')
  }
  const matcher = await loadMatcher()
  return deps.database.transaction(async (trx) => {
    const version = await getVersion(trx, reference)
    const label = `${version.model_name}@${version.number}`
    const found = await assessVersion(trx, matcher, version)
    if (found.row === undefined && found.attached.length === 0) {
      throw conflict(
        'license_not_read',
        `The license of ${label} has not been read.`,
        'Ingest the version, or attach its license first.',
      )
    }
    const row: LicenseDecisionRow = {
      id: deps.newId('license'),
      version_id: version.id,
      project_id: version.project_id,
      decision: input.decision,
      license_id: found.assessed.license?.id ?? null,
      text_sha256: found.text?.sha256 ?? null,
      purpose: input.purpose ?? found.profile.purpose,
      conditions: input.conditions ?? null,
      reason: input.reason,
      expires_at: expiresAt,
      decided_by: actor.name,
      decided_by_id: actor.id,
      created_at: now,
    }
    await insertDecision(trx, row)
    await deps.audit(trx, {
      actor,
      action: `license.${input.decision}`,
      object: { type: 'version', id: version.id, name: label },
      projectId: version.project_id,
      reason: input.reason,
      evidence: { decisionId: row.id, licenseId: row.license_id, textSha256: row.text_sha256, purpose: row.purpose },
    })
    return toDecision(row, true)
  })
}

/** Decisions about the license of a version, newest first. */
export async function listDecisions(
  deps: Pick<LicenseDeps, 'database' | 'clock'>,
  reference: string,
  input: { limit: number; cursor?: string },
): Promise<Page<LicenseDecision>> {
  const { db } = deps.database
  const version = await getVersion(db, reference)
  const values = input.cursor === undefined ? undefined : decodeCursor(input.cursor, ['date', 'text'])
  const before = values === undefined ? {} : { before: { at: values[0], id: values[1] } }
  const rows = await listDecisionRows(db, { versionId: version.id, limit: input.limit, ...before })
  const current = await decisionInForce(db, version.id, deps.clock.date())
  return toPage(
    rows,
    input.limit,
    (row) => toDecision(row, row.id === current?.id),
    (row) => [row.created_at.toISOString(), row.id],
  )
}

/** The newest decision, if it has not ended and is about the text that is there now. */
export async function decisionInForce(db: Db | Trx, versionId: string, now: Date): Promise<LicenseDecisionRow | null> {
  const newest = (await listDecisionRows(db, { versionId, limit: 1 }))[0]
  if (newest === undefined || (newest.expires_at !== null && newest.expires_at <= now)) return null
  return newest.text_sha256 === (await currentText(db, versionId)) ? newest : null
}

/** Digest of the license text that counts now; null: there is none. */
export async function currentText(db: Db | Trx, versionId: string): Promise<string | null> {
  return (await readLicense(db, versionId))?.text_sha256 ?? null
}

export function toDecision(row: LicenseDecisionRow, inForce: boolean): LicenseDecision {
  return {
    id: row.id,
    versionId: row.version_id,
    decision: row.decision,
    licenseId: row.license_id,
    textSha256: row.text_sha256,
    purpose: row.purpose,
    conditions: row.conditions,
    reason: row.reason,
    expiresAt: row.expires_at?.toISOString() ?? null,
    decidedBy: row.decided_by,
    createdAt: row.created_at.toISOString(),
    inForce,
  }
}

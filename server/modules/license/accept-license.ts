import type { AcceptLicense, LicenseAcceptance } from '../../../contract/index.ts'
import { conflict } from '../../../kernel/index.ts'
import type { Actor } from '../../platform/actor.ts'
import type { Db, Trx } from '../../platform/db/index.ts'
import { decodeCursor, type Page, toPage } from '../../platform/page.ts'
import { getVersion } from '../catalog/index.ts'
import { currentText } from './decide-license.ts'
import type { LicenseDeps } from './deps.ts'
import { insertAcceptance, type LicenseAcceptanceRow, listAcceptanceRows, readLicense } from './store.ts'

/**
 * Enters into the ledger that a person accepts the license text of a version. Throws `conflict` when there is no text, or another than
 * the one that was read.
 */
export async function acceptLicense(
  deps: LicenseDeps,
  actor: Actor,
  reference: string,
  input: AcceptLicense,
): Promise<LicenseAcceptance> {
  return deps.database.transaction(async (trx) => {
    const version = await getVersion(trx, reference)
    const label = `${version.model_name}@${version.number}`
    const sha256 = await currentText(trx, version.id)
    if (sha256 === null) {
      throw conflict('no_license_text', `${label} has no license text to accept.`, 'Attach the text first.')
    }
    if (sha256 !== input.textSha256) {
      throw conflict(
        'license_text_changed',
        `The license text of ${label} is another by now.`,
        'Read it again and accept that text.',
      )
    }
    const row: LicenseAcceptanceRow = {
      id: deps.newId('license'),
      version_id: version.id,
      project_id: version.project_id,
      license_id: (await readLicense(trx, version.id))?.license_id ?? null,
      text_sha256: sha256,
      accepted_by: actor.name,
      accepted_by_id: actor.id,
      accepted_at: deps.clock.date(),
    }
    await insertAcceptance(trx, row)
    await deps.audit(trx, {
      actor,
      action: 'license.accept',
      object: { type: 'version', id: version.id, name: label },
      projectId: version.project_id,
      evidence: { acceptanceId: row.id, licenseId: row.license_id, textSha256: sha256 },
    })
    return toAcceptance(row, sha256)
  })
}

/** Who accepted which text, newest first. */
export async function listAcceptances(
  db: Db,
  reference: string,
  input: { limit: number; cursor?: string },
): Promise<Page<LicenseAcceptance>> {
  const version = await getVersion(db, reference)
  const values = input.cursor === undefined ? undefined : decodeCursor(input.cursor, ['date', 'text'])
  const before = values === undefined ? {} : { before: { at: values[0], id: values[1] } }
  const rows = await listAcceptanceRows(db, { versionId: version.id, limit: input.limit, ...before })
  const current = await currentText(db, version.id)
  return toPage(
    rows,
    input.limit,
    (row) => toAcceptance(row, current),
    (row) => [row.accepted_at.toISOString(), row.id],
  )
}

/** The newest acceptance, if it is of the text that is there now. */
export async function acceptanceInForce(db: Db | Trx, versionId: string): Promise<LicenseAcceptance | null> {
  const current = await currentText(db, versionId)
  const newest = (await listAcceptanceRows(db, { versionId, limit: 1 }))[0]
  return newest === undefined || newest.text_sha256 !== current ? null : toAcceptance(newest, current)
}

function toAcceptance(row: LicenseAcceptanceRow, current: string | null): LicenseAcceptance {
  return {
    id: row.id,
    versionId: row.version_id,
    licenseId: row.license_id,
    textSha256: row.text_sha256,
    acceptedBy: row.accepted_by,
    acceptedAt: row.accepted_at.toISOString(),
    current: row.text_sha256 === current,
  }
}

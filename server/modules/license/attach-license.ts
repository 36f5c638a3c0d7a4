import { createHash } from 'node:crypto'
import type { AttachedLicense, AttachLicense } from '../../../contract/index.ts'
import { conflict, invalid, notFound } from '../../../kernel/index.ts'
import type { Actor } from '../../platform/actor.ts'
import { getVersion } from '../catalog/index.ts'
import { refresh, storeAssessment } from './assess-version.ts'
import type { LicenseDeps } from './deps.ts'
import { loadMatcher } from './match/load-matcher.ts'
import { attachedFiles, insertLicenseFile, type LicenseFileRow, markFileRemoved } from './store.ts'

const maxAttached = 20

/**
 * Attaches a license text to a version, or a link to its terms, and judges the license again. A text counts before the version's own
 * file; a link is a declaration and is not fetched. Throws `invalid` unless exactly one of text and url is given.
 */
export async function attachLicense(
  deps: LicenseDeps,
  actor: Actor,
  reference: string,
  input: AttachLicense,
): Promise<AttachedLicense> {
  const { text, url } = input
  if ((text === undefined) === (url === undefined)) {
    throw invalid('text_or_url', 'A license is attached as a text or as a link.', 'Give text or url, not both.')
  }
  if (text?.includes('\0') === true) throw invalid('not_text', 'The license is not text.', 'Attach a text file.')
  const matcher = await loadMatcher()
  return deps.database.transaction(async (trx) => {
    const version = await getVersion(trx, reference)
    const label = `${version.model_name}@${version.number}`
    if ((await attachedFiles(trx, version.id)).length >= maxAttached) {
      throw conflict(
        'too_many_attached',
        `${label} has ${maxAttached} attached licenses.`,
        'Remove those that no longer count.',
      )
    }
    const row: LicenseFileRow = {
      id: deps.newId('license'),
      version_id: version.id,
      project_id: version.project_id,
      kind: text === undefined ? 'link' : 'text',
      name: input.name ?? (url === undefined ? 'LICENSE' : url.slice(0, 200)),
      url: url ?? null,
      sha256: text === undefined ? null : createHash('sha256').update(text).digest('hex'),
      text: text ?? null,
      reason: input.reason,
      attached_by: actor.name,
      attached_at: deps.clock.date(),
      removed_by: null,
      removed_at: null,
      removed_reason: null,
    }
    await insertLicenseFile(trx, row)
    const { assessed } = await storeAssessment(deps, trx, matcher, version.id)
    await refresh(deps, trx, version)
    await deps.audit(trx, {
      actor,
      action: 'license.attach',
      object: { type: 'version', id: version.id, name: label },
      projectId: version.project_id,
      reason: input.reason,
      after: {
        kind: row.kind,
        name: row.name,
        sha256: row.sha256,
        url: row.url,
        license: assessed.license?.id ?? null,
      },
    })
    return toAttached(row)
  })
}

/** Takes an attached license back; its row stays with the reason. Throws `not_found` when it is not attached. */
export async function removeLicense(
  deps: LicenseDeps,
  actor: Actor,
  reference: string,
  fileId: string,
  reason: string,
): Promise<void> {
  const matcher = await loadMatcher()
  await deps.database.transaction(async (trx) => {
    const version = await getVersion(trx, reference)
    const file = (await attachedFiles(trx, version.id)).find(({ id }) => id === fileId)
    if (file === undefined) {
      throw notFound(
        'license_not_attached',
        `No attached license has the id "${fileId}".`,
        'See the attached ones with `modelhub show --license`.',
      )
    }
    await markFileRemoved(trx, file.id, {
      removed_by: actor.name,
      removed_at: deps.clock.date(),
      removed_reason: reason,
    })
    await storeAssessment(deps, trx, matcher, version.id)
    await refresh(deps, trx, version)
    await deps.audit(trx, {
      actor,
      action: 'license.remove',
      object: { type: 'version', id: version.id, name: `${version.model_name}@${version.number}` },
      projectId: version.project_id,
      reason,
      before: { kind: file.kind, name: file.name, sha256: file.sha256, url: file.url },
    })
  })
}

export function toAttached(row: LicenseFileRow): AttachedLicense {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    url: row.url,
    sha256: row.sha256,
    reason: row.reason,
    attachedBy: row.attached_by,
    attachedAt: row.attached_at.toISOString(),
  }
}

import type { Trx } from '../../../platform/db/index.ts'
import { readFileRows } from '../../artifacts/index.ts'
import type { NamedVersionRow } from '../../catalog/index.ts'
import { type SignatureRow, saveSignature, writeBundle, writeStatement } from '../../verification/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { cloudSourceOf } from '../hosted/source.ts'
import { signedFiles } from './check-signatures.ts'

/**
 * The hub's own signature over the files of a version, ready to be kept in the transaction that publishes it; null where there are no
 * files, or no key.
 */
export async function prepareSignature(deps: LifecycleDeps, version: NamedVersionRow): Promise<SignatureRow | null> {
  const { provenance } = deps
  if (provenance === undefined || version.digest === null || cloudSourceOf(version) !== null) return null
  const rows = await readFileRows(deps.database.db, version.id)
  const files = signedFiles(rows)
  if (files.length < rows.length || files.length === 0) return null
  const statement = writeStatement(version.model_name, files)
  const { key } = provenance
  const at = deps.clock.date()
  return {
    id: deps.newId('signature'),
    version_id: version.id,
    project_id: version.project_id,
    origin: 'hub',
    path: null,
    digest: version.digest,
    bundle: JSON.stringify(writeBundle(statement, key.keyId, key.sign)),
    status: 'verified',
    message: 'Signed by this hub when it was published.',
    remedy: null,
    method: 'key',
    signer: { name: 'this hub', keyId: key.keyId, identity: null, issuer: null, expiresAt: null },
    files: files.length,
    signed_at: at,
    checked_at: at,
  }
}

/** Keeps a prepared signature when it is still that of the version's files. */
export async function keepSignature(
  trx: Trx,
  prepared: SignatureRow | null,
  version: Pick<NamedVersionRow, 'digest'>,
): Promise<{ signedBy: string } | null> {
  if (prepared === null || prepared.digest !== version.digest) return null
  await saveSignature(trx, prepared)
  return { signedBy: prepared.signer.keyId ?? '' }
}

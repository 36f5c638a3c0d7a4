import type { VersionSignature } from '../../../../contract/index.ts'
import { conflict, limitReached, notFound } from '../../../../kernel/index.ts'
import type { Actor } from '../../../platform/actor.ts'
import type { Db } from '../../../platform/db/index.ts'
import { decodeCursor, type Page, toPage } from '../../../platform/page.ts'
import { readFileRows } from '../../artifacts/index.ts'
import { getVersion } from '../../catalog/index.ts'
import {
  countSignatures,
  isSignatureFile,
  pageSignatures,
  readHubSignature,
  type SignatureRow,
  type SignatureSummary,
  saveSignature,
  verifySignature,
} from '../../verification/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { signedFiles, toRow } from './check-signatures.ts'
import { trustOf } from './trust-of.ts'

/** Signatures of one version. */
const mostSignatures = 100

/** What signatures of a version there are and what the last check said, newest first. */
export async function listSignatures(
  db: Db,
  reference: string,
  input: { limit: number; cursor?: string },
): Promise<Page<VersionSignature>> {
  const version = await getVersion(db, reference)
  const before = input.cursor === undefined ? null : decodeCursor(input.cursor, ['text'])[0]
  const rows = await pageSignatures(db, version.id, input.limit, before)
  return toPage(rows, input.limit, presentSignature, ({ id }) => [id])
}

/** The signature that this hub made at publish, as a Sigstore bundle. Throws `conflict` `not_signed`. */
export async function readSignature(db: Db, reference: string): Promise<Record<string, unknown>> {
  const version = await getVersion(db, reference)
  const row = await readHubSignature(db, version.id)
  if (row !== undefined && row.digest === version.digest) return JSON.parse(row.bundle) as Record<string, unknown>
  throw conflict(
    'not_signed',
    `${version.model_name}@${version.number} is not signed by this hub.`,
    'A version of files is signed when it is published.',
  )
}

/**
 * Checks a signature that a person brings and keeps it with what the check said, good or not. Throws `conflict` `nothing_to_sign`, `limit`
 * `too_many_signatures`.
 */
export async function giveSignature(
  deps: LifecycleDeps,
  actor: Actor,
  reference: string,
  bundle: Record<string, unknown>,
): Promise<VersionSignature> {
  const { db } = deps.database
  const version = await getVersion(db, reference)
  const label = `${version.model_name}@${version.number}`
  if (version.digest === null) {
    throw conflict('nothing_to_sign', `${label} has no files here that were hashed.`, 'Ingest it first.')
  }
  const rows = await readFileRows(db, version.id)
  const trust = await trustOf(deps, db, version)
  const text = JSON.stringify(bundle).replaceAll('\\u0000', '')
  const own = rows.map(({ path }) => path).filter(isSignatureFile)
  const check = await verifySignature(Buffer.from(text), signedFiles(rows), own, trust)
  const row: SignatureRow = {
    ...toRow(check, trust),
    id: deps.newId('signature'),
    version_id: version.id,
    project_id: version.project_id,
    origin: 'given',
    path: null,
    digest: version.digest,
    bundle: text,
  }
  await deps.database.transaction(async (trx) => {
    if ((await countSignatures(trx, version.id)) >= mostSignatures) {
      throw limitReached('too_many_signatures', `${label} has ${mostSignatures} signatures already.`)
    }
    await saveSignature(trx, row)
    await deps.audit(trx, {
      actor,
      action: 'version.signature_given',
      object: { type: 'version', id: version.id, name: label },
      projectId: version.project_id,
      evidence: { signature: row.id, status: row.status, signer: row.signer, digest: row.digest },
    })
  })
  return presentSignature(row)
}

/** By what others recognize the signatures of this hub. Throws `not_found` in a process without its key. */
export function signingIdentity(deps: Pick<LifecycleDeps, 'provenance'>): {
  algorithm: 'ECDSA P-256 with SHA-256'
  publicKey: string
  keyId: string
} {
  if (deps.provenance === undefined) throw notFound('no_signing_key', 'This process has no signing key.')
  const { publicKey, keyId } = deps.provenance.key
  return { algorithm: 'ECDSA P-256 with SHA-256', publicKey, keyId }
}

const presentSignature = (row: SignatureSummary): VersionSignature => ({
  id: row.id,
  versionId: row.version_id,
  origin: row.origin,
  path: row.path,
  status: row.status,
  message: row.message,
  remedy: row.remedy,
  method: row.method,
  signer: row.signer,
  files: row.files,
  signedAt: row.signed_at?.toISOString() ?? null,
  checkedAt: row.checked_at.toISOString(),
})

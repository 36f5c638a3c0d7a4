import type { Trx } from '../../../platform/db/index.ts'
import type { NamedVersionRow } from '../../catalog/index.ts'
import { isSignatureFile, type SignedFile, saveSignature, verifySignature } from '../../verification/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { toRow } from './check-signatures.ts'
import { trustOf } from './trust-of.ts'

/** A signature that came with the files, beside them: such as that of another hub in the bundle it gave. */
export type BroughtSignature = {
  bundle: Record<string, unknown>
  /** What came with it, by the digests that were found when it was taken. */
  files: readonly SignedFile[]
  /** Of the manifest of these files. */
  digest: string
}

/** Keeps it with a version that is being registered, with what a check says now; the ingest looks again. Gives what the audit trail tells. */
export async function keepBroughtSignature(
  deps: Pick<LifecycleDeps, 'clock' | 'newId' | 'provenance'>,
  trx: Trx,
  version: Pick<NamedVersionRow, 'id' | 'project_id' | 'source'>,
  { bundle, files, digest }: BroughtSignature,
): Promise<Record<string, unknown>> {
  const trust = await trustOf(deps, trx, version)
  // The database holds no NUL.
  const text = JSON.stringify(bundle).replaceAll('\\u0000', '')
  const own = files.map(({ path }) => path).filter(isSignatureFile)
  const check = await verifySignature(Buffer.from(text), files, own, trust)
  const row = {
    ...toRow(check, trust),
    id: deps.newId('signature'),
    version_id: version.id,
    project_id: version.project_id,
    origin: 'given' as const,
    path: null,
    digest,
    bundle: text,
  }
  await saveSignature(trx, row)
  return { signature: row.id, status: row.status, signer: row.signer }
}

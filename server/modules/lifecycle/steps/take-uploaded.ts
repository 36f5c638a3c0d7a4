import type { Source } from '../../../../contract/index.ts'
import { conflict } from '../../../../kernel/index.ts'
import { type DigestPatch, type FileRow, hashFile } from '../../artifacts/index.ts'
import type { NamedVersionRow } from '../../catalog/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { openUnchecked } from '../files/open-file.ts'
import { assertStated, refOf } from './source-ref.ts'

/** The upload that a version is made of; null: it is made of something else. */
export const uploadOf = (source: Source): string | null =>
  source.type === 'disk' && source.upload !== undefined ? source.upload : null

/**
 * Takes an uploaded file into the store without a second copy: the hub hashed its bytes while they came, and nobody else may write them.
 * After damage they are read again, because the damaged file in the store was the same one.
 */
export async function takeUploaded(
  deps: LifecycleDeps,
  version: NamedVersionRow,
  row: FileRow,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<DigestPatch> {
  const sha256 = refOf(row).arrived
  if (sha256 === undefined || row.real_path === null) {
    throw conflict('plan_missing', `${row.path} was never planned.`, 'Retry the version.')
  }
  assertStated(row, sha256)
  const patch = { path: row.path, sha256, stored: 'blob' as const, real_path: null, fingerprint: null }
  const known = await deps.blobs.stat(sha256)
  if (known?.size !== row.size || !(await deps.blobs.renew(sha256))) {
    if (!version.intact) await assertBytes(row, row.real_path, sha256, signal)
    await deps.blobs.adopt(row.real_path, { sha256, size: row.size }, { keep: true })
  }
  onBytes(row.size)
  return patch
}

async function assertBytes(row: FileRow, path: string, sha256: string, signal: AbortSignal): Promise<void> {
  const handle = await openUnchecked(path)
  try {
    if ((await hashFile(handle, row.size, () => undefined, signal)) === sha256) return
  } finally {
    await handle.close()
  }
  throw conflict(
    'upload_damaged',
    `${row.path} of the upload has other bytes than arrived.`,
    'Look at the disk of the data folder; upload the files again and register the model from that.',
  )
}

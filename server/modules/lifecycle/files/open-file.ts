import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { conflict } from '../../../../kernel/index.ts'
import type { FileRow } from '../../artifacts/index.ts'
import { fingerprintOf, sameFingerprint } from '../../sources/index.ts'
import type { LifecycleDeps } from '../deps.ts'

/** Where the bytes of a file are: in the store, or where they were registered. Throws `conflict` when the file has no bytes yet. */
export async function filePath(deps: Pick<LifecycleDeps, 'blobs'>, row: FileRow): Promise<string> {
  if (row.stored === 'blob' && row.sha256 !== null) {
    const blob = await deps.blobs.open(row.sha256)
    await blob.close()
    return blob.path
  }
  if (row.stored === 'in_place' && row.real_path !== null) return row.real_path
  throw conflict('file_pending', `${row.path} has not been ingested yet.`, 'Retry the version.')
}

/** Opens the bytes of a file. One registered in place must still be the file that was hashed; throws `conflict` otherwise. */
export async function openFile(deps: Pick<LifecycleDeps, 'blobs'>, row: FileRow): Promise<FileHandle> {
  const handle = await openUnchecked(await filePath(deps, row)).catch((cause: unknown) => {
    throw changed(row, cause)
  })
  try {
    await assertUnchanged(row, handle)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/**
 * Throws `conflict` when an open file that was registered in place is not, or not any more, the one that was hashed. Asked before a
 * read and again after it, it proves that what was read are the bytes of the recorded digest.
 */
export async function assertUnchanged(row: FileRow, handle: FileHandle): Promise<void> {
  if (row.stored !== 'in_place' || row.fingerprint === null) return
  if (!sameFingerprint(fingerprintOf(await handle.stat({ bigint: true })), row.fingerprint)) throw changed(row)
}

/** A link in place of the file is refused, and a pipe must not keep a thread waiting for a writer. */
export const openUnchecked = (path: string): Promise<FileHandle> =>
  open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)

function changed(row: FileRow, cause?: unknown) {
  return conflict(
    'file_changed',
    `${row.path} is not the file that was registered.`,
    'Put the original file back, or register the changed files as a new version.',
    cause === undefined ? undefined : { cause },
  )
}

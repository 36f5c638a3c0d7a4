import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { conflict } from '../../../kernel/index.ts'
import type { BlobStore } from '../../platform/blobs/index.ts'
import type { FileRow } from '../artifacts/index.ts'
import { fingerprintOf, sameFingerprint } from '../sources/index.ts'

/** Large enough that the disk is busy and the event loop is not (bytes). */
const chunkBytes = 512 * 1024

export type OpenBytes = {
  chunks: AsyncGenerator<Uint8Array, void, void>
  /** Must be called in the end, whether the chunks were read or not; again does nothing. */
  close: () => Promise<void>
}

/**
 * The bytes `start` to `end` of a file of a version, both included: from the store, or from where it was registered if it is still the
 * file that was hashed. It is asked again before the last piece is given away, so that nobody gets the whole of a file that changed
 * while it was read.
 * @throws conflict `file_changed`, `file_pending`, not_found `blob_not_found`, before anything is read
 */
export async function openBytes(
  deps: { blobs: BlobStore },
  row: FileRow,
  range: { start: number; end: number },
): Promise<OpenBytes> {
  if (row.stored === 'blob' && row.sha256 !== null) {
    const blob = await deps.blobs.open(row.sha256)
    await blob.close()
    const chunks = fromStore(deps.blobs, row.sha256, range)
    return { chunks, close: () => chunks.return() as Promise<unknown> as Promise<void> }
  }
  if (row.stored !== 'in_place' || row.real_path === null || row.fingerprint === null) {
    throw conflict('file_pending', `${row.path} has not been ingested yet.`, 'Retry the version.')
  }
  // A link in place of the file is refused, and a pipe must not keep a thread waiting for a writer.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const handle = await open(row.real_path, flags).catch((cause: unknown) => {
    throw changed(row, cause)
  })
  try {
    await assertSame(row, handle)
  } catch (error) {
    await handle.close()
    throw error
  }
  return { chunks: fromDisk(row, handle, range), close: () => handle.close() }
}

async function* fromStore(
  blobs: BlobStore,
  sha256: string,
  { start, end }: { start: number; end: number },
): AsyncGenerator<Uint8Array, void, void> {
  if (end < start) return
  for await (const chunk of blobs.createReadStream(sha256, { start, end })) yield chunk as Buffer
}

async function* fromDisk(
  row: FileRow,
  handle: FileHandle,
  { start, end }: { start: number; end: number },
): AsyncGenerator<Uint8Array, void, void> {
  for (let position = start; position <= end; ) {
    const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, end + 1 - position))
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position)
    if (bytesRead === 0) throw changed(row)
    position += bytesRead
    if (position > end) await assertSame(row, handle)
    yield buffer.subarray(0, bytesRead)
  }
}

async function assertSame(row: FileRow, handle: FileHandle): Promise<void> {
  const found = fingerprintOf(await handle.stat({ bigint: true }))
  if (row.fingerprint === null || !sameFingerprint(found, row.fingerprint)) throw changed(row)
}

function changed(row: FileRow, cause?: unknown) {
  return conflict(
    'file_changed',
    `${row.path} is not the file that was registered.`,
    'Put the original file back, or register the changed files as a new version.',
    cause === undefined ? undefined : { cause },
  )
}

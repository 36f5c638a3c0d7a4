import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { conflict } from '../../../kernel/index.ts'
import { readOpenFile } from './read-open-file.ts'

/**
 * SHA-256 of an open file, read once from start to end. Throws `conflict` when it ends before or after `size`.
 * @param onBytes called with the length of each chunk; what it gives is waited for
 */
export async function hashFile(
  handle: FileHandle,
  size: number,
  onBytes: (bytes: number) => void | Promise<void>,
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256')
  let position = 0
  for await (const chunk of readOpenFile(handle, size, signal)) {
    position += chunk.length
    if (position > size) break
    hash.update(chunk)
    const pause = onBytes(chunk.length)
    if (pause !== undefined) await pause
  }
  if (position !== size) {
    throw conflict(
      'file_changed',
      'The file changed its length while it was read.',
      'Wait until nothing writes to it, then retry.',
    )
  }
  return hash.digest('hex')
}

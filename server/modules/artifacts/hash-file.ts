import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { conflict } from '../../../kernel/index.ts'

const chunkBytes = 1 << 20

/**
 * SHA-256 of an open file, read once from start to end. Throws `conflict` when it ends before or after `size`.
 * @param onBytes called with the length of each chunk
 */
export async function hashFile(
  handle: FileHandle,
  size: number,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(chunkBytes)
  let position = 0
  for (;;) {
    signal?.throwIfAborted()
    const { bytesRead } = await handle.read(buffer, 0, chunkBytes, position)
    if (bytesRead === 0) break
    position += bytesRead
    if (position > size) break
    hash.update(buffer.subarray(0, bytesRead))
    onBytes(bytesRead)
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

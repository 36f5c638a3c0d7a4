import type { FileHandle } from 'node:fs/promises'

const chunkBytes = 1 << 20

/**
 * The bytes of an open file from its start, at most 1 MiB at a time; a chunk is valid until the next one is asked for. The handle
 * stays open: whoever opened it still has to look at it and to close it, which a stream over its descriptor would have done already.
 * @param size bytes that are expected, so that a hundred thousand small files do not take 1 MiB each
 */
export async function* readOpenFile(
  handle: FileHandle,
  size: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  // One byte more than expected: a file that grew is seen with the last read.
  const buffer = Buffer.allocUnsafeSlow(Math.min(chunkBytes, size + 1))
  let position = 0
  for (;;) {
    signal?.throwIfAborted()
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position)
    if (bytesRead === 0) return
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

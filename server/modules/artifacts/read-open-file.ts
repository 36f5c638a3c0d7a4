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
  // One byte more than expected: a file that grew is seen with the last read. Two of them: while one is looked at, the other is filled.
  const length = Math.min(chunkBytes, size + 1)
  let [filling, spare] = [Buffer.allocUnsafeSlow(length), size < chunkBytes ? null : Buffer.allocUnsafeSlow(length)]
  let position = 0
  const fill = async (buffer: Buffer) => await handle.read(buffer, 0, buffer.length, position)
  let pending: ReturnType<typeof fill> | null = null
  try {
    for (;;) {
      signal?.throwIfAborted()
      const { bytesRead } = await (pending ?? fill(filling))
      pending = null
      if (bytesRead === 0) return
      position += bytesRead
      const full = filling
      if (spare !== null) {
        ;[filling, spare] = [spare, filling]
        pending = fill(filling)
        // Whoever looks at the present chunk learns of it when he asks for the next one.
        pending.catch(() => undefined)
      }
      yield full.subarray(0, bytesRead)
    }
  } finally {
    // The handle is closed next, and must not be while it is read from.
    await pending?.catch(() => undefined)
  }
}

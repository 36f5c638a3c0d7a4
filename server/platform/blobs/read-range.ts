import { open } from 'node:fs/promises'
import { asMissing } from './file-state.ts'

const chunkSize = 256 * 1024

/** Bytes of a file from `start` to `end`, both inclusive; a blob that is gone is told as such. */
export async function* readRange(
  path: string,
  sha256: string,
  range: { start?: number; end?: number },
): AsyncGenerator<Buffer> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw asMissing(error, sha256)
  })
  try {
    let position = range.start ?? 0
    const end = range.end ?? Number.MAX_SAFE_INTEGER - 1
    while (position <= end) {
      const buffer = Buffer.allocUnsafe(Math.min(chunkSize, end + 1 - position))
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, position)
      if (bytesRead === 0) return
      position += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}

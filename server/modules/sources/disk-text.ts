import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { HubError, invalid, limitReached } from '../../../kernel/index.ts'
import { isAt } from './disk-descriptor.ts'
import { resolveInRoots } from './disk-roots.ts'

/**
 * The text of a small file below a folder, or by its absolute path, inside the allowed roots. Null: there is none. Throws `limit`
 * `file_too_large`, `invalid` `not_text`, `forbidden` outside the roots.
 */
export async function readDiskText(
  folder: string,
  path: string,
  roots: readonly string[],
  mostBytes: number,
): Promise<string | null> {
  const real = await resolveInRoots(isAbsolute(path) ? path : join(folder, path), roots).catch((error: unknown) => {
    if (error instanceof HubError && error.kind === 'not_found') return null
    throw error
  })
  if (real === null) return null
  const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const found = await handle.stat()
    if (!found.isFile() || !(await isAt(handle, real))) return null
    if (found.size > mostBytes) {
      throw limitReached('file_too_large', `${path} holds more than ${mostBytes} bytes.`, 'Give a list of checksums.')
    }
    const buffer = Buffer.alloc(found.size)
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0)
    return new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, bytesRead))
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw invalid('not_text', `${path} is no text in UTF-8.`, 'Give a list of checksums.', { cause })
  } finally {
    await handle.close()
  }
}

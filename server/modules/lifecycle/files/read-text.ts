import type { FileRow } from '../../artifacts/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { openFile } from './open-file.ts'

/** The first `maxBytes` of a file as UTF-8 text; null when it is not text. */
export async function readText(
  deps: Pick<LifecycleDeps, 'blobs'>,
  row: FileRow,
  maxBytes = 256 * 1024,
): Promise<string | null> {
  const handle = await openFile(deps, row)
  try {
    const buffer = Buffer.alloc(Math.min(maxBytes, row.size))
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0)
    const text = new TextDecoder('utf-8').decode(buffer.subarray(0, bytesRead))
    return text.includes('\0') ? null : text
  } finally {
    await handle.close()
  }
}

import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { limitReached } from '../../../../kernel/index.ts'
import { freeBytes, workingBytes } from '../../../platform/place/index.ts'

/** A file out of an archive; its name there is a number, so that nothing an archive says becomes a path. */
export type Member = { path: string; file: string; size: number; sha256: string }

export type WriteMember = (path: string, bytes: AsyncIterable<Uint8Array>) => Promise<Member>

const roomEvery = 8 * 2 ** 20

/** Writes members into a folder, one after the other, hashing on the way. `onBytes` may throw to stop it. */
export function createMemberWriter(
  folder: string,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): WriteMember {
  let count = 0
  let sinceLook = roomEvery
  return async (path, bytes) => {
    const file = join(folder, String(count++))
    const hash = createHash('sha256')
    let size = 0
    const handle = await open(file, 'wx', 0o600)
    try {
      for await (const chunk of bytes) {
        signal?.throwIfAborted()
        onBytes(chunk.length)
        sinceLook += chunk.length
        if (sinceLook >= roomEvery) {
          sinceLook = 0
          assertRoomLeft(folder)
        }
        hash.update(chunk)
        for (let done = 0; done < chunk.length; ) done += (await handle.write(chunk, done)).bytesWritten
        size += chunk.length
      }
    } finally {
      await handle.close()
    }
    return { path, file, size, sha256: hash.digest('hex') }
  }
}

/** What an archive says of its size may be a lie: the disk is asked while it is unpacked. */
function assertRoomLeft(folder: string): void {
  const free = freeBytes(folder)
  if (free >= 2 * workingBytes) return
  throw limitReached(
    'disk_full',
    `The disk is full: the archive needs more than the ${free} bytes that are left on the disk of ${dirname(folder)}.`,
    'Free space on the disk of the data folder, then retry; what was downloaded is kept.',
    { details: { status: 507, freeBytes: free } },
  )
}

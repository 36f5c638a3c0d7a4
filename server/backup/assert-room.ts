import { statfs } from 'node:fs/promises'
import { limitReached } from '../../kernel/index.ts'

/** Throws `limit` `disk_full` with what is missing when the disk of a folder has less room than `bytes`. */
export async function assertRoom(folder: string, bytes: number, what: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (free >= bytes) return
  throw limitReached(
    'disk_full',
    `${what} needs ${megabytes(bytes)}; the disk of ${folder} has ${megabytes(free)} free: ${megabytes(bytes - free)} are missing.`,
    'Free space there, or use another disk.',
    { details: { status: 507, folder, neededBytes: bytes, freeBytes: free, missingBytes: bytes - free } },
  )
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1_000_000).toLocaleString('en')} MB`

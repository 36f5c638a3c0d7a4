import { constants } from 'node:fs'
import { copyFile, type FileHandle, rm } from 'node:fs/promises'

/**
 * Makes a file at `path` that shares the bytes of an open one until either is written (a reflink), as Btrfs, XFS and bcachefs can.
 * False, with nothing left, where that cannot be done: another file system, another disk, or a system that opens no file by its descriptor.
 */
export type CloneFile = (from: FileHandle, path: string) => Promise<boolean>

/** What systems say that cannot. */
const cannot: ReadonlySet<unknown> = new Set(['ENOTSUP', 'EOPNOTSUPP', 'EXDEV', 'ENOTTY', 'EINVAL', 'ENOSYS', 'EPERM'])

/** Disks whose files could not be cloned: nothing about that changes while they are mounted. */
const disksWithout = new Set<bigint>()

export const cloneFile: CloneFile = async (from, path) => {
  // By its path it could be another file by now.
  if (process.platform !== 'linux') return false
  const { dev } = await from.stat({ bigint: true })
  if (disksWithout.has(dev)) return false
  try {
    await copyFile(`/proc/self/fd/${from.fd}`, path, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL)
    return true
  } catch (error) {
    await rm(path, { force: true })
    if (!(error instanceof Error && 'code' in error && cannot.has(error.code))) throw error
    disksWithout.add(dev)
    return false
  }
}

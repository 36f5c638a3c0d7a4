import type { Dirent } from 'node:fs'
import { constants } from 'node:fs'
import { type FileHandle, open, readdir, readlink, realpath } from 'node:fs/promises'

/**
 * True when what is open lies at exactly `path`, without a link anywhere on the way. The kernel is asked about the descriptor, so a
 * folder on the way that is swapped for a link between a check of the path and the opening does not go unseen; where there is no
 * /proc the path is resolved again, which leaves a moment between the two.
 */
export async function isAt(handle: FileHandle, path: string): Promise<boolean> {
  const at = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => realpath(path))
  return at === path
}

export type OpenFolder = {
  /** What a path below the folder must begin with so that it is looked up in this very folder, whatever is at its path by now. */
  prefix: string
  entries: Dirent[]
  close: () => Promise<void>
}

/** Opens a folder and lists it, in the order of names. Null when `path` is no folder, or is reached through a link, any more. */
export async function openFolder(path: string): Promise<OpenFolder | null> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW).catch(gone)
  if (handle === null) return null
  try {
    if (!(await isAt(handle, path))) {
      await handle.close()
      return null
    }
    const prefix = process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : path
    const entries = await readdir(prefix, { withFileTypes: true })
    entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    return { prefix, entries, close: () => handle.close() }
  } catch (error) {
    await handle.close()
    throw error
  }
}

function gone(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'ELOOP') return null
  throw error
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** The control plane's lock (embedded database), and the gateway's. */
const lockFiles = ['hub.lock.sqlite', join('gateway', 'gateway.lock.sqlite')]

/**
 * Whether a process holds the data folder. Looked at from this process and read-only: the kernel's lock belongs to the process that
 * took it, so that opening and closing the file here takes nothing from a hub. Undefined where the file cannot be read.
 */
export function folderIsLocked(folder: string): boolean | undefined {
  let known: boolean | undefined = false
  for (const name of lockFiles) {
    const path = join(folder, name)
    if (!existsSync(path)) continue
    const locked = isLocked(path)
    if (locked === true) return true
    known ??= locked
    if (locked === undefined) known = undefined
  }
  return known
}

function isLocked(path: string): boolean | undefined {
  let file: DatabaseSync | undefined
  try {
    file = new DatabaseSync(path, { readOnly: true, timeout: 0 })
    file.prepare('select count(*) from sqlite_master').get()
    return false
  } catch (error) {
    const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined
    return code === 5 || code === 6 ? true : undefined
  } finally {
    file?.close()
  }
}

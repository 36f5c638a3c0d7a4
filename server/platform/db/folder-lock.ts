import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { conflict } from '../../../kernel/index.ts'

// The lock lives as long as its connection object, so the objects are held here: an unreachable one is collected and its lock
// is lost. SQLite locks by fcntl, which the kernel frees when the process dies, and also when this process closes *any* other
// descriptor of the file: nothing in the hub may open or copy it.
const held = new Map<string, DatabaseSync>()

const fileName = 'hub.lock.sqlite'
const pidName = 'hub.pid'

/**
 * Takes the data folder for this process. Throws `conflict` `data_folder_in_use` when another hub has it.
 * @returns the function that gives it back
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, fileName)
  if (held.has(path)) throw inUse(folder)
  const lock = new DatabaseSync(path, { timeout: 0 })
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch (error) {
    lock.close()
    if (isBusy(error)) throw inUse(folder)
    throw error
  }
  held.set(path, lock)
  writeFileSync(join(folder, pidName), String(process.pid), { mode: 0o600 })
  return () => {
    if (!held.delete(path)) return
    rmSync(join(folder, pidName), { force: true })
    lock.close()
  }
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && (error.errcode === 5 || error.errcode === 6)

function inUse(folder: string): Error {
  const pid = readPid(folder)
  return conflict(
    'data_folder_in_use',
    `Another hub${pid === undefined ? '' : ` (process ${pid})`} is running on the data folder ${folder}.`,
    'Stop it first, or give this one its own folder with MODELHUB_DATA.',
    { details: { folder, ...(pid === undefined ? {} : { pid }) } },
  )
}

function readPid(folder: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(folder, pidName), 'utf8'))
    return Number.isInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}

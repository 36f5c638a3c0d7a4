import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { conflict } from '../kernel/index.ts'

// An unreachable connection is collected and its lock lost, so the connections are held here. The kernel frees the lock when the
// process dies, however it dies.
const held = new Map<string, DatabaseSync>()

/**
 * Takes the gateway's folder for this process: two gateways would rename and delete each other's usage.
 * @returns gives it back
 * @throws HubError `data_folder_in_use`
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'gateway.lock.sqlite')
  if (held.has(path)) throw inUse(folder)
  const lock = new DatabaseSync(path, { timeout: 0 })
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch (error) {
    lock.close()
    const busy = error instanceof Error && 'errcode' in error && (error.errcode === 5 || error.errcode === 6)
    throw busy ? inUse(folder) : error
  }
  held.set(path, lock)
  return () => {
    if (held.delete(path)) lock.close()
  }
}

const inUse = (folder: string) =>
  conflict(
    'data_folder_in_use',
    `Another gateway is running on the folder ${folder}.`,
    'Stop it first, or give this one its own folder with MODELHUB_DATA.',
    { details: { folder } },
  )

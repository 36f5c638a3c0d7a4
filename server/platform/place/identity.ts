import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { conflict } from '../../../kernel/index.ts'

/** Which folder a path means now: device and inode. Undefined when there is none. */
export function folderIdentity(folder: string): string | undefined {
  const found = statSync(folder, { throwIfNoEntry: false })
  return found === undefined ? undefined : `${found.dev}:${found.ino}`
}

/**
 * A process that is started again beside its hub must find the folder that the hub was started with: a deleted one must not come back
 * empty. `identity` and `made` come from the supervisor.
 * @param made the hub has been ready on this folder, so that its database is there
 * @throws HubError `data_folder_gone`
 */
export function assertSameFolder(folder: string, identity: string | undefined, made: boolean): void {
  const same = identity === undefined || folderIdentity(folder) === identity
  if (same && (!made || existsSync(join(folder, 'VERSION.json')))) return
  throw conflict(
    'data_folder_gone',
    `The data folder ${folder} was deleted, emptied or replaced while the hub ran.`,
    'Put it back, or restore a backup, and start the hub again. Started without, it begins with nothing.',
    { details: { folder } },
  )
}

import { existsSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Clock, invalid } from '../../kernel/index.ts'
import { openDataFolder } from '../platform/db/data-folder.ts'
import { lockFolder } from '../platform/db/folder-lock.ts'
import { readMigrations } from '../platform/db/index.ts'
import { newerThanHub } from '../platform/db/migrate.ts'
import type { Log } from '../platform/log.ts'
import { claimTarget } from './claim-target.ts'
import { databaseFolder, keyFile, versionFile } from './layout.ts'
import { latestSchema } from './open-copy.ts'
import { keyIn } from './stage.ts'
import type { BackupSummary } from './summary.ts'
import { settleLocked } from './swap.ts'
import { type BackupView, writeBackup } from './write-backup.ts'

export type StoppedOptions = {
  dataFolder: string
  target: string
  /** The hub's key, when its settings give it. */
  secretKey: Uint8Array | undefined
  clock: Clock
  log: Log
}

/** Whether a folder holds the data of a hub on the embedded database. */
export const holdsHub = (dataFolder: string): boolean =>
  [databaseFolder, versionFile].every((name) => existsSync(join(dataFolder, name)))

/**
 * Backs up a data folder that no hub has open, holding its lock meanwhile. Leaves nothing of a backup that was not finished.
 * Throws `conflict` `data_folder_in_use` before anything is written, and what `claimTarget` and `writeBackup` throw.
 */
export async function backUpStopped(options: StoppedOptions, view: BackupView): Promise<BackupSummary> {
  const dataFolder = resolve(options.dataFolder)
  if (!existsSync(dataFolder)) throw noHub(dataFolder)
  const unlock = lockFolder(dataFolder)
  try {
    settleLocked(dataFolder)
    const live = openDataFolder(dataFolder)
    const version = live.readVersion()
    const secretKey = options.secretKey ?? (await keyIn(join(dataFolder, keyFile)))
    if (version === undefined || secretKey === undefined || !existsSync(live.database)) throw noHub(dataFolder)
    if (version.schema > latestSchema()) throw newerThanHub(version.schema, readMigrations(), version.hubVersion)
    const claimed = await claimTarget(options.target, dataFolder)
    try {
      return await writeBackup(
        {
          dataFolder,
          // Nobody writes: the files are those of one instant, as a crash would have left them at worst.
          copyDatabase: (folder) => cp(live.database, folder, { recursive: true, errorOnExist: true, force: false }),
          holdBlobs: () => () => undefined,
          secretKey,
          clock: options.clock,
          log: options.log,
        },
        claimed.path,
        view,
      )
    } catch (error) {
      await claimed.abandon()
      throw error
    }
  } finally {
    unlock()
  }
}

const noHub = (dataFolder: string) =>
  invalid(
    'no_hub_data',
    `${dataFolder} is not the data folder of a hub.`,
    'Name it with MODELHUB_DATA. A hub whose first start was cut short must be started once more.',
  )

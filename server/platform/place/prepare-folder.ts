import { makeFolderDurably } from '../durable-files.ts'
import { checkDataFolder, danglingLink, folderError, isDangling } from './check-folder.ts'

/**
 * Makes the data folder with the folders above it (mode 0700) where it is missing, and checks that a hub can work there.
 * @throws HubError `data_folder_…`, `database_missing` or `disk_full`, for the operator
 */
export function prepareDataFolder(folder: string, options: { embedded: boolean }): void {
  if (isDangling(folder)) throw danglingLink(folder)
  try {
    makeFolderDurably(folder)
  } catch (error) {
    throw folderError(folder, error)
  }
  checkDataFolder(folder, options)
}

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type DoctorCheck, fail, ok, warn } from './check.ts'

/** The store of copied files is there, and no scrub has found damage in it. */
export const checkBlobs: DoctorCheck = ({ folder }) => {
  if (!existsSync(join(folder, 'VERSION.json'))) return []
  const store = join(folder, 'blobs')
  if (!existsSync(join(store, 'sha256'))) {
    return [
      fail(
        'blobs',
        `${store} is gone: copied files are lost`,
        'Restore the folder from a backup, start the hub, and run: modelhub storage scrub',
      ),
    ]
  }
  const damaged = names(join(store, 'quarantine'))
  if (damaged.length > 0) {
    return [
      warn(
        'blobs',
        `${damaged.length} damaged ${damaged.length === 1 ? 'file was' : 'files were'} set aside in ${join(store, 'quarantine')}`,
        'Look at the disk (smartctl), register the files again, run modelhub storage scrub, then empty that folder.',
      ),
    ]
  }
  return [ok('blobs', 'nothing is set aside as damaged')]
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

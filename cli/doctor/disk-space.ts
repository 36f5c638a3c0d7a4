import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { freeBytes, startBytes, workingBytes } from '../../server/platform/place/index.ts'
import { bytes } from '../text/units.ts'
import { type DoctorCheck, fail, ok, warn } from './check.ts'

/** Below this much free disk a model of common size no longer fits (bytes). */
const lowBytes = 5e9

/** The disk of the data folder has room for the database, and for models. */
export const checkDiskSpace: DoctorCheck = ({ folder, locked }) => {
  let found = folder
  while (!existsSync(found) && found !== dirname(found)) found = dirname(found)
  const free = freeBytes(found)
  const needed = locked === true ? workingBytes : startBytes(found !== folder)
  if (free < needed) {
    return [
      fail(
        'disk',
        `full: ${needed - free} bytes are missing (${free} are free, ${needed} are needed)`,
        'Free space there, or move the data folder to a larger disk and name it with MODELHUB_DATA.',
      ),
    ]
  }
  if (free < lowBytes) {
    return [warn('disk', `${bytes(free)} free`, 'Make room, or move the data folder with MODELHUB_DATA.')]
  }
  return [ok('disk', `${bytes(free)} free`)]
}

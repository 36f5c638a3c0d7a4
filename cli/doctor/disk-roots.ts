import { accessSync, constants, statSync } from 'node:fs'
import { messageOf } from '../../kernel/index.ts'
import { type Check, type DoctorCheck, fail, ok } from './check.ts'

/** Every folder of MODELHUB_DISK_ROOTS is there and can be read. */
export const checkDiskRoots: DoctorCheck = ({ config }) => {
  const roots = config?.diskRoots ?? []
  if (roots.length === 0) return []
  const bad = roots.flatMap((root): Check[] => {
    try {
      if (!statSync(root).isDirectory()) throw new Error('it is no folder')
      accessSync(root, constants.R_OK | constants.X_OK)
      return []
    } catch (error) {
      return [
        fail(
          'disk roots',
          `${root} cannot be read: ${messageOf(error)}`,
          'Mount or make it, let this user read it, or take it out of MODELHUB_DISK_ROOTS.',
        ),
      ]
    }
  })
  return bad.length > 0 ? bad : [ok('disk roots', roots.join(', '))]
}

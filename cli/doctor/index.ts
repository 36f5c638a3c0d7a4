import { messageOf } from '../../kernel/index.ts'
import { checkBlobs } from './blobs.ts'
import { type Check, type DoctorCheck, fail, type Patient } from './check.ts'
import { checkClamav } from './clamav.ts'
import { checkClock } from './clock.ts'
import { checkDataFolder } from './data-folder.ts'
import { checkDatabase } from './database.ts'
import { checkDiskRoots } from './disk-roots.ts'
import { checkDiskSpace } from './disk-space.ts'
import { checkEngine } from './engine.ts'
import { checkGateway } from './gateway.ts'
import { checkHub } from './hub.ts'
import { checkLeftovers } from './leftovers.ts'
import { checkMemory } from './memory.ts'
import { checkNode } from './node.ts'
import { checkOpenFiles } from './open-files.ts'
import { checkPorts } from './ports.ts'
import { checkSettings } from './settings.ts'
import { checkTemporary } from './temporary.ts'

/** Every check, in the order of the report: this machine first, then the hub. */
const checks: Readonly<Record<string, DoctorCheck>> = {
  node: checkNode,
  settings: checkSettings,
  'data folder': checkDataFolder,
  disk: checkDiskSpace,
  'temporary folder': checkTemporary,
  'open files': checkOpenFiles,
  memory: checkMemory,
  engine: checkEngine,
  clamav: checkClamav,
  clock: checkClock,
  database: checkDatabase,
  'disk roots': checkDiskRoots,
  blobs: checkBlobs,
  ports: checkPorts,
  leftovers: checkLeftovers,
  hub: checkHub,
  gateway: checkGateway,
}

/** Runs every check. One that breaks is itself a finding and keeps no other from being made. */
export async function examine(patient: Patient): Promise<Check[]> {
  const found: Check[] = []
  for (const [name, check] of Object.entries(checks)) {
    try {
      found.push(...(await check(patient)))
    } catch (error) {
      found.push(fail(name, `could not be examined: ${messageOf(error)}`, 'Report this as a defect of the doctor.'))
    }
  }
  return found
}

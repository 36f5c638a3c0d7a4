import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { HubError, messageOf } from '../../kernel/index.ts'
import { readMigrations } from '../../server/platform/db/migrations.ts'
import {
  checkDataFolder as assertDataFolder,
  danglingLink,
  isDangling,
  probeFolder,
} from '../../server/platform/place/index.ts'
import { type Check, type DoctorCheck, fail, ok, type Patient } from './check.ts'

const name = 'data folder'

/** A hub could start, or goes on running, with this data folder; no other user can read its token. */
export const checkDataFolder: DoctorCheck = (patient) => {
  const { folder } = patient
  try {
    if (isDangling(folder)) throw danglingLink(folder)
    if (!existsSync(folder)) return [canBeMade(folder)]
    assertDataFolder(folder, { embedded: patient.config?.databaseUrl === undefined })
  } catch (error) {
    const remedy = (error instanceof HubError ? error.remedy : undefined) ?? 'Choose another with MODELHUB_DATA.'
    return [fail(name, messageOf(error), remedy)]
  }
  const newer = newerThanHub(folder)
  if (newer !== undefined) return [newer]
  return [ok(name, describe(patient)), ...tokenFile(folder)]
}

function canBeMade(folder: string): Check {
  let above = dirname(folder)
  while (!existsSync(above) && above !== dirname(above)) above = dirname(above)
  probeFolder(above)
  return ok(name, `${folder} does not exist yet and can be made`)
}

function describe({ folder, locked, told }: Patient): string {
  if (locked !== true) return `${folder} is writable`
  return `${folder} is writable and held by a running hub${told.pid === undefined ? '' : ` (process ${told.pid})`}`
}

function newerThanHub(folder: string): Check | undefined {
  const path = join(folder, 'VERSION.json')
  if (!existsSync(path)) return undefined
  let version: { schema?: unknown; hubVersion?: unknown }
  try {
    version = JSON.parse(readFileSync(path, 'utf8')) as typeof version
  } catch {
    return fail(name, `${path} cannot be read: it is damaged`, 'Restore it from a backup of the data folder.')
  }
  const known = readMigrations().at(-1)?.version ?? 0
  if (typeof version.schema !== 'number' || version.schema <= known) return undefined
  return fail(
    name,
    `${folder} was written by a newer hub (${String(version.hubVersion)}, schema ${version.schema}); this one knows up to ${known}`,
    'Start the newer hub on it, or restore the backup that the upgrade made (backups/ in the data folder).',
  )
}

function tokenFile(folder: string): Check[] {
  const path = join(folder, 'cli-token')
  if (!existsSync(path)) return []
  const mode = statSync(path).mode & 0o777
  if ((mode & 0o077) === 0) return []
  return [fail('token file', `${path} can be read by others (mode ${mode.toString(8)})`, `Run: chmod 600 ${path}`)]
}

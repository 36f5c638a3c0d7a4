import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../../kernel/index.ts'
import { openDatabase, readMigrations } from '../../server/platform/db/index.ts'
import { quietLog } from './quiet-log.ts'

const cache = fileURLToPath(new URL('../../node_modules/.cache/modelhub-test/', import.meta.url))
const pglite = new URL('../../node_modules/@electric-sql/pglite/package.json', import.meta.url)

/**
 * A data folder with an empty, migrated embedded database, made once per set of migrations and then copied: making one takes
 * seconds, a copy is open in a fifth of a second.
 */
export async function copyEmbeddedTemplate(target: string): Promise<void> {
  const template = join(cache, `embedded-${templateKey()}`)
  if (!existsSync(template)) await makeTemplate(template)
  cpSync(template, target, { recursive: true })
}

function templateKey(): string {
  const hash = createHash('sha256').update(readFileSync(pglite))
  for (const migration of readMigrations()) hash.update(`${migration.version} ${migration.checksum}\n`)
  return hash.digest('hex').slice(0, 16)
}

async function makeTemplate(template: string): Promise<void> {
  mkdirSync(cache, { recursive: true })
  const draft = mkdtempSync(join(cache, 'draft-'))
  const database = await openDatabase({ dataFolder: draft, log: quietLog(), clock: systemClock, fsync: false })
  await database.close()
  rmSync(join(draft, 'hub.lock.sqlite'), { force: true })
  try {
    renameSync(draft, template)
  } catch (error) {
    // Another test process was faster; its template is as good.
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(template)) throw error
  }
}

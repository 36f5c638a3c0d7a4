import { rmSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../kernel/index.ts'
import { type Database, openDatabase, readMigrations } from '../platform/db/index.ts'
import type { Log } from '../platform/log.ts'

export type OpenCopy = {
  /** Holds the copy of the database as `db`, and its VERSION.json. */
  folder: string
  /** Of the copy; it is not brought up to date beyond that. */
  schema: number
  hubVersion: string
  log: Log
  clock: Clock
}

/** Works with a copy of a database and closes it again, leaving no lock behind. Throws what `openDatabase` throws. */
export async function withCopy<T>(copy: OpenCopy, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase({
    dataFolder: copy.folder,
    log: copy.log,
    clock: copy.clock,
    hubVersion: copy.hubVersion,
    migrations: readMigrations().filter(({ version }) => version <= copy.schema),
    // Whoever keeps the copy flushes its files when they are final.
    fsync: false,
  })
  try {
    return await work(database)
  } finally {
    await database.close()
    for (const name of await readdir(copy.folder)) {
      if (name.startsWith('hub.lock.sqlite')) rmSync(join(copy.folder, name))
    }
  }
}

/** Number of the newest migration this hub knows. */
export const latestSchema = (): number => readMigrations().at(-1)?.version ?? 0

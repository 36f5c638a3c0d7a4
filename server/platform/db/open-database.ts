import type { Clock } from '../../../kernel/index.ts'
import type { Log } from '../log.ts'
import type { Database } from './database.ts'
import { type Migration, readMigrations } from './migrations.ts'
import { openEmbedded } from './open-embedded.ts'
import { openPostgres } from './open-postgres.ts'
import type { PostgresLimits } from './postgres-pool.ts'

export type OpenDatabaseOptions = {
  /** PostgreSQL 15 or newer; without it the embedded database of the data folder is used. */
  url?: string | undefined
  /** Absolute. The embedded database is its subfolder `db`. */
  dataFolder: string
  log: Log
  clock: Clock
  /** Recorded with each migration. */
  hubVersion?: string
  /** Embedded only: `false` skips the flush at each commit, for tests that need no power-cut safety. */
  fsync?: boolean
  /** Embedded only: keep room on the disk for what was begun when the disk is full (32 MiB in the data folder). */
  reserve?: boolean
  /** For tests; otherwise those beside this file. */
  migrations?: Migration[]
  /** PostgreSQL only: most connections at once, 10 unless told. */
  maxConnections?: number
  /** For tests: how long things may take at a PostgreSQL; otherwise `postgresLimits`. */
  limits?: Partial<PostgresLimits>
  /** For tests: PostgreSQL's oldest version that will do, 15 unless told. */
  oldestPostgres?: number
  /** Embedded only: the database has died under us; the process should end and be started again. */
  onFatal?: (error: Error) => void
}

/**
 * Opens the hub's database and brings its schema up to date.
 * Throws `conflict` (`data_folder_in_use`, `data_newer_than_hub`, `migration_changed`), `invalid` (`database_too_old`,
 * `invalid_database_url`, `database_refused`), `upstream` (`database_unreachable`, `database_busy`, `database_read_only`: the same may
 * succeed later), `internal` (`migration_failed`).
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const resolved = {
    ...options,
    migrations: options.migrations ?? readMigrations(),
    hubVersion: options.hubVersion ?? 'development',
  }
  return options.url === undefined
    ? await openEmbedded(resolved)
    : await openPostgres({ ...resolved, url: options.url })
}

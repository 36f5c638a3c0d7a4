import { type Clock, conflict, HubError, internal, messageOf } from '../../../kernel/index.ts'
import type { Migration } from './migrations.ts'

/** One connection that nobody else uses meanwhile. */
export type MigrationSession = {
  query: (sql: string, parameters?: unknown[]) => Promise<Record<string, unknown>[]>
  /** One or more statements without parameters. */
  exec: (sql: string) => Promise<void>
}

export type MigrationPlan = { applied: Migration['version'][]; pending: Migration[] }

/** The highest number of some migrations; 0 for none. */
export const latestVersion = (migrations: readonly Migration[]): number => migrations.at(-1)?.version ?? 0

/**
 * Compares what a database has with what this hub brings.
 * Throws `conflict`: `data_newer_than_hub`, `migration_changed`, `migration_out_of_order`.
 */
export async function planMigrations(session: MigrationSession, known: readonly Migration[]): Promise<MigrationPlan> {
  const applied = await readApplied(session)
  const byVersion = new Map(known.map((migration) => [migration.version, migration]))
  for (const row of applied) {
    const migration = byVersion.get(row.version)
    if (migration === undefined && row.version > latestVersion(known))
      throw newerThanHub(row.version, known, row.hubVersion)
    if (migration === undefined || migration.checksum !== row.checksum) {
      throw conflict(
        'migration_changed',
        `Migration ${row.version} (${row.name}) is not the one that this database was made with.`,
        'Run the hub version that made this data, or restore a backup.',
      )
    }
  }
  const versions = new Set(applied.map((row) => row.version))
  const pending = known.filter((migration) => !versions.has(migration.version))
  const highest = Math.max(0, ...versions)
  const late = pending.find((migration) => migration.version < highest)
  if (late !== undefined) {
    throw conflict(
      'migration_out_of_order',
      `Migration ${late.version} (${late.name}) is older than the database, which is at ${highest}, but was never applied to it.`,
      'Number new migrations after all released ones.',
    )
  }
  return { applied: [...versions], pending }
}

export function newerThanHub(version: number, known: readonly Migration[], hubVersion?: string): HubError {
  return conflict(
    'data_newer_than_hub',
    `The data has schema ${version}${hubVersion === undefined ? '' : ` (hub ${hubVersion})`}, this hub knows up to ${latestVersion(known)}.`,
    'Start the newer hub on it, or restore the backup that the upgrade made (backups/ in the data folder).',
  )
}

/**
 * Applies migrations in order, all in one transaction with their records: an upgrade happens as a whole or not at all, so that the
 * version before still starts on data whose upgrade failed or was killed. Throws `internal` `migration_failed`.
 * @param deps.copy where the data of before has been copied to, for the words of a failure
 */
export async function applyMigrations(
  session: MigrationSession,
  pending: readonly Migration[],
  deps: { clock: Clock; hubVersion: string; copy?: string | undefined },
): Promise<void> {
  if (pending.length === 0) return
  await session.exec('begin')
  let current = pending[0]
  try {
    for (const migration of pending) {
      current = migration
      await session.exec(migration.sql)
      await session.query(
        'insert into schema_migration (version, name, checksum, applied_at, hub_version) values ($1, $2, $3, $4, $5)',
        [migration.version, migration.name, migration.checksum, deps.clock.date(), deps.hubVersion],
      )
    }
    await session.exec('commit')
  } catch (error) {
    await session.exec('rollback').catch(() => undefined)
    throw internal(
      'migration_failed',
      `Migration ${current?.version} (${current?.name}) failed: ${messageOf(error)}`,
      `The database is as it was: the version of the hub before this one still starts on it.${
        deps.copy === undefined ? '' : ` A copy from before is in ${deps.copy}.`
      } Report this with the text above.`,
      { cause: error },
    )
  }
}

type AppliedRow = { version: number; name: string; checksum: string; hubVersion: string }

async function readApplied(session: MigrationSession): Promise<AppliedRow[]> {
  await session.exec(`create table if not exists schema_migration (
    version integer primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null,
    hub_version text not null
  )`)
  const rows = await session.query('select version, name, checksum, hub_version from schema_migration order by version')
  return rows.map((row) => ({
    version: Number(row['version']),
    name: String(row['name']),
    checksum: String(row['checksum']),
    hubVersion: String(row['hub_version']),
  }))
}

import { Kysely } from 'kysely'
import { backUpBefore } from './back-up-before.ts'
import { openDataFolder } from './data-folder.ts'
import type { Database, Listener } from './database.ts'
import { embeddedDialect } from './embedded-dialect.ts'
import { lockFolder } from './folder-lock.ts'
import { applyMigrations, latestVersion, type MigrationSession, newerThanHub, planMigrations } from './migrate.ts'
import type { Migration } from './migrations.ts'
import { createNotifier, notify } from './notify.ts'
import type { OpenDatabaseOptions } from './open-database.ts'
import { createTransactionGuard, guardedDialect, guardTransactions } from './transaction-guard.ts'
import { startWorker, type WorkerClient } from './worker-client.ts'

const lastAnswersMs = 200

type Resolved = OpenDatabaseOptions & { migrations: Migration[]; hubVersion: string }

/** Opens the embedded database of a data folder: takes the folder's lock, starts the worker, brings the schema up to date. */
export async function openEmbedded(options: Resolved): Promise<Database> {
  const folder = openDataFolder(options.dataFolder)
  const unlock = lockFolder(folder.path)
  const guard = createTransactionGuard()
  const notifier = createNotifier()
  const start = () =>
    startWorker(
      {
        folder: folder.database,
        fsync: options.fsync ?? true,
        idleTransactionMs: 60_000,
        ...(options.reserve === true ? { reserve: folder.path } : {}),
      },
      {
        notification: (channel, payload) => guard.outside(() => notifier.deliver(channel, payload)),
        problem: (error) => options.log.warn({ err: error }, 'the embedded database could not make a checkpoint'),
        fatal: (error) => {
          options.log.fatal({ err: error }, 'the embedded database has stopped')
          // The answers to what was waiting for it go out before the process ends.
          if (options.onFatal !== undefined) setTimeout(options.onFatal, lastAnswersMs, error)
        },
      },
    )
  let client: WorkerClient | undefined
  try {
    const version = folder.readVersion()
    if (version !== undefined && version.schema > latestVersion(options.migrations)) {
      throw newerThanHub(version.schema, options.migrations, version.hubVersion)
    }
    folder.beginDatabase()
    client = await start()
    folder.databaseIsMade()
    const plan = await planMigrations(sessionOf(client), options.migrations)
    if (plan.pending.length > 0) {
      const first = plan.pending[0]?.version ?? 0
      const copy =
        plan.applied.length > 0 ? await backUpBefore(client.copy, folder.backups, first, options.clock) : undefined
      await applyMigrations(sessionOf(client), plan.pending, { ...options, copy })
    }
    const schema = latestVersion(options.migrations)
    if (version?.schema !== schema || version.hubVersion !== options.hubVersion) {
      folder.writeVersion({ schema, hubVersion: options.hubVersion })
    }
  } catch (error) {
    await client?.close()
    unlock()
    throw error
  }

  const worker = client
  const db: Database['db'] = guardTransactions(
    new Kysely({ dialect: guardedDialect(embeddedDialect(worker), guard) }),
    guard,
  )
  let closing: Promise<void> | undefined
  return {
    kind: 'embedded',
    db,
    transaction: (fn) => db.transaction().execute(fn),
    listen: (channel: string, listener: Listener) =>
      notifier.add(channel, listener, {
        first: () => worker.listen(channel),
        last: () => worker.unlisten(channel),
      }),
    notify,
    // The folder's lock proves that no other process is at work on this database.
    presence: createLocalPresence(),
    backup: async (target, signal) => {
      signal?.throwIfAborted()
      await worker.copy(target)
    },
    close: () =>
      (closing ??= worker.close().finally(() => {
        unlock()
      })),
  }
}

function createLocalPresence(): Database['presence'] {
  const announced = new Set<string>()
  return {
    announce: async (name) => {
      announced.add(name)
      return async () => void announced.delete(name)
    },
    hold: async (name) => {
      if (announced.has(name)) return undefined
      announced.add(name)
      return async () => void announced.delete(name)
    },
    gone: async (names) => names.filter((name) => !announced.has(name)),
  }
}

function sessionOf(client: WorkerClient): MigrationSession {
  return {
    query: async (sql, parameters = []) => (await client.query(sql, parameters)).rows,
    exec: (sql) => client.exec(sql),
  }
}

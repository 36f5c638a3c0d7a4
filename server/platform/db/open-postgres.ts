import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { HubError, invalid, messageOf, redact, upstream } from '../../../kernel/index.ts'
import type { Database } from './database.ts'
import { applyMigrations, type MigrationSession, planMigrations } from './migrate.ts'
import type { Migration } from './migrations.ts'
import { createNotifier, notify } from './notify.ts'
import type { OpenDatabaseOptions } from './open-database.ts'
import { connectSession } from './postgres-session.ts'
import { createTransactionGuard, guardedDialect } from './transaction-guard.ts'

type Resolved = OpenDatabaseOptions & { url: string; migrations: Migration[]; hubVersion: string }

const oldestVersion = 15
/** Name space of the advisory lock by which concurrent starts take turns at migrating. */
const migrationLock = 'modelhub.migrate'

/** Opens a PostgreSQL by URL: checks its version, brings the schema up to date, keeps a pool and one listening connection. */
export async function openPostgres(options: Resolved): Promise<Database> {
  const config: pg.PoolConfig = {
    connectionString: options.url,
    types: sameTypesAsEmbedded(),
    application_name: 'modelhub',
    connectionTimeoutMillis: 10_000,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
  }
  await prepare(config, options)

  const guard = createTransactionGuard()
  const notifier = createNotifier()
  const pool = new pg.Pool({ ...config, max: options.maxConnections ?? 10 })
  // A connection that breaks, idle or between two statements, is replaced by the pool; without listeners it would end the process.
  const onBreak = (error: Error) => options.log.warn({ err: error }, 'a database connection broke')
  pool.on('error', onBreak)
  pool.on('connect', (client) => client.on('error', onBreak))
  const session = connectSession(config, {
    log: options.log,
    channels: notifier.channels,
    onNotification: (channel, payload) => guard.outside(() => notifier.deliver(channel, payload)),
    onReconnect: () => guard.outside(notifier.gap),
  })
  const db: Database['db'] = new Kysely({ dialect: guardedDialect(new PostgresDialect({ pool }), guard) })

  const closeAll = async () => {
    await session.close()
    await db.destroy()
    if (!pool.ended) await pool.end()
  }
  let closing: Promise<void> | undefined
  return {
    kind: 'postgres',
    db,
    transaction: (fn) => db.transaction().execute((trx) => guard.inside(() => fn(trx))),
    listen: (channel, listener, onGap) =>
      notifier.add(
        channel,
        listener,
        { first: () => session.run(`listen ${channel}`), last: () => session.run(`unlisten ${channel}`) },
        onGap,
      ),
    notify,
    presence: {
      announce: (name) => session.hold(name),
      gone: async (names) => {
        if (names.length === 0) return []
        // Free for an instant means that its holder's connection is gone; the lock goes back when the statement ends.
        const free = await sql<{ name: string }>`
          select name from unnest(${names}::text[]) as name where pg_try_advisory_xact_lock(hashtextextended(name, 0))
        `.execute(db)
        return free.rows.map((row) => row.name)
      },
    },
    close: () => (closing ??= closeAll()),
  }
}

async function prepare(config: pg.ClientConfig, options: Resolved): Promise<void> {
  const client = await connect(config, options.url)
  try {
    const session: MigrationSession = {
      query: async (text, parameters = []) => (await client.query<Record<string, unknown>>(text, parameters)).rows,
      exec: async (text) => void (await client.query(text)),
    }
    const [row] = await session.query("select current_setting('server_version_num')::int as version")
    const major = Math.floor(Number(row?.['version']) / 10_000)
    if (major < oldestVersion) {
      throw invalid(
        'database_too_old',
        `The database is PostgreSQL ${major}; the hub needs ${oldestVersion} or newer.`,
        'Upgrade it, or leave MODELHUB_DATABASE_URL empty to use the embedded database.',
      )
    }
    await session.query('select pg_advisory_lock(hashtextextended($1, 0))', [migrationLock])
    const plan = await planMigrations(session, options.migrations)
    await applyMigrations(session, plan.pending, options)
  } finally {
    // Ends the session, and with it the advisory lock.
    await client.end()
  }
}

async function connect(config: pg.ClientConfig, url: string): Promise<pg.Client> {
  try {
    const client = new pg.Client(config)
    client.on('error', () => undefined)
    await client.connect()
    return client
  } catch (error) {
    if (error instanceof HubError) throw error
    if (!URL.canParse(url)) {
      throw invalid(
        'invalid_database_url',
        'MODELHUB_DATABASE_URL is no URL.',
        'Use postgres://user:password@host:port/database.',
      )
    }
    throw upstream(
      'database_unreachable',
      `The database ${redact(url)} does not answer: ${redact(messageOf(error))}`,
      'Check that it runs, and the host, port, name and password in MODELHUB_DATABASE_URL.',
      { cause: error },
    )
  }
}

/** int8 as a number, as the embedded database gives it: no count or size of the hub comes near 2^53. */
function sameTypesAsEmbedded(): pg.CustomTypesConfig {
  const types = new pg.TypeOverrides()
  types.setTypeParser(pg.types.builtins.INT8, Number)
  return types
}

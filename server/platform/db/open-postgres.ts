import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { HubError, invalid, messageOf, redact, upstream } from '../../../kernel/index.ts'
import type { Database } from './database.ts'
import { applyMigrations, type MigrationSession, planMigrations } from './migrate.ts'
import type { Migration } from './migrations.ts'
import { createNotifier, notify } from './notify.ts'
import type { OpenDatabaseOptions } from './open-database.ts'
import { createLimitedPool, postgresLimits } from './postgres-pool.ts'
import { connectSession } from './postgres-session.ts'
import { fromDriver } from './postgres-trouble.ts'
import { createTransactionGuard, guardedDialect, guardTransactions } from './transaction-guard.ts'

type Resolved = OpenDatabaseOptions & { url: string; migrations: Migration[]; hubVersion: string }

const oldestVersion = 15
/** The server finds out within 25 s that a process of the hub has lost its power or its network, and frees its locks. */
const serverKeepAlive = '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3'
/** Name space of the advisory lock by which concurrent starts take turns at migrating. */
const migrationLock = 'modelhub.migrate'

/** Opens a PostgreSQL by URL: checks its version, brings the schema up to date, keeps a pool and one listening connection. */
export async function openPostgres(options: Resolved): Promise<Database> {
  const limits = { ...postgresLimits, ...options.limits }
  const config: pg.PoolConfig = {
    connectionString: options.url,
    types: sameTypesAsEmbedded(),
    application_name: 'modelhub',
    connectionTimeoutMillis: limits.connectMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    options: serverKeepAlive,
  }
  await prepare(config, options)

  const guard = createTransactionGuard()
  const notifier = createNotifier()
  const session = connectSession(config, {
    log: options.log,
    channels: notifier.channels,
    onNotification: (channel, payload) => guard.outside(() => notifier.deliver(channel, payload)),
    onReconnect: () => guard.outside(notifier.gap),
  })
  const { pool, close: closePool } = createLimitedPool(
    { ...config, max: options.maxConnections ?? 10 },
    { log: options.log, limits, heardMsAgo: session.heardMsAgo },
  )
  const db: Database['db'] = guardTransactions(
    new Kysely({ dialect: guardedDialect(new PostgresDialect({ pool }), guard) }),
    guard,
  )

  const closeAll = async () => {
    await session.close()
    await closePool()
    await db.destroy()
  }
  let closing: Promise<void> | undefined
  return {
    kind: 'postgres',
    db,
    transaction: (fn) => db.transaction().execute(fn),
    listen: (channel, listener, onGap) =>
      notifier.add(
        channel,
        listener,
        { first: () => session.run(`listen ${channel}`), last: () => session.runIfUp(`unlisten ${channel}`) },
        onGap,
      ),
    notify,
    presence: {
      announce: async (name) => {
        const release = await session.hold(name)
        if (release === undefined) throw new Error(`"${name}" is announced by another process`)
        return release
      },
      hold: session.hold,
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
    const oldest = options.oldestPostgres ?? oldestVersion
    if (major < oldest) {
      throw invalid(
        'database_too_old',
        `The database is PostgreSQL ${major}; the hub needs ${oldest} or newer.`,
        'Upgrade it, or leave MODELHUB_DATABASE_URL empty to use the embedded database.',
      )
    }
    await session.query('select pg_advisory_lock(hashtextextended($1, 0))', [migrationLock])
    const plan = await planMigrations(session, options.migrations)
    await applyMigrations(session, plan.pending, options)
  } catch (error) {
    throw fromDriver(error)
  } finally {
    // Ends the session, and with it the advisory lock.
    await client.end().catch(() => undefined)
  }
}

async function connect(config: pg.ClientConfig, url: string): Promise<pg.Client> {
  if (!URL.canParse(url)) throw invalidUrl('MODELHUB_DATABASE_URL is no URL.')
  const client = makeClient(config)
  try {
    await client.connect()
    return client
  } catch (error) {
    const told = `The database ${redact(url)} does not let the hub in: ${redact(messageOf(error))}`
    if (isConfigError(error)) {
      throw invalid(
        'database_refused',
        told,
        'Check user, password, database name and the rights of the user in MODELHUB_DATABASE_URL.',
        { cause: error },
      )
    }
    const away = fromDriver(error)
    throw upstream(
      away instanceof HubError ? away.code : 'database_unreachable',
      `The database ${redact(url)} does not answer: ${redact(messageOf(error))}`,
      'Check that it runs, and the host, port, name and password in MODELHUB_DATABASE_URL.',
      { details: { status: 503, retryAfter: 1 }, cause: error },
    )
  }
}

function makeClient(config: pg.ClientConfig): pg.Client {
  try {
    const client = new pg.Client(config)
    client.on('error', () => undefined)
    return client
  } catch (error) {
    throw invalidUrl(`MODELHUB_DATABASE_URL cannot be used: ${redact(messageOf(error))}.`, error)
  }
}

const invalidUrl = (message: string, cause?: unknown) =>
  invalid('invalid_database_url', message, 'Use postgres://user:password@host:port/database.', { cause })

/** The server answered and will say the same until somebody changes a setting: wrong password or user, no such database, no TLS. */
function isConfigError(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  if (typeof code === 'string' && /^(28...|3D000|42501)$/.test(code)) return true
  return /does not support SSL|no pg_hba|password must be a string|SASL/.test(messageOf(error))
}

/** int8 as a number, as the embedded database gives it: no count or size of the hub comes near 2^53. */
function sameTypesAsEmbedded(): pg.CustomTypesConfig {
  const types = new pg.TypeOverrides()
  types.setTypeParser(pg.types.builtins.INT8, Number)
  return types
}

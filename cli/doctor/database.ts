import { messageOf, redact } from '../../kernel/index.ts'
import { duration } from '../text/units.ts'
import { type Check, type DoctorCheck, fail, ok } from './check.ts'

const name = 'database'
const oldest = 15
const patienceMs = 5_000
const allowedMs = 5 * 60_000

/** A PostgreSQL by URL answers, is new enough, and agrees on the time. The embedded database is never opened: it belongs to its hub. */
export const checkDatabase: DoctorCheck = async ({ config, ctx }) => {
  const url = config?.databaseUrl
  if (url === undefined) return []
  if (!URL.canParse(url)) {
    return [fail(name, 'MODELHUB_DATABASE_URL is no URL', 'Use postgres://user:password@host:port/database.')]
  }
  const { Client } = (await import('pg')).default
  const client = new Client({ connectionString: url, connectionTimeoutMillis: patienceMs, query_timeout: patienceMs })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ version: number; now: number }>(
      "select current_setting('server_version_num')::int as version, extract(epoch from clock_timestamp())::float8 as now",
    )
    return judge(Math.floor((rows[0]?.version ?? 0) / 10_000), (rows[0]?.now ?? 0) * 1_000 - ctx.clock.now())
  } catch (error) {
    return [refused(error)]
  } finally {
    await client.end().catch(() => undefined)
  }
}

function judge(major: number, apartMs: number): Check[] {
  if (major < oldest) {
    return [
      fail(
        name,
        `PostgreSQL ${major} is too old; the hub needs ${oldest} or newer`,
        'Upgrade it, or leave MODELHUB_DATABASE_URL empty to use the embedded database.',
      ),
    ]
  }
  if (Math.abs(apartMs) > allowedMs) {
    return [
      fail(
        name,
        `Its clock is ${duration(Math.abs(apartMs) / 1_000)} ${apartMs > 0 ? 'ahead of' : 'behind'} this machine's`,
        'Set both clocks and keep them right with a time service.',
      ),
    ]
  }
  return [ok(name, `PostgreSQL ${major} answers`)]
}

function refused(error: unknown): Check {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const said = redact(messageOf(error))
  if (code === '28P01' || code === '28000') {
    return fail(name, `It refuses the name or the password: ${said}`, 'Correct them in MODELHUB_DATABASE_URL.')
  }
  if (code === '3D000') {
    return fail(name, said, 'Make it with createdb, or correct the name at the end of MODELHUB_DATABASE_URL.')
  }
  if (code === '53300') {
    return fail(name, 'It has no connection left', 'Raise max_connections of PostgreSQL, or run fewer programs on it.')
  }
  return fail(
    name,
    `It does not answer: ${said}`,
    'Check that PostgreSQL runs and that this machine reaches it, and host and port in MODELHUB_DATABASE_URL.',
  )
}

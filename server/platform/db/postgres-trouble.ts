import { HubError, messageOf, redact, upstream } from '../../../kernel/index.ts'

/** The database is away or cannot take this now. Nothing is wrong with what was asked. */
const passing = ['database_unreachable', 'database_busy', 'database_read_only', 'database_full'] as const
type Trouble = (typeof passing)[number] | 'database_timeout' | 'database_conflict'

const words: Record<Trouble, { message: string; remedy: string }> = {
  database_unreachable: {
    message: 'The database does not answer.',
    remedy: 'Try again in a moment. If it stays so, check that PostgreSQL runs and that the hub can reach it.',
  },
  database_busy: {
    message: 'The database has no connection left for this.',
    remedy: 'Try again in a moment. If it stays so, raise max_connections of PostgreSQL or run fewer hub processes.',
  },
  database_read_only: {
    message: 'The database takes no changes: it is read-only or a standby.',
    remedy: 'Point MODELHUB_DATABASE_URL to the primary, or wait until the failover is complete.',
  },
  database_full: {
    message: 'The database has no room left.',
    remedy: 'Free or add disk space for PostgreSQL.',
  },
  database_timeout: {
    message: 'The database took too long.',
    remedy: 'Try again, or ask for less at once.',
  },
  database_conflict: {
    message: 'Somebody else changed the same at the same time.',
    remedy: 'Try again.',
  },
}

const byState: Record<string, Trouble> = {
  '57P01': 'database_unreachable',
  '57P02': 'database_unreachable',
  '57P03': 'database_unreachable',
  '57P05': 'database_unreachable',
  // The server ended a transaction in which nothing was asked for too long; its connection is closed.
  '25P03': 'database_unreachable',
  '25P04': 'database_unreachable',
  '53300': 'database_busy',
  '53200': 'database_busy',
  '53000': 'database_busy',
  '53400': 'database_busy',
  '53100': 'database_full',
  '25006': 'database_read_only',
  '57014': 'database_timeout',
  '55P03': 'database_timeout',
  '40001': 'database_conflict',
  '40P01': 'database_conflict',
}

const networkCodes =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|E(HOST|NET)(UNREACH|DOWN)|ENOTFOUND|EAI_AGAIN|EADDRNOTAVAIL)$/

/** What the driver says, in words only, of a connection that is gone or was never made. */
const connectionWords =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end|Postgres connection has been discarded)/

/** The trouble behind an error of the driver; undefined when the statement itself is at fault. */
function troubleOf(error: unknown): Trouble | undefined {
  if (error instanceof AggregateError) return troubleOf(error.errors[0])
  const told = (error as { code?: unknown } | null)?.code
  const code = typeof told === 'string' ? told : ''
  if (byState[code] !== undefined) return byState[code]
  if (code.startsWith('08') || networkCodes.test(code) || connectionWords.test(messageOf(error))) {
    return 'database_unreachable'
  }
  return undefined
}

/**
 * An error of the driver as `upstream` `database_…` with status 503 when the database is away, busy, read-only, full or too slow; any
 * other error as it is.
 */
export function fromDriver(error: unknown): unknown {
  if (error instanceof HubError) return error
  const trouble = troubleOf(error)
  return trouble === undefined ? error : databaseTrouble(trouble, error)
}

export function databaseTrouble(trouble: Trouble, cause?: unknown): HubError {
  const { message, remedy } = words[trouble]
  const why = cause === undefined ? '' : ` (${redact(messageOf(cause))})`
  return upstream(trouble, `${message.slice(0, -1)}${why}.`, remedy, {
    details: { status: 503, retryAfter: 1 },
    cause,
  })
}

/** True for errors that say nothing about what was tried: the same may succeed once the database is back. */
export function isDatabaseAway(error: unknown): boolean {
  return error instanceof HubError && (passing as readonly string[]).includes(error.code)
}

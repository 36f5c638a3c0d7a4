import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { messageOf } from '../../../kernel/index.ts'
import type { Log } from '../log.ts'
import { databaseTrouble, fromDriver, isDatabaseAway } from './postgres-trouble.ts'

/** How long anything at the database may take, in milliseconds. */
export type PostgresLimits = {
  /** A statement that takes longer is cancelled by the server. Migrations have no limit. */
  statementMs: number
  /** A process that stops in the middle of a transaction holds its locks no longer than this. */
  idleInTransactionMs: number
  /** How long a statement waits for a connection, and a connection for its making. */
  connectMs: number
  /** A statement without an answer for so long is given up when nothing else of the server is heard either. */
  silenceMs: number
}

export const postgresLimits: PostgresLimits = {
  statementMs: 30_000,
  idleInTransactionMs: 20_000,
  connectMs: 10_000,
  silenceMs: 10_000,
}

/** A server that is heard should have cancelled the statement itself; so much later the wait ends all the same. */
const cancelGraceMs = 5_000
/** How long a close waits for running statements. */
const closeLimitMs = 3_000

export type LimitedPool = { pool: PostgresPool; close: () => Promise<void> }

/**
 * A pool whose every wait ends: for a connection, for an answer, for the close. Errors of the connection become `upstream`
 * `database_…`; a connection on which one happened is not used again.
 * @param heardMsAgo when the server was last heard on another connection; undefined when nobody listens for it
 */
export function createLimitedPool(
  config: pg.PoolConfig,
  deps: { log: Log; limits: PostgresLimits; heardMsAgo: () => number | undefined },
): LimitedPool {
  const { limits } = deps
  const pool = new pg.Pool({
    ...config,
    statement_timeout: limits.statementMs,
    idle_in_transaction_session_timeout: limits.idleInTransactionMs,
  })
  const clients = new Set<pg.PoolClient>()
  // A connection that breaks, idle or between two statements, is replaced by the pool; without listeners it would end the process.
  const onBreak = (error: Error) => deps.log.warn({ err: error }, 'a database connection broke')
  pool.on('error', onBreak)
  pool.on('connect', (client) => {
    clients.add(client)
    client.on('error', onBreak)
  })
  pool.on('remove', (client) => clients.delete(client))

  const connect = async (): Promise<PostgresPoolClient> => {
    const client = await pool.connect().catch((error: unknown) => {
      // All in use and none came free: the server may be well.
      const full = pool.totalCount >= (config.max ?? 10) && clients.size >= pool.totalCount
      throw full && messageOf(error).startsWith('timeout exceeded')
        ? databaseTrouble('database_busy', error)
        : fromDriver(error)
    })
    let broken = false
    const query = async (text: string, parameters: readonly unknown[]) => {
      const stopWatching = watch(client)
      try {
        return await client.query(text, [...parameters])
      } catch (error) {
        const translated = fromDriver(error)
        if (isDatabaseAway(translated) && !isStatementError(error)) broken = true
        throw translated
      } finally {
        stopWatching()
      }
    }
    return {
      query: query as unknown as PostgresPoolClient['query'],
      release: (destroy?: boolean) => client.release(broken || destroy === true),
    } as PostgresPoolClient
  }

  /** Cuts the connection of a statement that gets no answer: with it goes the wait. */
  const watch = (client: pg.PoolClient): (() => void) => {
    const began = performance.now()
    const look = () => {
      const waitedMs = performance.now() - began
      const heardMsAgo = deps.heardMsAgo()
      const serverIsHeard = heardMsAgo === undefined || heardMsAgo < limits.silenceMs
      if (waitedMs < limits.statementMs + cancelGraceMs && serverIsHeard) {
        timer = setTimeout(look, Math.min(1_000, limits.silenceMs))
        return
      }
      deps.log.warn({ waitedMs: Math.round(waitedMs) }, 'a statement got no answer; its connection is closed')
      cut(client)
    }
    let timer = setTimeout(look, limits.silenceMs)
    return () => clearTimeout(timer)
  }

  return {
    pool: { connect, end: () => Promise.resolve(), options: pool.options } as unknown as PostgresPool,
    close: async () => {
      const force = setTimeout(() => clients.forEach(cut), closeLimitMs)
      await pool.end().finally(() => clearTimeout(force))
    },
  }
}

/** Refused by the server while the connection goes on. */
const isStatementError = (error: unknown) => ['25006', '53100'].includes(String((error as { code?: unknown }).code))

/** Closes a connection without waiting for the other side. */
export function cut(client: pg.ClientBase): void {
  ;(client as unknown as { connection: { stream: { destroy: () => void } } }).connection.stream.destroy()
}

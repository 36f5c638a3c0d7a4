import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Log } from '../log.ts'
import { cut } from './postgres-pool.ts'
import { fromDriver } from './postgres-trouble.ts'

export type PostgresSession = {
  /** Runs a statement on the lasting connection; waits for it to be up. */
  run: (sql: string) => Promise<void>
  /** Runs a statement if the connection is up, for at most a second: what it takes back is gone with the connection anyway. */
  runIfUp: (sql: string, parameters?: readonly unknown[]) => Promise<void>
  /** Holds a session-level advisory lock of this name, taken again after every reconnect; undefined while it is held already. */
  hold: (name: string) => Promise<(() => Promise<void>) | undefined>
  /** Milliseconds since the server last answered; undefined while nobody needs this connection. */
  heardMsAgo: () => number | undefined
  close: () => Promise<void>
}

const firstDelayMs = 100
const longestDelayMs = 1_000
/** The server is asked so often whether it is there, */
const askEveryMs = 2_000
/** and the connection is made again when it does not answer for so long: a network that swallows packets breaks no connection. */
const answerLimitMs = 6_000
const closeLimitMs = 1_000

/**
 * One connection that stays: it listens, and its session locks tell others that this process lives. When it breaks or falls silent it
 * is made again with growing pauses (0.1 to 1 s); channels and locks are then restored and `onReconnect` is called.
 */
export function connectSession(
  config: pg.ClientConfig,
  deps: {
    log: Log
    channels: () => string[]
    onNotification: (channel: string, payload: string) => void
    onReconnect: () => void
  },
): PostgresSession {
  const names = new Set<string>()
  const taking = new Set<string>()
  const stop = new AbortController()
  let current: Promise<pg.Client> | undefined
  let up: pg.Client | undefined
  let heardAt: number | undefined
  /** Backend of the connection before this one. */
  let former: number | undefined

  const open = async (): Promise<pg.Client> => {
    const client = new pg.Client(config)
    client.on('notification', ({ channel, payload }) => deps.onNotification(channel, payload ?? ''))
    client.on('error', (error) => deps.log.warn({ err: error }, 'the listening database connection broke'))
    const limit = setTimeout(() => cut(client), answerLimitMs)
    try {
      await client.connect()
      await forgetFormer(client, former, [...names])
      for (const channel of deps.channels()) await client.query(`listen ${channel}`)
      for (const name of names) await lockSoon(client, name)
    } catch (error) {
      void end(client)
      throw error
    } finally {
      clearTimeout(limit)
    }
    up = client
    former = backendOf(client)
    heardAt = performance.now()
    const asking = keepAsking(client, () => {
      heardAt = performance.now()
    })
    client.once('end', () => {
      clearInterval(asking)
      up = undefined
      if (!stop.signal.aborted) reconnect()
    })
    return client
  }

  const reconnect = () => {
    current = keepTrying()
    current.then(deps.onReconnect, () => undefined)
  }
  const keepTrying = async (): Promise<pg.Client> => {
    for (let delay = firstDelayMs, tries = 1; ; delay = Math.min(delay * 2, longestDelayMs), tries++) {
      await sleep(delay, undefined, { signal: stop.signal, ref: false })
      try {
        return await open()
      } catch (error) {
        // Once a second for hours would be all that the log holds.
        if (tries < 5 || tries % 60 === 0) {
          deps.log.warn({ err: error, tries }, 'the listening database connection is not back yet')
        }
      }
    }
  }
  const connected = async (): Promise<pg.Client> => {
    stop.signal.throwIfAborted()
    current ??= open()
    try {
      return await current
    } catch (error) {
      current = undefined
      throw fromDriver(error)
    }
  }

  const runIfUp = async (text: string, parameters: readonly unknown[] = []) => {
    if (up === undefined || stop.signal.aborted) return
    const limit = sleep(closeLimitMs, undefined, { ref: false })
    await Promise.race([up.query(text, [...parameters]).catch(() => undefined), limit])
  }

  return {
    run: async (text) => {
      stop.signal.throwIfAborted()
      await (await connected()).query(text)
    },
    runIfUp,
    hold: async (name) => {
      // Within one session the server would grant it twice.
      if (names.has(name) || taking.has(name)) return undefined
      taking.add(name)
      try {
        for (let client: pg.Client | undefined; client !== (await connected()); ) {
          client = await connected()
          if (!(await lock(client, name))) return undefined
        }
        names.add(name)
      } catch (error) {
        throw fromDriver(error)
      } finally {
        taking.delete(name)
      }
      return async () => {
        if (names.delete(name)) await runIfUp('select pg_advisory_unlock(hashtextextended($1, 0))', [name])
      }
    },
    heardMsAgo: () => (heardAt === undefined ? undefined : performance.now() - heardAt),
    close: async () => {
      if (stop.signal.aborted) return
      stop.abort()
      const client = await Promise.race([
        current?.catch(() => undefined),
        sleep(closeLimitMs, undefined, { ref: false }).then(() => undefined),
      ])
      if (client !== undefined) await end(client)
    },
  }
}

/** Asks until the connection ends; cuts it when an answer stays out. */
function keepAsking(client: pg.Client, onAnswer: () => void): NodeJS.Timeout {
  let askedAt: number | undefined
  const ask = () => {
    if (askedAt !== undefined) {
      if (performance.now() - askedAt > answerLimitMs) cut(client)
      return
    }
    askedAt = performance.now()
    client.query('select 1').then(
      () => {
        askedAt = undefined
        onAnswer()
      },
      () => undefined,
    )
  }
  return setInterval(ask, askEveryMs).unref()
}

/**
 * After a network failure the server may still hold the former connection, with our locks, for minutes. It is ended when it is ours
 * for certain: the same backend, holding a lock whose name only this process uses.
 */
async function forgetFormer(client: pg.Client, former: number | undefined, names: readonly string[]): Promise<void> {
  if (former === undefined || names.length === 0) return
  await client.query(
    `select pg_terminate_backend(pid) from pg_locks
     where locktype = 'advisory' and granted and pid = $1 and pid <> pg_backend_pid()
       and ((classid::bigint << 32) | objid::bigint) in (select hashtextextended(name, 0) from unnest($2::text[]) as name)`,
    [former, names],
  )
}

const backendOf = (client: pg.Client): number | undefined => (client as unknown as { processID?: number }).processID

/** Another process that asks whether we live holds our name for an instant, and a former connection until it has ended. */
async function lockSoon(client: pg.Client, name: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await lock(client, name)) return
    await sleep(20)
  }
  throw new Error(`the lock "${name}" is still held by another connection`)
}

/** Never waits: a connection that waits for a lock would answer nothing else. */
async function lock(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(
    'select pg_try_advisory_lock(hashtextextended($1, 0)) as taken',
    [name],
  )
  return rows[0]?.taken === true
}

/** In order where the server answers, without it where it does not. */
async function end(client: pg.Client): Promise<void> {
  const limit = setTimeout(() => cut(client), closeLimitMs)
  await client.end().catch(() => undefined)
  clearTimeout(limit)
}

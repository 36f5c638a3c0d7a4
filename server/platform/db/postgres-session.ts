import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Log } from '../log.ts'

export type PostgresSession = {
  /** Runs a statement on the lasting connection; waits for it to be up. */
  run: (sql: string) => Promise<void>
  /** Holds a session-level advisory lock of this name, taken again after every reconnect. */
  hold: (name: string) => Promise<() => Promise<void>>
  close: () => Promise<void>
}

const firstDelayMs = 200
const longestDelayMs = 5_000

/**
 * One connection that stays: it listens, and its session locks tell others that this process lives. When it breaks it is made
 * again with growing pauses (0.2 to 5 s); channels and locks are then restored and `onReconnect` is called.
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
  const stop = new AbortController()
  let current: Promise<pg.Client> | undefined

  const open = async (): Promise<pg.Client> => {
    const client = new pg.Client(config)
    client.on('notification', ({ channel, payload }) => deps.onNotification(channel, payload ?? ''))
    client.on('error', (error) => deps.log.warn({ err: error }, 'the listening database connection broke'))
    client.once('end', () => {
      if (!stop.signal.aborted) reconnect()
    })
    try {
      await client.connect()
      for (const channel of deps.channels()) await client.query(`listen ${channel}`)
      for (const name of names) await lock(client, name)
    } catch (error) {
      client.removeAllListeners('end')
      await client.end().catch(() => undefined)
      throw error
    }
    return client
  }

  const reconnect = () => {
    current = keepTrying()
    current.then(deps.onReconnect, () => undefined)
  }
  const keepTrying = async (): Promise<pg.Client> => {
    for (let delay = firstDelayMs; ; delay = Math.min(delay * 2, longestDelayMs)) {
      await sleep(delay, undefined, { signal: stop.signal, ref: false })
      try {
        return await open()
      } catch (error) {
        deps.log.warn({ err: error }, 'the listening database connection is not back yet')
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
      throw error
    }
  }

  return {
    run: async (sql) => {
      // After the stop the server has forgotten every channel anyway.
      if (stop.signal.aborted) return
      await (await connected()).query(sql)
    },
    hold: async (name) => {
      await lock(await connected(), name)
      names.add(name)
      return async () => {
        if (!names.delete(name) || stop.signal.aborted) return
        await (await connected()).query('select pg_advisory_unlock(hashtextextended($1, 0))', [name])
      }
    },
    close: async () => {
      if (stop.signal.aborted) return
      stop.abort()
      const client = await current?.catch(() => undefined)
      await client?.end()
    },
  }
}

async function lock(client: pg.Client, name: string): Promise<void> {
  await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [name])
}

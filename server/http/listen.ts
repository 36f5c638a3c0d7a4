import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ServerType, serve } from '@hono/node-server'
import type { Hono } from 'hono'
import { conflict } from '../../kernel/index.ts'
import type { AppEnv } from './deps.ts'

export type Listening = { port: number; close: () => Promise<void> }

const drainMs = 3_000

/** Listens; throws `conflict` `port_in_use` with a remedy when somebody else does. */
export async function listen(app: Hono<AppEnv>, at: { host: string; port: number }): Promise<Listening> {
  const server = await new Promise<ServerType>((resolve, reject) => {
    const created = serve({ fetch: app.fetch, hostname: at.host, port: at.port }, () => resolve(created))
    created.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? conflict(
              'port_in_use',
              `Port ${at.port} on ${at.host} is in use.`,
              'Stop the other program, or set MODELHUB_PORT.',
            )
          : error,
      )
    })
  })
  const http = server as Server
  http.headersTimeout = 15_000
  http.requestTimeout = 120_000
  return {
    port: (http.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        const force = setTimeout(() => http.closeAllConnections(), drainMs)
        http.close(() => {
          clearTimeout(force)
          resolve()
        })
        http.closeIdleConnections()
      }),
  }
}

import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener, RequestError } from '@hono/node-server'
import type { Hono } from 'hono'
import { type RouteDefinition, routes } from '../../contract/index.ts'
import { listenError } from '../../kernel/index.ts'
import { malformedRequest, refuseUnparsed } from './bad-request.ts'
import { limitBodyTime } from './body-time.ts'
import type { AppEnv } from './deps.ts'
import { apiBase } from './openapi.ts'

export type Listening = { port: number; close: () => Promise<void> }

const drainMs = 3_000

const uploads = (Object.values(routes) as RouteDefinition[])
  .filter(({ upload }) => upload !== undefined)
  .map(({ method, path }) => new RegExp(`^${method.toUpperCase()} ${apiBase}${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`))

/** Whether a request brings a body of any size, by its method and target. */
export function isUpload({ method, url = '' }: { method?: string | undefined; url?: string | undefined }): boolean {
  const asked = `${method} ${url.split('?')[0]}`
  return uploads.some((one) => one.test(asked))
}

/** Listens; throws `conflict` `port_in_use`, `port_not_allowed` or `address_not_here` with a remedy. */
export async function listen(app: Hono<AppEnv>, at: { host: string; port: number }): Promise<Listening> {
  const answer = listenerOf(app, at.host)
  const http = await new Promise<Server>((resolve, reject) => {
    const created = createServer((incoming, outgoing) => void answer(incoming, outgoing))
    created.listen(at.port, at.host, () => resolve(created))
    created.once('error', (error: NodeJS.ErrnoException) => {
      reject(listenError(error, { ...at, variable: 'MODELHUB_PORT' }) ?? error)
    })
  })
  answerUnparsed(http)
  http.headersTimeout = 15_000
  limitBodyTime(http, isUpload)
  return {
    port: (http.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        const force = setTimeout(() => http.closeAllConnections(), drainMs)
        // A kept-alive connection falls idle when its last answer ends; nothing else would close it before the limit.
        const idle = setInterval(() => http.closeIdleConnections(), 50)
        http.close(() => {
          clearTimeout(force)
          clearInterval(idle)
          resolve()
        })
      }),
  }
}

const listenerOf = (app: Hono<AppEnv>, hostname: string) =>
  getRequestListener(app.fetch, {
    hostname,
    errorHandler: (error) => (error instanceof RequestError ? malformedRequest() : new Response(null, { status: 500 })),
  })

/** Nobody may write into the middle of an answer, so it is known which connections have begun one. */
function answerUnparsed(server: Server): void {
  const newest = new WeakMap<Duplex, ServerResponse>()
  server.on('request', ({ socket }, response) => newest.set(socket, response))
  server.on('clientError', (error, socket) => {
    const response = newest.get(socket)
    const answering = response?.headersSent === true && !response.writableFinished
    refuseUnparsed(error, socket, answering)
  })
}

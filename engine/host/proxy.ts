import type { Agent, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { request as httpRequest } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { EngineProblem } from './problem.ts'

/** How long the news of a failure may be withheld from a client. */
const noticeMs = 1_000
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'proxy-authorization',
])

/**
 * Hands one request to an engine's socket and its answer back, bytes unchanged, both ways at the reader's pace. A client that
 * leaves ends the engine's request; an engine that dies cuts the client's answer, so that it is never taken for a whole one.
 * Resolves when the exchange is over. Rejects with EngineProblem while nothing was sent to the client: 502 `engine_crashed`,
 * or 503 `engine_gone` when the socket was closed already; the request's body is untouched then.
 */
export async function proxy(
  request: IncomingMessage,
  response: ServerResponse,
  target: { socketPath: string; path: string; agent: Agent; ended: Promise<unknown> },
): Promise<void> {
  const { socketPath, path, agent } = target
  const { host: _host, authorization: _secret, ...headers } = endToEnd(request.headers)
  await new Promise<void>((resolve, reject) => {
    const upstream = httpRequest({ socketPath, path, agent, method: request.method ?? 'GET', headers })
    let connected = false
    const tell = (): void => {
      if (response.headersSent) response.destroy()
      else if (connected) reject(new EngineProblem(502, 'engine_crashed', 'The engine ended before it answered.', 1))
      else reject(new EngineProblem(503, 'engine_gone', 'The engine ended. Try again.', 1))
    }
    // A caller that sees the failure may call again at once: the end of the process should be known by then, or the dead one is asked again.
    const fail = (): void => {
      void Promise.race([target.ended, sleep(noticeMs, undefined, { ref: false })]).then(tell)
    }
    upstream.on('error', fail)
    upstream.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers))
      answer.on('error', fail)
      answer.pipe(response)
    })
    response.once('close', () => {
      upstream.destroy()
      resolve()
    })
    request.on('error', () => upstream.destroy())
    const begin = (): void => {
      connected = true
      request.pipe(upstream)
    }
    upstream.once('socket', (socket) => {
      if (socket.connecting) socket.once('connect', begin)
      else begin()
    })
  })
}

function endToEnd(headers: IncomingMessage['headers']): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name)))
}

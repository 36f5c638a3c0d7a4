import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type RouteId, routes } from '../../contract/index.ts'

export type Seen = {
  method: string
  path: string
  query: URLSearchParams
  body: unknown
  authorization: string | undefined
}
type Handler = (seen: Seen, request: IncomingMessage, response: ServerResponse) => unknown

export type FakeHub = {
  url: string
  seen: Seen[]
  /** Answers an operation of the contract; the answer must fit the contract's schema. */
  on: (id: RouteId, answer: object | undefined | ((seen: Seen) => object)) => void
  /** Refuses an operation with a problem. */
  refuse: (id: RouteId, status: number, problem: Record<string, unknown>) => void
  /** Handles a method and path below the root freely. */
  raw: (methodAndPath: string, handler: Handler) => void
  close: () => Promise<void>
}

/** A hub on a free port that answers what a test tells it, in the shapes of the contract. */
export async function startFakeHub(): Promise<FakeHub> {
  const seen: Seen[] = []
  const handlers: { matches: (method: string, path: string) => boolean; handle: Handler }[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://hub')
      let text = ''
      for await (const chunk of request) text += String(chunk)
      const call: Seen = {
        method: request.method ?? '',
        path: decodeURIComponent(pathname),
        query: searchParams,
        body: text === '' ? undefined : JSON.parse(text),
        authorization: request.headers.authorization,
      }
      seen.push(call)
      const found = handlers.findLast((handler) => handler.matches(call.method, pathname))
      if (found === undefined) {
        json(response, 404, problemOf(404, { code: 'not_found', detail: `Nothing at ${call.method} ${call.path}.` }))
      } else await found.handle(call, request, response)
    })().catch((error: unknown) => json(response, 500, problemOf(500, { code: 'test', detail: String(error) })))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const add = (method: string, path: string, handle: Handler) => {
    const pattern = new RegExp(`^${path.replace(/\{[a-z]+\}/g, '[^/]+')}$`)
    handlers.push({ matches: (m, p) => m === method && pattern.test(p), handle })
  }
  const addRoute = (id: RouteId, handle: Handler) =>
    add(routes[id].method.toUpperCase(), `/api/v1${routes[id].path}`, handle)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    on: (id, answer) =>
      addRoute(id, (call, _request, response) => {
        const route = routes[id]
        const value: unknown = typeof answer === 'function' ? (answer as (seen: Seen) => object)(call) : answer
        if (!('response' in route)) return response.writeHead(route.status).end()
        return json(response, route.status, route.response.parse(value))
      }),
    refuse: (id, status, problem) =>
      addRoute(id, (_call, _request, response) => json(response, status, problemOf(status, problem))),
    raw: (methodAndPath, handler) => {
      const [method = '', path = ''] = methodAndPath.split(' ')
      add(method, path, handler)
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const problemOf = (status: number, given: Record<string, unknown>) => ({
  type: 'about:blank',
  title: 'Refused',
  status,
  kind: 'conflict',
  requestId: 'req_test',
  ...given,
})

export function json(response: ServerResponse, status: number, value: unknown): void {
  const type = status < 400 ? 'application/json' : 'application/problem+json'
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(value))
}

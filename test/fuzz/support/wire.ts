import { connect, type Socket } from 'node:net'

export type RawAnswer = { statuses: number[]; text: string; closed: boolean }

const quietMs = 400
const limitMs = 10_000

/** Opens a connection, writes the pieces, and gives what has come when the hub closes it or falls silent after an answer. */
export function exchange(port: number, pieces: readonly (string | Uint8Array)[], pauseMs = 0): Promise<RawAnswer> {
  const { promise, resolve } = Promise.withResolvers<RawAnswer>()
  let text = ''
  let quiet: ReturnType<typeof setTimeout> | undefined
  const socket = connect(port, '127.0.0.1')
  const end = (closed: boolean) => {
    clearTimeout(quiet)
    clearTimeout(limit)
    socket.destroy()
    // Status lines stand at the beginning or follow content without a line break of its own.
    resolve({ statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status)), text, closed })
  }
  const limit = setTimeout(() => end(false), limitMs)
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
    clearTimeout(quiet)
    quiet = setTimeout(() => end(false), quietMs)
  })
  socket.on('error', () => end(true))
  socket.on('close', () => end(true))
  void (async () => {
    for (const piece of pieces) {
      socket.write(piece)
      if (pauseMs > 0) await new Promise((next) => setTimeout(next, pauseMs))
    }
  })()
  return promise
}

/** Connections that begin a request and never end it. */
export function hangingConnections(
  port: number,
  count: number,
  beginning: string,
): { alive: () => number; end: () => void } {
  const sockets = Array.from({ length: count }, (): Socket => {
    const socket = connect(port, '127.0.0.1', () => socket.write(beginning))
    socket.on('error', () => undefined)
    // Without a reader the end of the connection would not be seen.
    socket.resume()
    return socket
  })
  return {
    alive: () => sockets.filter((socket) => !socket.closed && !socket.readableEnded).length,
    end: () => {
      for (const socket of sockets) socket.destroy()
    },
  }
}

const host = 'host: 127.0.0.1\r\n'
const close = 'connection: close\r\n'
const json = 'content-type: application/json\r\n'

/** What no HTTP library would send; the statuses that may come back, 0 for a connection closed without a word. */
export function rawAttacks(
  token: string,
): { what: string; pieces: (string | Uint8Array)[]; allowed: number[]; pauseMs?: number }[] {
  const auth = `authorization: Bearer ${token}\r\n`
  const post = `POST /api/v1/models HTTP/1.1\r\n${host}${auth}${json}`
  return [
    { what: 'a TLS hello', pieces: [Buffer.from('16030100a5010000a10303', 'hex'), '\r\n\r\n'], allowed: [400] },
    { what: 'HTTP/2 without asking', pieces: ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'], allowed: [400, 505] },
    { what: 'HTTP/0.9', pieces: ['GET /\r\n\r\n'], allowed: [200, 400] },
    { what: 'HTTP/1.0', pieces: ['GET /healthz HTTP/1.0\r\n\r\n'], allowed: [200, 400] },
    { what: 'no host', pieces: [`GET /healthz HTTP/1.1\r\n${close}\r\n`], allowed: [400] },
    { what: 'two hosts', pieces: [`GET /healthz HTTP/1.1\r\n${host}${host}${close}\r\n`], allowed: [200, 400] },
    {
      what: 'a host that is none',
      pieces: [`GET /api/v1/models HTTP/1.1\r\nhost: a b\\c\r\n${close}\r\n`],
      allowed: [400],
    },
    { what: 'an empty host', pieces: [`GET /healthz HTTP/1.1\r\nhost:\r\n${close}\r\n`], allowed: [200, 400] },
    {
      what: 'a whole URL as target',
      pieces: [`GET http://elsewhere.example/api/v1/version HTTP/1.1\r\n${host}${close}\r\n`],
      allowed: [200],
    },
    { what: 'a URL that is none', pieces: [`GET http://[/x HTTP/1.1\r\n${host}${close}\r\n`], allowed: [400] },
    { what: 'a star as target', pieces: [`OPTIONS * HTTP/1.1\r\n${host}${close}\r\n`], allowed: [400] },
    { what: 'a tunnel', pieces: [`CONNECT 127.0.0.1:22 HTTP/1.1\r\n${host}\r\n`], allowed: [0, 400, 405] },
    {
      what: 'a web socket',
      pieces: [
        `GET /api/v1/jobs HTTP/1.1\r\n${host}${auth}upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n`,
      ],
      allowed: [200],
    },
    {
      what: 'a header of 100 KiB',
      pieces: [`GET / HTTP/1.1\r\n${host}x: ${'y'.repeat(100_000)}\r\n\r\n`],
      allowed: [431, 0],
    },
    {
      what: 'thousands of headers',
      pieces: [`GET /healthz HTTP/1.1\r\n${host}${close}${'a:b\r\n'.repeat(3_000)}\r\n`],
      allowed: [200, 431],
    },
    {
      what: 'a target of 30 KiB',
      pieces: [`GET /${'a'.repeat(30_000)} HTTP/1.1\r\n${host}\r\n`],
      allowed: [431, 414, 0],
    },
    { what: 'NUL in a header', pieces: [`GET / HTTP/1.1\r\n${host}x: a\0b\r\n\r\n`], allowed: [400] },
    { what: 'a folded header', pieces: [`GET / HTTP/1.1\r\n${host}x: a\r\n b\r\n${close}\r\n`], allowed: [200, 400] },
    {
      what: 'a space before the colon',
      pieces: [`GET / HTTP/1.1\r\n${host}content-length : 5\r\n\r\n`],
      allowed: [400],
    },
    {
      what: 'a length and chunks',
      pieces: [`${post}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n`],
      allowed: [400],
    },
    { what: 'two lengths', pieces: [`${post}content-length: 2\r\ncontent-length: 3\r\n\r\n{} `], allowed: [400] },
    { what: 'a negative length', pieces: [`${post}content-length: -1\r\n\r\n`], allowed: [400] },
    {
      what: 'a length beyond 64 bits',
      pieces: [`${post}content-length: 99999999999999999999999\r\n\r\n{}`],
      allowed: [400],
    },
    {
      what: 'a length of a terabyte, then a little',
      pieces: [`${post}content-length: 1099511627776\r\n\r\n`, ...Array.from({ length: 40 }, () => ' '.repeat(65_536))],
      allowed: [413, 0],
    },
    {
      what: 'an unknown coding',
      pieces: [`${post}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
      allowed: [400, 415, 501],
    },
    {
      what: 'chunked twice',
      pieces: [`${post}transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n`],
      allowed: [400],
    },
    {
      what: 'a chunk of no size',
      pieces: [`${post}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`],
      allowed: [400],
    },
    {
      what: 'chunk extensions of 100 KiB',
      pieces: [`${post}transfer-encoding: chunked\r\n\r\n2;${'x'.repeat(100_000)}\r\n{}\r\n0\r\n\r\n`],
      allowed: [400, 413, 0],
    },
    {
      what: 'a body byte by byte',
      pieces: [`${post}content-length: 4\r\n${close}\r\n`, '{', '"', 'a', '"'],
      allowed: [400],
      pauseMs: 30,
    },
    {
      what: 'an expectation that is none',
      pieces: [`${post}expect: the-impossible\r\ncontent-length: 2\r\n${close}\r\n{}`],
      allowed: [417, 400],
    },
    { what: 'twenty requests at once', pieces: [`GET /healthz HTTP/1.1\r\n${host}\r\n`.repeat(20)], allowed: [200] },
    {
      what: 'a good request, then none',
      pieces: [`GET /healthz HTTP/1.1\r\n${host}\r\n`, 'NONSENSE\r\n\r\n'],
      allowed: [200, 400],
      pauseMs: 100,
    },
    {
      what: 'a refused body that goes on',
      pieces: [
        `${post.replace(json, '')}content-length: 5000000\r\n\r\n`,
        ...Array.from({ length: 80 }, () => 'x'.repeat(65_536)),
      ],
      allowed: [415, 0],
    },
  ]
}

/** Clients that go away in the middle: of a request, of a body, of an answer. */
export async function abandon(
  port: number,
  beginnings: readonly string[],
  afterMs: (n: number) => number,
): Promise<void> {
  const one = (beginning: string, n: number) =>
    new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(beginning)
        setTimeout(() => socket.resetAndDestroy(), afterMs(n))
      })
      socket.on('error', () => undefined)
      socket.on('close', () => resolve())
    })
  await Promise.all(beginnings.map(one))
}

/** A body whose next piece claims to be larger than memory. */
export const hugeChunk = (token: string): string =>
  `POST /api/v1/keys HTTP/1.1\r\n${host}authorization: Bearer ${token}\r\n${json}transfer-encoding: chunked\r\n\r\nffffffffffff\r\n{}`

/** Requests that are worth leaving: with half a body, with a long answer, with work behind them, with an answer without end. */
export function leavable(token: string, jobId: string, folder: string): string[] {
  const auth = `authorization: Bearer ${token}\r\n`
  const get = (target: string) => `GET ${target} HTTP/1.1\r\n${host}${auth}\r\n`
  const post = (target: string, body: string, length = body.length) =>
    `POST ${target} HTTP/1.1\r\n${host}${auth}${json}content-length: ${length}\r\n\r\n${body}`
  const source = JSON.stringify({ source: { type: 'disk', path: folder } })
  return [
    post('/api/v1/models', '{"name":', 500),
    post('/api/v1/models', ' '.repeat(100_000), 900_000),
    `POST /api/v1/keys HTTP/1.1\r\n${host}${auth}${json}transfer-encoding: chunked\r\n\r\nffffffff\r\n{}`,
    post('/api/v1/sources/check', source),
    post('/api/v1/keys', '{"name":"left"}'),
    get('/api/v1/models?facets=true&limit=200'),
    get('/api/v1/audit?limit=200'),
    get('/api/v1/audit/verify'),
    get(`/api/v1/jobs/${jobId}/events`),
    get('/openapi.json'),
    get('/'),
  ]
}

import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

// A source of one large file that misbehaves as told. Its bytes are computed, so that gigabytes need no disk.

/** How the source behaves; read anew for each request, so a test may change it while a download runs. */
export type Behavior = {
  /** Null: none. */
  etag: string | null
  /** Bytes per second of each connection. */
  rate: number | null
  /** Bytes per second of all connections together. */
  sharedRate: number | null
  /** Cuts the connection after so many bytes of a body; asked for each request. */
  cutAfter: (request: number) => number | null
  /** Position of a byte that is sent wrong. */
  corrupt: number | null
  /** Turns the announced length into another. */
  contentLength: (length: number) => number | null
  /** Turns what Content-Range says into another. */
  contentRange: (range: string) => string | null
  /** False: every answer is the whole file. */
  ranges: boolean
  /** False: a part is sent although the file is another than If-Range asks for. */
  heedsIfRange: boolean
  /** False: no length, in chunks. */
  announced: boolean
  /** Answers before anything else, with a status and headers; null: go on. */
  instead: (
    request: number,
    asked: IncomingMessage,
  ) => { status: number; headers?: Record<string, string>; body?: string } | null
  encoding: string | null
  /** Sends one byte each so many milliseconds. */
  dripMs: number | null
}

export type FaultSource = {
  url: string
  origin: string
  size: number
  sha256: string
  /** Changes at once. */
  behave: (change: Partial<Behavior>) => void
  /** Another content of the same size: a file that changed at its source. */
  change: (seed: number, etag: string | null) => void
  /** Bytes of bodies that were written to sockets. */
  served: () => number
  requests: () => {
    path: string
    range: string | undefined
    ifRange: string | undefined
    authorization: string | undefined
    cookie: string | undefined
  }[]
  connections: () => number
  close: () => Promise<void>
}

const pieceBytes = 64 * 1024
const mebibyte = 2 ** 20

/** The bytes `start` up to and without `end` of the file of a seed: a block of 1 MiB, turned by its number and marked with it. */
function createContent(seed: number): (start: number, end: number) => Buffer {
  const blocks = Array.from({ length: 4 }, (_none, i) => {
    const block = Buffer.alloc(mebibyte)
    for (let at = 0; at < block.length; at += 64)
      createHash('sha512').update(`${seed} ${i} ${at}`).digest().copy(block, at)
    return block
  })
  return (start, end) => {
    const out = Buffer.allocUnsafe(end - start)
    for (let at = start; at < end; ) {
      const number = Math.floor(at / mebibyte)
      const from = at % mebibyte
      const part = (blocks[number % 4] ?? Buffer.alloc(0)).subarray(from, Math.min(mebibyte, from + end - at))
      part.copy(out, at - start)
      // The number of the block in its first bytes, so that no two blocks are alike and a swapped part is seen.
      for (let byte = from; byte < Math.min(4, from + part.length); byte++)
        out[at - start + byte - from] = (number >>> (8 * byte)) & 255
      at += part.length
    }
    return out
  }
}

const contents = new Map<number, ReturnType<typeof createContent>>()
function contentOf(seed: number): ReturnType<typeof createContent> {
  const content = contents.get(seed) ?? createContent(seed)
  contents.set(seed, content)
  return content
}

/** The same content with other first bytes. */
const behind =
  (head: Buffer, content: ReturnType<typeof createContent>): ReturnType<typeof createContent> =>
  (start, end) => {
    const bytes = content(start, end)
    if (start < head.length) head.copy(bytes, 0, start, Math.min(end, head.length))
    return bytes
  }

const plain: Behavior = {
  etag: '"one"',
  rate: null,
  sharedRate: null,
  cutAfter: () => null,
  corrupt: null,
  contentLength: (length) => length,
  contentRange: (range) => range,
  ranges: true,
  heedsIfRange: true,
  announced: true,
  instead: () => null,
  encoding: null,
  dripMs: null,
}

/** With a `head` the file begins with it: the header of a format, whose data the rest is. */
export async function startFaultSource(
  size: number,
  given: Partial<Behavior> = {},
  seed = 1,
  head: Buffer = Buffer.alloc(0),
): Promise<FaultSource> {
  let behavior: Behavior = { ...plain, ...given }
  let content = behind(head, contentOf(seed))
  let served = 0
  let connections = 0
  let sharedPaid = 0
  const requests: ReturnType<FaultSource['requests']> = []
  const sockets = new Set<Socket>()
  /** When a connection has sent what it was granted so far. */
  const paid = new WeakMap<Socket, number>()

  const send = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const number = requests.push({
      path: request.url ?? '',
      range: request.headers.range,
      ifRange: request.headers['if-range'] as string | undefined,
      authorization: request.headers.authorization,
      cookie: request.headers.cookie,
    })
    const now = { ...behavior }
    const bytes = content
    const instead = now.instead(number, request)
    if (instead !== null) {
      response.writeHead(instead.status, instead.headers)
      response.end(instead.body)
      return
    }
    const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
    const ifRange = request.headers['if-range']
    const current = ifRange === undefined || ifRange === now.etag || !now.heedsIfRange
    const ranged = now.ranges && asked !== null && current
    const start = ranged ? Number(asked[1]) : 0
    const end = ranged && asked[2] !== '' ? Math.min(size, Number(asked[2]) + 1) : size
    const headers: Record<string, string> = now.etag === null ? {} : { etag: now.etag }
    if (now.encoding !== null) headers['content-encoding'] = now.encoding
    if (ranged && start >= size) {
      response.writeHead(416, { ...headers, 'content-range': `bytes */${size}` })
      response.end()
      return
    }
    const length = now.contentLength(end - start)
    if (now.announced && length !== null) headers['content-length'] = String(length)
    const range = ranged ? now.contentRange(`bytes ${start}-${end - 1}/${size}`) : null
    if (range !== null) headers['content-range'] = range
    response.strictContentLength = false
    response.writeHead(ranged ? 206 : 200, headers)
    response.flushHeaders()
    const cut = now.cutAfter(number)
    const socket = response.socket
    for (let at = start; at < end && socket !== null; ) {
      const most = now.dripMs === null ? pieceBytes : 1
      const piece = bytes(at, Math.min(end, at + most, cut === null ? end : start + cut))
      if (piece.length === 0) break
      if (now.corrupt !== null && now.corrupt >= at && now.corrupt < at + piece.length) {
        piece[now.corrupt - at] = (piece[now.corrupt - at] ?? 0) ^ 1
      }
      if (behavior.rate !== null) {
        const from = Math.max(paid.get(socket) ?? 0, performance.now() - 20)
        const until = from + (piece.length * 1_000) / behavior.rate
        paid.set(socket, until)
        if (until > performance.now()) await sleep(Math.max(0, until - performance.now()))
      }
      if (behavior.sharedRate !== null) {
        sharedPaid = Math.max(sharedPaid, performance.now() - 20) + (piece.length * 1_000) / behavior.sharedRate
        if (sharedPaid > performance.now()) await sleep(Math.max(0, sharedPaid - performance.now()))
      }
      if (now.dripMs !== null) await sleep(now.dripMs)
      if (socket.destroyed) return
      served += piece.length
      at += piece.length
      if (!response.write(piece)) {
        await new Promise<void>((resolve) => {
          const go = () => {
            socket.removeListener('close', go)
            response.removeListener('drain', go)
            resolve()
          }
          socket.once('close', go)
          response.once('drain', go)
        })
      }
    }
    if (cut !== null && end - start > cut) {
      // What was written reaches the other side first.
      socket?.end()
      return
    }
    response.end()
  }
  const server = createServer((request, response) => {
    response.on('error', () => undefined)
    send(request, response).catch(() => response.destroy())
  })
  server.on('connection', (socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const hash = createHash('sha256')
  for (let at = 0; at < size; at += mebibyte) hash.update(content(at, Math.min(size, at + mebibyte)))
  return {
    url: `${origin}/model.bin?signature=of-this-link`,
    origin,
    size,
    sha256: hash.digest('hex'),
    behave: (change) => {
      behavior = { ...behavior, ...change }
    },
    change: (other, etag) => {
      content = contentOf(other)
      behavior = { ...behavior, etag }
    },
    served: () => served,
    requests: () => requests,
    connections: () => connections,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

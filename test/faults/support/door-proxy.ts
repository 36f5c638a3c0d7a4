import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

// What stands between two hubs on loopback: it counts what passes, and spoils it as told.

/** What is done to answers for files; read anew for each request. */
export type Spoil = {
  /** Bytes per second of each connection. */
  rate?: number
  /** Cuts the connection after so many bytes of a body; null: not this one. */
  cutAfter?: (request: number) => number | null
  /** Position of a byte of the file that is passed on wrong. */
  corrupt?: number
  /** Turns the announced length into another. */
  length?: (length: number) => number
  /** The whole file is passed on, whatever range was asked for. */
  ignoresRange?: boolean
  /** Turns the sizes of a listing into others. */
  listedSize?: (size: number) => number
}

export type Passed = { path: string; range: string | undefined; status: number; bytes: number }

export type DoorProxy = {
  /** The address of the door behind it. */
  url: string
  /** For answers whose path contains this text. */
  spoil: (part: string, how: Spoil) => void
  /** Bytes of bodies that the hub behind has sent so far for files whose path contains this text, passed on or not. */
  sent: (part: string) => number
  /** Requests for files so far. */
  passed: () => readonly Passed[]
  close: () => Promise<void>
}

/** A proxy on a free port of loopback in front of the door of a hub at `origin`. */
export async function startDoorProxy(origin: string): Promise<DoorProxy> {
  const spoiled = new Map<string, Spoil>()
  const passed: Passed[] = []
  const agent = new Agent({ keepAlive: true })
  const sockets = new Set<Socket>()
  const granted = new WeakMap<Socket, number>()
  let requests = 0

  const pass = (asked: IncomingMessage, response: ServerResponse): void => {
    const path = asked.url ?? '/'
    const how = [...spoiled].find(([part]) => path.includes(part))?.[1] ?? {}
    const headers: IncomingHttpHeaders = { ...asked.headers, host: new URL(origin).host }
    if (how.ignoresRange === true) {
      delete headers.range
      delete headers['if-range' as keyof IncomingHttpHeaders]
    }
    const behind = send(`${origin}${path}`, { agent, method: asked.method ?? 'GET', headers }, (answer) => {
      const isFile = path.includes('/resolve/') && asked.method === 'GET'
      const work = isFile ? passFile(asked, answer, response, how) : passOther(path, answer, response, how)
      work.catch(() => {
        response.destroy()
        answer.destroy()
      })
    })
    behind.on('error', () => response.destroy())
    response.once('close', () => behind.destroy())
    asked.pipe(behind)
  }

  const passOther = async (path: string, answer: IncomingMessage, response: ServerResponse, how: Spoil) => {
    const chunks: Buffer[] = []
    for await (const chunk of answer) chunks.push(chunk as Buffer)
    let body = Buffer.concat(chunks)
    const headers = { ...answer.headers }
    const { listedSize } = how
    if (listedSize !== undefined && path.includes('/tree/')) {
      const turned = body.toString().replaceAll(/"size":(\d+)/g, (_all, size) => `"size":${listedSize(Number(size))}`)
      body = Buffer.from(turned)
      headers['content-length'] = String(body.length)
      delete headers['transfer-encoding']
    }
    response.writeHead(answer.statusCode ?? 502, headers).end(body)
  }

  const passFile = async (
    asked: IncomingMessage,
    answer: IncomingMessage,
    response: ServerResponse,
    how: Spoil,
  ): Promise<void> => {
    const number = ++requests
    const entry: Passed = {
      path: asked.url ?? '/',
      range: asked.headers.range,
      status: answer.statusCode ?? 0,
      bytes: 0,
    }
    passed.push(entry)
    const { socket } = asked
    const headers = { ...answer.headers }
    const length = Number(headers['content-length'])
    if (how.length !== undefined) headers['content-length'] = String(how.length(length))
    if (how.ignoresRange === true) headers['accept-ranges'] = 'none'
    response.strictContentLength = false
    response.writeHead(entry.status, headers)
    response.flushHeaders()
    const cut = how.cutAfter?.(number) ?? null
    let at = Number(/^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1] ?? 0)
    for await (const one of answer) {
      let chunk = one as Buffer
      entry.bytes += chunk.length
      if (cut !== null && entry.bytes >= cut) chunk = chunk.subarray(0, Math.max(0, chunk.length - entry.bytes + cut))
      if (how.corrupt !== undefined && how.corrupt >= at && how.corrupt < at + chunk.length) {
        chunk[how.corrupt - at] = (chunk[how.corrupt - at] ?? 0) ^ 1
      }
      at += chunk.length
      if (how.rate !== undefined) {
        const until = Math.max(granted.get(socket) ?? 0, performance.now() - 20) + (chunk.length * 1_000) / how.rate
        granted.set(socket, until)
        await sleep(Math.max(0, until - performance.now()))
      }
      if (socket.destroyed) return
      if (!response.write(chunk)) await drained(response, socket)
      if (cut === null || entry.bytes < cut) continue
      // What was written reaches the other side first.
      socket.end()
      return
    }
    if (how.length !== undefined && how.length(length) !== length) socket.end()
    else response.end()
  }

  const server = createServer((asked, response) => {
    response.on('error', () => undefined)
    pass(asked, response)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hf`,
    spoil: (part, how) => void spoiled.set(part, how),
    sent: (part) => passed.reduce((sum, { path, bytes }) => sum + (path.includes(part) ? bytes : 0), 0),
    passed: () => passed,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      agent.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function drained(response: ServerResponse, socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      socket.removeListener('close', go)
      response.removeListener('drain', go)
      resolve()
    }
    socket.once('close', go)
    response.once('drain', go)
  })
}

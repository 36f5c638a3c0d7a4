import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { limitBodyTime } from './body-time.ts'

let server: Server | undefined
afterEach(() => new Promise((resolve) => (server === undefined ? resolve(null) : server.close(resolve))))

/** Sends the beginning of a request, then pieces with pauses; gives what came back and when the connection ended. */
async function send(limits: { wholeMs: number; silenceMs: number }, path: string, pauses: readonly number[]) {
  server = createServer((request, response) => {
    request.on('data', () => undefined).on('end', () => response.end('whole'))
    request.on('error', () => undefined)
  })
  const isUpload = ({ url }: IncomingMessage) => url === '/upload'
  limitBodyTime(server, isUpload, limits)
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => socket.end(`HTTP/1.1 408 ${error.code}\r\n\r\n`))
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
  })
  socket.on('error', () => undefined)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  const length = pauses.length
  socket.write(`POST ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: ${length}\r\n\r\n`)
  for (const pause of pauses) {
    await sleep(pause)
    if (socket.writable) socket.write('x')
  }
  await Promise.race([closed, sleep(5_000)])
  socket.destroy()
  return text.split('\r\n')[0]
}

test('a body that is not there in time is refused', async () => {
  expect(await send({ wholeMs: 200, silenceMs: 60_000 }, '/', [50, 50, 50, 50, 50, 50, 50, 50])).toBe(
    'HTTP/1.1 408 ERR_HTTP_REQUEST_TIMEOUT',
  )
  expect(await send({ wholeMs: 2_000, silenceMs: 1 }, '/', [20, 20])).toBe('HTTP/1.1 200 OK')
})

test('an upload takes its time, but must not stand still', async () => {
  expect(await send({ wholeMs: 50, silenceMs: 200 }, '/upload', Array(20).fill(50) as number[])).toBe('HTTP/1.1 200 OK')
  expect(await send({ wholeMs: 60_000, silenceMs: 200 }, '/upload', [20, 1_500])).toBe(
    'HTTP/1.1 408 ERR_HTTP_REQUEST_TIMEOUT',
  )
})

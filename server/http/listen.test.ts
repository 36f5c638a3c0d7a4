import { connect } from 'node:net'
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Problem } from '../../contract/index.ts'
import type { AppEnv } from './deps.ts'
import { isUpload, type Listening, listen } from './listen.ts'

let server: Listening
beforeAll(async () => {
  const app = new Hono<AppEnv>()
  app.get('/', (c) => c.text('here'))
  server = await listen(app, { host: '127.0.0.1', port: 0 })
})
afterAll(async () => await server.close())

/** All that comes back for these bytes until the hub closes the connection. */
function exchange(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes, 'latin1'))
    let text = ''
    socket.setTimeout(10_000, () => socket.destroy(new Error(`still open after: ${text}`)))
    socket.on('data', (chunk) => (text += chunk.toString('latin1')))
    socket.on('error', reject)
    socket.on('close', () => resolve(text))
  })
}

test.each<[string, number, string, string]>([
  ['no HTTP at all', 400, 'malformed_request', '\x16\x03\x01 hello\r\n\r\n'],
  ['a header without a name', 400, 'malformed_request', 'GET / HTTP/1.1\r\nhost: a\r\n: x\r\n\r\n'],
  [
    'two lengths',
    400,
    'malformed_request',
    'GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
  ],
  [
    'a length and chunks',
    400,
    'malformed_request',
    'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['headers beyond 16 KiB', 431, 'headers_too_large', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`],
  ['a host that is none', 400, 'malformed_request', 'GET / HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n'],
  ['a target that is none', 400, 'malformed_request', 'OPTIONS * HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n'],
])('%s is answered with a problem', async (_what, status, code, bytes) => {
  const [head = '', body = ''] = (await exchange(bytes)).split('\r\n\r\n')
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(head).toContain('content-type: application/problem+json')
  expect(Problem.parse(JSON.parse(body))).toMatchObject({ status, code })
})

test('what cannot be read never falls into an answer before it', async () => {
  expect(await exchange('GET / HTTP/1.1\r\nhost: a\r\n\r\nGARBAGE\r\n\r\n')).toMatch(
    /^(?:HTTP\/1.1 200 [\s\S]*\r\n\r\nhere(?:HTTP\/1.1 400 [\s\S]*)?)?$/,
  )
})

test('what brings a body of any size is known by its operation, so that it may take its time', () => {
  const url = '/api/v1/uploads/upl_1/files/12'
  expect(isUpload({ method: 'PUT', url: `${url}?offset=5` })).toBe(true)
  expect(isUpload({ method: 'POST', url: '/api/v1/imports?trustKey=x' })).toBe(true)
  for (const other of [`${url}/more`, `/x${url}`, '/api/v1/uploads/upl_1/files/', '/api/v1/uploads/a/b/files/1']) {
    expect(isUpload({ method: 'PUT', url: other }), other).toBe(false)
  }
  expect(isUpload({ method: 'POST', url })).toBe(false)
  expect(isUpload({ method: 'POST', url: '/api/v1/uploads' })).toBe(false)
})

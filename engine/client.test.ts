import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEngineClient, type EngineClient } from './client.ts'

let folder: string
let server: Server
let client: EngineClient
/** What the host was asked, one word per request: how many its connection had carried before. */
let asked: number[]
/** The connections, by how many requests they have carried, whose next request is cut without an answer. */
let cutAt: number

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mh-eng-client-'))
  asked = []
  cutAt = -1
  const carried = new WeakMap<object, number>()
  server = createServer((request, response) => {
    const before = carried.get(request.socket) ?? 0
    carried.set(request.socket, before + 1)
    asked.push(before)
    if (before === cutAt) request.socket.destroy()
    else response.end('{"items":[]}')
  })
  await new Promise<void>((resolve) => server.listen(join(folder, 'host.sock'), resolve))
  client = createEngineClient({ socketPath: join(folder, 'host.sock'), secret: 'secret' })
})
afterEach(async () => {
  client.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true, force: true })
})

test('a kept connection that ends at its next use is not the end of the call', async () => {
  await client.list()
  cutAt = 1
  expect(await client.list()).toEqual([])
  expect(asked).toEqual([0, 1, 0])
})

test('a new connection that ends is told to the caller, after one try', async () => {
  cutAt = 0
  await expect(client.list()).rejects.toMatchObject({ code: 'engine_host_unreachable' })
  expect(asked).toEqual([0])
})

test('an inference request is sent once', async () => {
  await client.list()
  cutAt = 1
  await expect(client.request('any', { path: '/v1/completions', body: {} })).rejects.toMatchObject({
    code: 'engine_host_unreachable',
  })
  expect(asked).toEqual([0, 1])
})

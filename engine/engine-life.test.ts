import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { appendFile, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEngineClient } from './client.ts'
import { fingerprintOf } from './host/check-files.ts'
import { buildKnownBigram } from './starter/index.ts'
import type { TestHost } from './testing/start-host.ts'
import { ask, startTestHost } from './testing/start-host.ts'
import type { EngineHostConfig } from './types.ts'

const starter = buildKnownBigram().bytes

let host: TestHost
const restart = async (config: Partial<EngineHostConfig>): Promise<void> => {
  await host.stop()
  host = await startTestHost(config)
}
beforeEach(async () => {
  host = await startTestHost()
})
afterEach(async () => await host.stop())

const state = async (id: string): Promise<string> => (await host.client.get(id)).state
const pidOf = async (id: string): Promise<number> => (await host.client.get(id)).pid ?? 0
const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('loading', () => {
  test('a put does not load; concurrent first calls share one load', async () => {
    await host.deploy('starter', starter)
    expect(await state('starter')).toBe('idle')
    const answers = await Promise.all(Array.from({ length: 6 }, async () => await host.chat('starter', ask('x'))))
    expect(answers.map((answer) => answer.body.choices[0]?.message.content)).toEqual(Array(6).fill('yz'))
    expect(await host.client.list()).toMatchObject([{ deploymentId: 'starter', state: 'ready', restarts: 0 }])
  })

  test('a load says what was loaded; a second one is immediate', async () => {
    await host.deploy('starter', starter, { contextLength: 512, parallel: 2 })
    const loaded = await host.client.load('starter')
    expect(loaded).toMatchObject({ state: 'ready', contextLength: 512, parallel: 2, engine: 'llama.cpp' })
    expect(loaded.loadMs).toBeGreaterThan(0)
    expect(loaded.rssBytes).toBeGreaterThan(50e6)
    expect((await host.client.load('starter')).loadMs).toBe(0)
  })

  test('unknown deployments and wrong secrets are refused', async () => {
    await expect(host.client.load('nobody')).rejects.toMatchObject({ code: 'unknown_deployment', kind: 'not_found' })
    const stranger = createEngineClient({ socketPath: join(host.folder, 'host.sock'), secret: 'guess' })
    await expect(stranger.list()).rejects.toMatchObject({ code: 'unauthenticated' })
    stranger.close()
    expect((await stat(join(host.folder, 'host.sock'))).mode & 0o777).toBe(0o600)
  })

  test('a file that changed since it was verified is refused until it is put again', async () => {
    const spec = await host.deploy('starter', starter)
    const fingerprint = await fingerprintOf(spec.main)
    await host.client.put({
      ...spec,
      files: [{ ...spec.files[0], path: spec.main, size: starter.length, fingerprint }],
    })
    await host.client.load('starter')
    await host.client.unload('starter')
    await appendFile(spec.main, 'x')
    await expect(host.client.load('starter')).rejects.toMatchObject({ code: 'fingerprint_changed', kind: 'conflict' })
    await expect(host.chat('starter', ask('x'))).rejects.toMatchObject({ code: 'fingerprint_changed' })
    expect(await state('starter')).toBe('failed')
    await host.deploy('starter', starter)
    expect((await host.chat('starter', ask('x'))).status).toBe(200)
  })
})

describe('memory', () => {
  test('a model over the whole budget is refused with the numbers', async () => {
    await restart({ memoryBytes: 50e6 })
    await host.deploy('starter', starter)
    await expect(host.client.load('starter')).rejects.toMatchObject({ code: 'memory_budget', details: { status: 503 } })
    expect(await state('starter')).toBe('idle')
  })

  test('the engine unused for longest makes room; a busy one does not', async () => {
    await restart({ memoryBytes: 330e6, roomWaitMs: 50 })
    for (const id of ['one', 'two', 'three']) await host.deploy(id, starter)
    await host.client.load('one')
    await host.client.load('two')
    await host.chat('one', ask('x'))
    await host.client.load('three')
    expect([await state('one'), await state('two'), await state('three')]).toEqual(['ready', 'idle', 'ready'])

    const controller = new AbortController()
    for (const id of ['one', 'three']) {
      const call = { path: '/v1/chat/completions', body: ask('<|loop|>', { stream: true }) }
      const answer = await host.client.request(id, call, controller.signal)
      answer.on('error', () => undefined).resume()
    }
    await expect(host.client.load('two')).rejects.toMatchObject({ code: 'memory_budget' })
    controller.abort()
  })

  test('an engine that nobody uses is unloaded, and comes back with the next call', async () => {
    await restart({ idleMs: 300 })
    await host.deploy('starter', starter)
    await host.client.load('starter')
    const pid = await pidOf('starter')
    await expect.poll(async () => await state('starter'), { timeout: 5_000 }).toBe('idle')
    expect(alive(pid)).toBe(false)
    expect((await host.chat('starter', ask('x'))).status).toBe(200)
  })
})

describe('endings', () => {
  const streamFrom = async (id: string, extra: object = {}): Promise<AsyncIterable<Buffer> & NodeJS.ReadableStream> => {
    const call = { path: '/v1/chat/completions', body: ask('<|loop|>', { stream: true, ...extra }) }
    const answer = await host.client.request(id, call)
    await once(answer, 'readable')
    return answer
  }

  test('kill -9 in the middle of a stream: the client sees a cut, the next call reloads', async () => {
    await host.deploy('starter', starter)
    const answer = await streamFrom('starter')
    process.kill(await pidOf('starter'), 'SIGKILL')
    await expect(text(answer)).rejects.toThrow(/aborted|ECONNRESET/)
    expect((await host.chat('starter', ask('x'))).body.choices[0]?.message.content).toBe('yz')
    expect(await host.client.get('starter')).toMatchObject({ state: 'ready', restarts: 1, inflight: 0 })
  })

  test('an unload lets a running answer end', async () => {
    await host.deploy('starter', starter)
    const answer = await streamFrom('starter', { max_tokens: 300 })
    const unloaded = host.client.unload('starter')
    await expect.poll(async () => await state('starter')).toBe('draining')
    expect(await text(answer)).toMatch(/data: \[DONE\]\n\n$/)
    expect(await unloaded).toMatchObject({ state: 'idle', pid: null })
  })

  test('an unload while loading ends the load', async () => {
    await host.deploy('starter', starter)
    const loading = host.client.load('starter')
    await expect.poll(async () => await state('starter')).toBe('loading')
    const refused = expect(loading).rejects.toMatchObject({ code: 'unloaded' })
    await host.client.unload('starter')
    await refused
    expect(await host.client.get('starter')).toMatchObject({ state: 'idle', reason: null })
  })

  test('another spec replaces the engine; a removed deployment is unknown', async () => {
    const spec = await host.deploy('starter', starter)
    await host.client.load('starter')
    const pid = await pidOf('starter')
    await host.client.put(spec)
    expect(await pidOf('starter')).toBe(pid)
    await host.client.put({ ...spec, contextLength: 256 })
    expect(await host.client.load('starter')).toMatchObject({ contextLength: 256 })
    expect(alive(pid)).toBe(false)
    await host.client.remove('starter')
    await expect(host.client.get('starter')).rejects.toMatchObject({ code: 'unknown_deployment' })
  })
})

const shared = new URL('../../shared/gguf/tiny-random.gguf', import.meta.url)
test('the shared tiny-random.gguf loads and streams', async (context) => {
  if (!existsSync(shared)) return context.skip('skipped: no shared inputs')
  await host.deploy('shared', await readFile(shared))
  const call = { path: '/v1/chat/completions', body: ask('hello', { stream: true, max_tokens: 8, seed: 3 }) }
  const answer = await host.client.request('shared', call)
  expect(await text(answer)).toMatch(/"delta":\{"content":[\s\S]+data: \[DONE\]\n\n$/)
})

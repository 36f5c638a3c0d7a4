import { readdirSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { json as readJson } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SnapshotRoute } from '../../contract/index.ts'
import { startChild } from '../../engine/host/start-child.ts'
import { buildKnownBigram } from '../../engine/starter/index.ts'
import { ask, startTestHost, type TestHost } from '../../engine/testing/start-host.ts'
import type { EngineSpec } from '../../engine/types.ts'
import { startGateway } from '../../gateway/start-gateway.ts'
import { aKey, aRoute } from '../../gateway/testing/fake-control.ts'
import { type Harness, key, silent, soon, startHarness } from '../../gateway/testing/harness.ts'
import { chat } from '../e2e/support/chat.ts'
import { figure } from '../e2e/support/work.ts'
import { amount } from './support/plan.ts'

const starter = buildKnownBigram().bytes
let host: TestHost
let hub: Harness
const startHost = async (config: Parameters<typeof startTestHost>[0] = {}) => {
  host = await startTestHost(config)
  hub = await startHarness()
  await hub.gateway.close()
  const engine = { engineSocket: `${host.folder}/host.sock`, engineSecret: 'test-secret' }
  hub.config = { ...hub.config, ...engine, limits: { ...hub.config.limits, unreachableMs: 5_000 } }
  hub.gateway = await startGateway(hub.config, { log: silent })
  hub.url = `http://127.0.0.1:${hub.gateway.port}`
}
/** A route to a real engine for each spec. */
const serve = async (specs: EngineSpec[]) => {
  const routes = specs.map((spec): SnapshotRoute => {
    const route = aRoute(spec.deploymentId)
    return { ...route, targets: route.targets.map((target) => ({ ...target, engine: spec })) }
  })
  hub.control.publish(2, routes, [aKey(key)])
  await hub.version(2)
}
afterEach(async () => {
  await hub.close()
  await host.stop()
})

const pidOf = async (id: string) => (await host.client.get(id)).pid ?? 0
const call = (model: string, id: string) => ({ model, content: 'abc', requestId: id })

describe('an engine process that is killed', () => {
  beforeEach(async () => {
    // The pause after a crash doubles each time; twelve in a row shall not come to the length that is told instead of waited.
    await startHost({ backoffMs: 2 })
    await serve([await host.deploy('starter', starter)])
  })

  it('under 16 streams: each ends whole or labelled, whole answers are tried again unseen, the next call is answered', async () => {
    const rounds = amount({ slice: 1, full: 12 })
    let [cut, whole, retried] = [0, 0, 0]
    for (let round = 0; round < rounds; round++) {
      expect((await chat(hub.url, key, call('starter', 'warm'))).status).toBe(200)
      const begun = Promise.withResolvers<void>()
      const streams = Array.from({ length: 16 }, (_none, at) =>
        rawStream(`stream-${round}-${at}`, () => begun.resolve()),
      )
      await begun.promise
      // These wait for a place behind the streams: nothing of them is answered when the process dies.
      const wholes = Array.from({ length: 8 }, (_none, at) =>
        chat(hub.url, key, call('starter', `whole-${round}-${at}`)),
      )
      await soon(async () => (await host.client.get('starter')).inflight >= 12)
      const pid = await pidOf('starter')
      process.kill(pid, 'SIGKILL')
      const [texts, answers] = await Promise.all([Promise.all(streams), Promise.all(wholes)])
      for (const text of texts) {
        if (text.endsWith('data: [DONE]\n\n')) whole++
        else {
          cut++
          expect(text).toMatch(/\n\ndata: \{"error":\{.*"code":"upstream_cut".*\}\}\n\n$/)
        }
      }
      for (const answer of answers) {
        retried++
        expect(answer, JSON.stringify(answer)).toMatchObject({
          status: 200,
          text: expect.stringMatching(/^def/) as string,
        })
      }
      expect((await chat(hub.url, key, call('starter', 'after'))).status).toBe(200)
      expect(await pidOf('starter')).not.toBe(pid)
    }
    expect(cut).toBeGreaterThan(0)
    figure(
      `${rounds} kills under 16 streams: ${cut} cut and labelled, ${whole} whole; ${retried} of ${retried} whole answers came`,
    )
    await soon(async () => (await hub.health()).usage.pending === 0)
    const outcomes = hub.control.records().filter(({ requestId }) => requestId.startsWith('stream-'))
    expect(outcomes.filter(({ outcome }) => outcome === 'upstream_cut')).toHaveLength(cut)
    expect(outcomes.filter(({ outcome }) => outcome === 'ok')).toHaveLength(whole)
  }, 300_000)

  it('a caller that leaves ends its generation promptly', async () => {
    const took: number[] = []
    await chat(hub.url, key, call('starter', 'warm'))
    for (let round = 0; round < amount({ slice: 5, full: 100 }); round++) {
      const leaving = new AbortController()
      const begun = Promise.withResolvers<void>()
      const stream = rawStream(`leave-${round}`, () => begun.resolve(), leaving.signal)
      await begun.promise
      const at = performance.now()
      leaving.abort()
      await stream.catch(() => {})
      await soon(async () => (await childCounts()).active === 0)
      took.push(performance.now() - at)
    }
    took.sort((a, b) => a - b)
    const [median, worst] = [took[Math.floor(took.length / 2)] ?? 0, took.at(-1) ?? 0]
    figure(
      `a caller leaves: its generation ends after ${median.toFixed(0)} ms (median), ${worst.toFixed(0)} ms at most`,
    )
    await soon(async () => (await hub.health()).usage.pending === 0)
    const left = hub.control.records().filter(({ requestId }) => requestId.startsWith('leave-'))
    expect(new Set(left.map(({ outcome }) => outcome))).toEqual(new Set(['client_closed']))
  }, 120_000)
})

describe('the memory of engines', () => {
  it('two that do not fit together take turns; what fits nowhere is refused with the shortfall', async () => {
    await startHost({ memoryBytes: 140 * 2 ** 20, drainMs: 1_000 })
    await serve([await host.deploy('one', starter), await host.deploy('two', starter)])
    for (const model of ['one', 'two', 'one', 'two']) {
      expect((await chat(hub.url, key, call(model, `turn-${model}`))).status).toBe(200)
      const ready = (await host.client.list()).filter(({ state }) => state === 'ready')
      expect(ready.map(({ deploymentId }) => deploymentId)).toEqual([model])
    }
    // The cache of 64 sequences of 2,048 tokens is what makes it too large.
    await host.deploy('wide', starter, { parallel: 64, contextLength: 2_048 })
    await expect(host.client.load('wide')).rejects.toMatchObject({
      code: 'memory_budget',
      message: expect.stringMatching(/needs about \d+ bytes.*may use 146800640/) as string,
    })
    expect((await chat(hub.url, key, call('one', 'still'))).status).toBe(200)
  }, 120_000)

  it('calls for both at the same time end in an answer or in a plain 503 with a time to come back, never in a hang', async () => {
    await startHost({ memoryBytes: 140 * 2 ** 20, drainMs: 1_000 })
    await serve([await host.deploy('one', starter), await host.deploy('two', starter)])
    const counts = new Map<string, number>()
    const calls = Array.from({ length: amount({ slice: 20, full: 200 }) }, async (_none, at) => {
      const answer = await chat(hub.url, key, call(at % 2 === 0 ? 'one' : 'two', `edge-${at}`))
      const end = `${answer.status} ${answer.code ?? ''}`.trim()
      counts.set(end, (counts.get(end) ?? 0) + 1)
    })
    await Promise.all(calls)
    figure(
      `calls for two models with room for one: ${[...counts].map(([end, times]) => `${end} ×${times}`).join(', ')}`,
    )
    expect([...counts.keys()].filter((end) => end !== '200' && end !== '503 memory_budget')).toEqual([])
    const memory = await hostMemory()
    expect(memory.reservedBytes).toBeLessThanOrEqual(memory.budgetBytes)
    expect((await chat(hub.url, key, call('one', 'after'))).status).toBe(200)
  }, 120_000)

  it('a process that grows beyond its limit is ended with the reason, also while it loads', async () => {
    await startHost()
    const spec = await host.deploy('starter', starter)
    const limits = { loadTimeoutMs: 60_000, memoryBytes: 60 * 2 ** 20, silenceMs: 60_000 }
    const child = {
      deploymentId: 'd',
      modelPath: spec.main,
      contextLength: 256,
      parallel: 1,
      queueLimit: 1,
      mapped: true,
    }
    const started = startChild({ ...child, socketPath: `${host.folder}/x.s` }, limits, new AbortController().signal)
    await expect(started).rejects.toMatchObject({
      code: 'memory_limit',
      message: expect.stringMatching(/^The engine used \d+ bytes of memory; its limit is 62914560\.$/) as string,
    })
  }, 60_000)
})

/** The bytes of a long stream, however it ends. */
async function rawStream(id: string, onFirst: () => void, signal?: AbortSignal): Promise<string> {
  const answer = await fetch(`${hub.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'x-request-id': id },
    body: JSON.stringify({ model: 'starter', ...ask('<|loop|>', { stream: true, max_tokens: 400, temperature: 0 }) }),
    ...(signal === undefined ? {} : { signal }),
  })
  let text = ''
  const decoder = new TextDecoder()
  for await (const part of answer.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(part, { stream: true })
    onFirst()
  }
  return text
}

/** What the engine process itself says of its places: one that still generates for nobody is active. */
async function childCounts(): Promise<{ active: number; waiting: number }> {
  const socket = readdirSync(`${host.folder}/host.sock.d`)[0] ?? ''
  return (await getJson(`${host.folder}/host.sock.d/${socket}`, '/health')) as { active: number; waiting: number }
}

const hostMemory = async () =>
  (
    (await getJson(`${host.folder}/host.sock`, '/healthz')) as {
      memory: { reservedBytes: number; budgetBytes: number }
    }
  ).memory

async function getJson(socketPath: string, path: string): Promise<unknown> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ socketPath, path }, resolve).on('error', reject)
  })
  return await readJson(answer)
}

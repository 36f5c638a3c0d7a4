import { afterEach, beforeEach, expect, it } from 'vitest'
import { buildKnownBigram } from '../../engine/starter/index.ts'
import { ask, startTestHost, type TestHost } from '../../engine/testing/start-host.ts'
import { aKey, aRoute } from '../../gateway/testing/fake-control.ts'
import { aHosted, aSpec } from '../../gateway/testing/fake-provider.ts'
import { type GatewayProcess, startGatewayProcess } from '../../gateway/testing/gateway-process.ts'
import { type Harness, key, soon, startHarness } from '../../gateway/testing/harness.ts'
import { chat, streamChat } from '../e2e/support/chat.ts'
import { figure } from '../e2e/support/work.ts'
import { amount } from './support/plan.ts'

// A hub whose provider is another hub: two gateways, and a real engine behind the far one, which can be killed.
const farKey = 'far-key-of-the-hub-0001'
let host: TestHost
let far: Harness
let farGateway: GatewayProcess
let farPort: string
let hub: Harness
beforeEach(async () => {
  host = await startTestHost()
  far = await startHarness()
  await far.gateway.close(0)
  far.config = { ...far.config, engineSocket: `${host.folder}/host.sock`, engineSecret: 'test-secret' }
  const spec = await host.deploy('starter', buildKnownBigram().bytes)
  const route = aRoute('starter')
  far.control.publish(
    2,
    [{ ...route, targets: route.targets.map((target) => ({ ...target, kind: 'engine' as const, engine: spec })) }],
    [aKey(farKey)],
  )
  farGateway = await startGatewayProcess(far)
  farPort = new URL(farGateway.url).port
  far.url = farGateway.url
  await far.version(2)
  hub = await startHarness()
  const to = aSpec(`${farGateway.url}/v1`, {
    title: 'the far hub',
    model: 'starter',
    headers: { authorization: `Bearer ${farKey}` },
    secrets: [farKey],
    firstByteTimeoutMs: 30_000,
    idleTimeoutMs: 30_000,
  })
  hub.control.publish(2, [aRoute('near', { targets: [aHosted('near', to)] })], [aKey(key)])
  await hub.version(2)
}, 60_000)
afterEach(async () => {
  await hub.close()
  await farGateway.kill()
  await far.close()
  await host.stop()
})

const call = (requestId: string) => ({ model: 'near', content: 'abc', requestId })

it('a real engine answers through two gateways, whole and streamed, with the same tokens counted at both', async () => {
  const whole = await chat(hub.url, key, call('whole'))
  const streamed = await streamChat(hub.url, key, call('streamed'))
  for (const answer of [whole, streamed]) {
    expect(answer).toMatchObject({ status: 200, text: expect.stringMatching(/^def/) as string })
  }
  const find = (at: Harness, id: string) => at.control.records().find(({ requestId }) => requestId === id)
  for (const id of ['whole', 'streamed']) {
    await soon(() => find(hub, id) !== undefined && find(far, id) !== undefined)
    const { promptTokens, completionTokens, outcome } = find(far, id) ?? {}
    expect(promptTokens).toBeGreaterThan(0)
    expect(find(hub, id)).toMatchObject({ promptTokens, completionTokens, outcome, targetId: 'tgt_near_1' })
  }
}, 60_000)

it('a provider that is killed under 8 streams: each ends whole or labelled, and its return needs nothing of us', async () => {
  await chat(hub.url, key, call('warm'))
  let [cut, whole] = [0, 0]
  const rounds = amount({ slice: 1, full: 10 })
  for (let round = 0; round < rounds; round++) {
    const begun = Promise.withResolvers<void>()
    const streams = Array.from({ length: 8 }, (_none, at) => rawStream(`kill-${round}-${at}`, () => begun.resolve()))
    await begun.promise
    await farGateway.kill()
    for (const { status, text } of await Promise.all(streams)) {
      if (text.endsWith('data: [DONE]\n\n')) whole++
      else {
        cut++
        expect([200, 502]).toContain(status)
        expect(text).toMatch(/\{"error":\{.*"code":"upstream_(?:cut|unreachable)".*\}\}\s*$/)
      }
    }
    const away = await chat(hub.url, key, call(`away-${round}`))
    expect([away.status, away.code]).toEqual([502, 'upstream_unreachable'])
    farGateway = await startGatewayProcess(far, { MODELHUB_GATEWAY_PORT: farPort })
    await far.version(2)
    expect((await chat(hub.url, key, call(`back-${round}`))).status).toBe(200)
  }
  expect(cut).toBeGreaterThan(0)
  figure(
    `${rounds} kills of a provider under 8 streams: ${cut} cut and labelled, ${whole} whole, the next call answered`,
  )
}, 300_000)

it('a caller that leaves ends the generation at the far engine', async () => {
  await chat(hub.url, key, call('warm'))
  const took: number[] = []
  for (let round = 0; round < amount({ slice: 3, full: 50 }); round++) {
    const leaving = new AbortController()
    const begun = Promise.withResolvers<void>()
    const stream = rawStream(`leave-${round}`, () => begun.resolve(), leaving.signal).catch(() => undefined)
    await begun.promise
    expect((await host.client.get('starter')).inflight).toBeGreaterThan(0)
    const at = performance.now()
    leaving.abort()
    await stream
    await soon(async () => (await host.client.get('starter')).inflight === 0)
    took.push(performance.now() - at)
  }
  figure(`a caller leaves: the far engine is let go after ${Math.max(...took).toFixed(0)} ms at most`)
}, 120_000)

/** The bytes of a long stream, however it ends. */
async function rawStream(
  id: string,
  onFirst: () => void,
  signal?: AbortSignal,
): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${hub.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'x-request-id': id },
    body: JSON.stringify({ model: 'near', ...ask('<|loop|>', { stream: true, max_tokens: 400, temperature: 0 }) }),
    ...(signal === undefined ? {} : { signal }),
  })
  let text = ''
  const decoder = new TextDecoder()
  for await (const part of answer.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(part, { stream: true })
    onFirst()
  }
  return { status: answer.status, text }
}

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { aKey, aRoute } from '../../testing/fake-control.ts'
import { doneEvent, roleEvent, stopEvent, streamWords, wordEvent } from '../../testing/fake-engine.ts'
import { aHostedRoute, aSpec } from '../../testing/fake-provider.ts'
import { type Harness, key, soon, startHarness } from '../../testing/harness.ts'

// One hub's gateway is another hub's provider: a whole server of the dialect, with keys, refusals and streams of its own.
let hub: Harness
let far: Harness
let version = 1
beforeAll(async () => {
  ;[hub, far] = await Promise.all([startHarness(), startHarness()])
  const spec = { headers: { authorization: 'Bearer far-key-0001' }, secrets: ['far-key-0001'], title: 'the far hub' }
  hub.control.publish(
    2,
    [
      aHostedRoute('near', aSpec(`${far.url}/v1`, { ...spec, model: 'starter' })),
      aHostedRoute('gone', aSpec(`${far.url}/v1`, { ...spec, model: 'nothing' })),
    ],
    [aKey(key)],
  )
  await hub.version(2)
})
beforeEach(async () => {
  far.engine.answerWith(streamWords(['Hello', ' world']))
  far.control.publish(++version, [aRoute('starter')], [aKey('far-key-0001')])
  await far.version(version)
})
afterAll(async () => {
  await hub.close()
  await far.close()
})

const ask = { model: 'near', messages: [{ role: 'user', content: 'hi' }] }
const find = (at: Harness, requestId: string) => at.control.records().find((one) => one.requestId === requestId)
const errorOf = async (response: Response) => ({
  status: response.status,
  ...((await response.json()) as { error: { code: string; message: string } }).error,
})

test('answers whole and streamed; both hubs count the same tokens under the same request id', async () => {
  const whole = await hub.call(ask, { headers: { 'x-request-id': 'chain-1' } })
  expect(await whole.json()).toMatchObject({ choices: [{ message: { content: 'Hello world' } }] })
  const stream = await hub.call({ ...ask, stream: true }, { headers: { 'x-request-id': 'chain-2' } })
  expect(await stream.text()).toBe(roleEvent + wordEvent('Hello') + wordEvent(' world') + stopEvent + doneEvent)
  for (const requestId of ['chain-1', 'chain-2']) {
    await soon(() => find(hub, requestId) !== undefined && find(far, requestId) !== undefined)
    const tokens = { outcome: 'ok', promptTokens: 7, completionTokens: 2 }
    expect(find(hub, requestId)).toMatchObject({ ...tokens, targetId: 'tgt_near_1' })
    expect(find(far, requestId)).toMatchObject({ ...tokens, targetId: 'tgt_starter_1' })
  }
  expect(JSON.parse(far.engine.calls.at(-1)?.body.toString() ?? '')).toMatchObject({ model: 'starter' })
})

test("its refusals are told as a provider's", async () => {
  expect(await errorOf(await hub.call({ ...ask, model: 'gone' }))).toMatchObject({
    status: 502,
    code: 'upstream_model_missing',
  })
  far.engine.answerWith(({ res }) => {
    const problem = { title: 'Bad', status: 400, detail: '9 tokens too many.', code: 'context_exceeded' }
    res.writeHead(400, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem))
  })
  expect(await errorOf(await hub.call(ask))).toMatchObject({
    status: 400,
    code: 'context_exceeded',
    message: '9 tokens too many.',
  })
  far.control.publish(++version, [aRoute('starter')], [])
  await far.version(version)
  const refused = await errorOf(await hub.call(ask))
  expect(refused).toMatchObject({ status: 502, code: 'upstream_credential_refused' })
  expect(refused.message).toContain('the far hub refuses the credential')
})

test('a caller that leaves ends the work at the far engine', async () => {
  const words = Array.from({ length: 1_000 }, () => 'word ')
  far.engine.answerWith(streamWords(words, 5))
  const leave = new AbortController()
  const response = await hub.call({ ...ask, stream: true }, { signal: leave.signal })
  await response.body?.getReader().read()
  const began = performance.now()
  leave.abort()
  await far.engine.calls.at(-1)?.closed
  process.stdout.write(`  the far engine was let go after ${(performance.now() - began).toFixed(1)} ms\n`)
  expect(performance.now() - began).toBeLessThan(1_000)
})

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { aKey, aRoute } from '../../testing/fake-control.ts'
import {
  doneEvent,
  event,
  roleEvent,
  stopEvent,
  streamWords,
  usageEvent,
  wordEvent,
} from '../../testing/fake-engine.ts'
import {
  aHosted,
  aHostedRoute,
  aSpec,
  credential,
  type FakeProvider,
  goodProvider,
  startFakeProvider,
} from '../../testing/fake-provider.ts'
import { type Harness, key, soon, startHarness } from '../../testing/harness.ts'

let hub: Harness
let provider: FakeProvider
let version = 1
const publish = async (routes: Parameters<Harness['control']['publish']>[1]) => {
  hub.control.publish(++version, routes, [aKey(key)])
  await hub.version(version)
}
const usual = () => [
  aHostedRoute('large', aSpec(`${provider.url}/api/v1/`)),
  aHostedRoute('plain', aSpec(`${provider.url}/v1`, { streamOptions: false, model: 'x' })),
  aHostedRoute('azure', {
    ...aSpec(`${provider.url}/openai`),
    paths: { 'chat.completions': '/deployments/gpt/chat/completions?api-version=2026-01-01' },
    headers: { 'api-key': credential },
  }),
  aRoute('starter'),
]
beforeAll(async () => {
  hub = await startHarness()
  provider = await startFakeProvider()
  await publish(usual())
})
afterEach(() => provider.answerWith(goodProvider))
afterAll(async () => {
  await hub.close()
  await provider.close()
})

const ask = { model: 'large', messages: [{ role: 'user', content: 'hi' }] }
const recordOf = async (requestId: string) => {
  const find = () => hub.control.records().find((record) => record.requestId === requestId)
  await soon(() => find() !== undefined)
  return find()
}

test("a provider gets the caller's bytes with its own name of the model, and the credential; nothing else of the caller", async () => {
  const body =
    '{ "messages":[{"role":"user","content":"\\u0068i é"}], "model" : "large" ,"seed": 12345678901234567890 }'
  const response = await hub.call(body, {
    headers: {
      cookie: 'session=1',
      'x-forwarded-for': '10.1.2.3',
      'x-api-key': 'mine',
      'openai-organization': 'org-mine',
      'openai-beta': 'assistants=v2',
      te: 'trailers',
      'x-request-id': 'plain-1',
    },
  })
  expect(response.status).toBe(200)
  const call = provider.last()
  expect(call.path).toBe('/api/v1/chat/completions')
  expect(call.body.toString()).toBe(body.replace(' "large" ', '"acme/large-1"'))
  expect(call.headers).toEqual({
    authorization: `Bearer ${credential}`,
    'content-type': 'application/json',
    'content-length': String(call.body.length),
    accept: 'application/json',
    'accept-encoding': 'identity',
    'openai-beta': 'assistants=v2',
    'user-agent': 'modelhub',
    'x-request-id': 'plain-1',
    host: `127.0.0.1:${provider.port}`,
    connection: 'keep-alive',
  })
  expect(response.headers.get('x-modelhub-target')).toBe('tgt_large_1')
  expect(await recordOf('plain-1')).toMatchObject({
    targetId: 'tgt_large_1',
    versionId: 'ver_large_1',
    route: 'large',
    outcome: 'ok',
    status: 200,
    promptTokens: 7,
    completionTokens: 2,
  })
})

test("the answer is the provider's, byte for byte; of its headers only what an answer needs", async () => {
  const answer = '{ "model":"acme/large-1-2026", "choices":[ {"message":{"content":"é"}} ],\n "usage": null }'
  provider.answerWith(({ res }) => {
    res.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'set-cookie': 'provider=1',
      'x-ratelimit-remaining-tokens': '5',
      'access-control-allow-origin': 'https://acme.example',
      'openai-organization': 'org-of-the-hub',
      'x-modelhub-route': 'lie',
    })
    res.end(answer)
  })
  const response = await hub.call(ask)
  expect(await response.text()).toBe(answer)
  expect([...response.headers.keys()].sort()).toEqual([
    'access-control-allow-origin',
    'access-control-expose-headers',
    'connection',
    'content-length',
    'content-type',
    'date',
    'keep-alive',
    'x-modelhub-decision',
    'x-modelhub-request-id',
    'x-modelhub-route',
    'x-modelhub-target',
  ])
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  expect(response.headers.get('x-modelhub-route')).toBe('large')
})

test('a path and a header of its own', async () => {
  expect((await hub.call({ ...ask, model: 'azure' })).status).toBe(200)
  expect(provider.last().path).toBe('/openai/deployments/gpt/chat/completions?api-version=2026-01-01')
  expect(provider.last().headers['api-key']).toBe(credential)
  expect(provider.last().headers.authorization).toBeUndefined()
  await hub.call({ ...ask, model: 'azure' }, { path: '/v1/completions' })
  expect(provider.last().path).toBe('/openai/completions')
})

test('embeddings go to providers; an engine has none', async () => {
  provider.answerWith(({ res }) => {
    res.writeHead(200, { 'content-type': 'application/json' })
    res.end('{"object":"list","data":[{"embedding":[0.1]}],"usage":{"prompt_tokens":3,"total_tokens":3}}')
  })
  const headers = { 'x-request-id': 'embed-1' }
  const response = await hub.call({ model: 'large', input: 'hi' }, { path: '/v1/embeddings', headers })
  expect(await response.json()).toMatchObject({ data: [{ embedding: [0.1] }] })
  expect(provider.last().path).toBe('/api/v1/embeddings')
  expect(JSON.parse(provider.last().body.toString())).toEqual({ model: 'acme/large-1', input: 'hi' })
  expect(await recordOf('embed-1')).toMatchObject({ outcome: 'ok', promptTokens: 3, completionTokens: 0 })
  expect((await hub.call({ model: 'starter', input: 'hi' }, { path: '/v1/embeddings' })).status).toBe(404)
  expect(hub.engine.calls).toEqual([])
})

test.each([
  ['twice', '{"model":"gpt-expensive","model":"large"}', 'model'],
  ['twice, once in escapes', '{"model":"gpt-expensive","mod\\u0065l":"large"}', 'model'],
  ['twice, for readers that ignore case', '{"model":"large","Model":"gpt-expensive"}', 'model'],
  ['and others to fall back on', '{"model":"large","models":["gpt-expensive"]}', 'models'],
])('a request that names a model %s is refused before a provider sees it', async (_what, body, param) => {
  const before = provider.calls.length
  const response = await hub.call(body)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error: { code: 'model_ambiguous', param } })
  expect(provider.calls.length).toBe(before)
})

test('a member of that name deeper in the body is none of it, and a name in escapes is found', async () => {
  const body = '{"mod\\u0065l":"large","metadata":{"model":"mine","models":[]},"stop":"\\"model\\":1"}'
  expect((await hub.call(body)).status).toBe(200)
  expect(provider.last().body.toString()).toBe(body.replace('"large"', '"acme/large-1"'))
})

test('a stream is asked for its usage, counted, and passed on without the added event', async () => {
  const response = await hub.call({ ...ask, stream: true }, { headers: { 'x-request-id': 'stream-1' } })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  expect(await response.text()).toBe(roleEvent + wordEvent('Hello') + wordEvent(' world') + stopEvent + doneEvent)
  expect(JSON.parse(provider.last().body.toString())).toEqual({
    ...ask,
    model: 'acme/large-1',
    stream: true,
    stream_options: { include_usage: true },
  })
  expect(provider.last().headers.accept).toBe('text/event-stream')
  const record = await recordOf('stream-1')
  expect(record).toMatchObject({ stream: true, outcome: 'ok', promptTokens: 7, completionTokens: 2 })
  expect(record?.ttftMs).toBeGreaterThan(0)
})

test('a provider that refuses stream_options is not sent any; usage that it says unasked stays', async () => {
  const say = [roleEvent, wordEvent('Hi'), usageEvent, doneEvent]
  provider.answerWith(({ res }) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' }).end(say.join(''))
  })
  const headers = { 'x-request-id': 'stream-2' }
  expect(await (await hub.call({ ...ask, model: 'plain', stream: true }, { headers })).text()).toBe(say.join(''))
  expect(JSON.parse(provider.last().body.toString())).toEqual({ ...ask, model: 'x', stream: true })
  expect(await recordOf('stream-2')).toMatchObject({ outcome: 'ok', promptTokens: 7, completionTokens: 2 })
})

test.each([
  [
    'in the middle of a stream',
    streamWords(
      Array.from({ length: 1_000 }, () => 'word '),
      5,
    ),
    true,
  ],
  ['before the first byte', () => {}, false],
])('a caller that leaves %s ends the request to the provider', async (_what, answer, read) => {
  provider.answerWith((call) => answer({ deploymentId: '', ...call }))
  const before = provider.calls.length
  const leave = new AbortController()
  const answered = hub.call({ ...ask, stream: true }, { signal: leave.signal }).catch(() => undefined)
  await soon(() => provider.calls.length > before)
  if (read) await (await answered)?.body?.getReader().read()
  const began = performance.now()
  leave.abort()
  await provider.last().closed
  const ms = performance.now() - began
  process.stdout.write(`  the provider's connection was closed after ${ms.toFixed(1)} ms\n`)
  expect(ms).toBeLessThan(1_000)
})

test('a new credential is used by the next request, while what is under way ends with the old one', async () => {
  const words = Array.from({ length: 30 }, (_, at) => `w${at} `)
  provider.answerWith((call) => streamWords(words, 10)({ deploymentId: '', ...call }))
  const under = await hub.call({ ...ask, stream: true })
  const first = provider.last()
  const renewed = 'prv-the-renewed-one-77'
  const spec = aSpec(`${provider.url}/api/v1`, { headers: { authorization: `Bearer ${renewed}` }, secrets: [renewed] })
  await publish([aHostedRoute('large', spec)])
  provider.answerWith(goodProvider)
  expect((await hub.call(ask)).status).toBe(200)
  expect(provider.last().headers.authorization).toBe(`Bearer ${renewed}`)
  const text = await under.text()
  expect(text).toContain('w29')
  expect(text.endsWith(doneEvent)).toBe(true)
  expect(first.headers.authorization).toBe(`Bearer ${credential}`)
  await publish(usual())
})

test('credentials that change under load fail no call', async () => {
  // As an account does in whose console a second key was made before the first was taken away.
  const valid = new Set([credential])
  provider.answerWith((call) => {
    const sent = call.headers.authorization?.replace('Bearer ', '') ?? ''
    return valid.has(sent) ? goodProvider(call) : void call.res.writeHead(401).end('{}')
  })
  const bad: number[] = []
  let done = false
  let sent = 0
  const work = Array.from({ length: 8 }, async () => {
    while (!done) {
      const response = await hub.call({ ...ask, stream: sent++ % 2 === 0 })
      const text = await response.text()
      if (response.status !== 200 || text.includes('"error"')) bad.push(response.status)
    }
  })
  let before = credential
  for (let at = 0; at < 10; at++) {
    const next = `prv-renewed-number-${at}`
    valid.add(next)
    const spec = aSpec(`${provider.url}/v1`, { headers: { authorization: `Bearer ${next}` }, secrets: [next] })
    await publish([aHostedRoute('large', spec)])
    valid.delete(before)
    before = next
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  done = true
  await Promise.all(work)
  process.stdout.write(`  ${sent} calls over 10 changes of the credential, ${bad.length} failed\n`)
  expect(sent).toBeGreaterThan(50)
  expect(bad).toEqual([])
  await publish(usual())
})

test('what fails at one provider is answered by the next target, unseen: a provider or an engine', async () => {
  const other = await startFakeProvider()
  try {
    const engine = { ...aRoute('mixed').targets[0], weight: 1 } as ReturnType<typeof aRoute>['targets'][number]
    const failing = aHosted('mixed', aSpec(`${provider.url}/v1`), 2, 1_000_000_000)
    const standby = aHosted('double', aSpec(`${other.url}/v1`, { headers: {}, secrets: [] }), 2, 1)
    await publish([
      aRoute('mixed', { targets: [failing, engine] }),
      aRoute('double', { targets: [{ ...failing, id: 'tgt_double_1' }, standby] }),
    ])
    const json = { 'content-type': 'application/json' }
    const events = { 'content-type': 'text/event-stream' }
    const failures: Parameters<FakeProvider['answerWith']>[0][] = [
      ({ res }) => void res.writeHead(401, json).end('{"error":{"message":"no"}}'),
      ({ res }) => void res.writeHead(429, { 'retry-after': '9' }).end(),
      ({ res }) => void res.writeHead(500).end('<html>'),
      ({ res }) => void res.writeHead(302, { location: 'http://127.0.0.1/' }).end(),
      ({ res }) => void res.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      ({ res }) => void res.writeHead(200, events).end(event({ error: { message: 'x', code: 502 } })),
      ({ res }) => void res.writeHead(200, events).write(roleEvent, () => res.destroy()),
      ({ res }) => void res.destroy(),
      () => {},
    ]
    for (const fail of failures) {
      provider.answerWith(fail)
      for (const model of ['mixed', 'double']) {
        const response = await hub.call({ ...ask, model, stream: true })
        expect(response.status).toBe(200)
        expect(response.headers.get('x-modelhub-target')).toBe(model === 'mixed' ? 'tgt_mixed_1' : 'tgt_double_2')
        expect((await response.text()).endsWith(doneEvent)).toBe(true)
      }
    }
    // What one target was sent is not what the next one gets.
    expect(other.last().headers.authorization).toBeUndefined()
    expect(JSON.parse(hub.engine.calls.at(-1)?.body.toString() ?? '')).toMatchObject({ model: 'mixed' })
  } finally {
    await other.close()
    await publish(usual())
  }
})

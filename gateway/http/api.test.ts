import { afterAll, beforeAll, expect, test } from 'vitest'
import { aKey, aRoute, sha256 } from '../testing/fake-control.ts'
import { streamWords } from '../testing/fake-engine.ts'
import { ask, type Harness, key, soon, startHarness } from '../testing/harness.ts'

let hub: Harness
beforeAll(async () => {
  hub = await startHarness({ bodyBytes: 100_000 })
  hub.control.publish(
    2,
    [
      aRoute('starter', {}, [1, 0]),
      aRoute('Org/Other'),
      aRoute('secret', { projectId: 'prj_2' }),
      aRoute('bare', {}, [0]),
    ],
    [aKey(key), aKey('narrow', { routes: ['org/other', 'secret'] }), aKey('old', { expiresAt: Date.now() - 1 })],
  )
  await hub.version(2)
})
afterAll(() => hub.close())

const get = (path: string, bearer?: string) =>
  fetch(hub.url + path, { headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` } })
const errorOf = async (response: Response) =>
  ((await response.json()) as { error: { message: string; type: string; code: string; param: string | null } }).error

test('refuses a missing, unknown or expired key with 401 in the shape of OpenAI and a remedy', async () => {
  for (const bearer of [undefined, 'mhk_wrong', 'old']) {
    const response = await get('/v1/models', bearer)
    expect(response.status).toBe(401)
    const error = await errorOf(response)
    expect(error).toMatchObject({ type: 'authentication_error', code: 'invalid_api_key', param: null })
    expect(error.message).toContain('modelhub keys create')
    expect(response.headers.get('x-modelhub-request-id')).toMatch(/^req_/)
  }
})

test('lists the routes that the key may call, and only these', async () => {
  const list = async (bearer: string) =>
    ((await (await get('/v1/models', bearer)).json()) as { object: string; data: { id: string }[] }).data.map(
      (model) => model.id,
    )
  expect(await list(key)).toEqual(['starter', 'Org/Other', 'bare'])
  expect(await list('narrow')).toEqual(['Org/Other', 'secret'])
  const one = await get('/v1/models/Org%2FOther', key)
  expect(await one.json()).toEqual({ id: 'Org/Other', object: 'model', created: 1_760_000_000, owned_by: 'prj_1' })
  expect((await get('/v1/models/Org/Other', key)).status).toBe(200)
  expect((await get('/v1/models/secret', key)).status).toBe(404)
})

test('a model that is absent and one that the key may not call give the same 404', async () => {
  const messages = new Set<string>()
  for (const model of ['nothing', 'secret']) {
    const response = await hub.call({ ...ask, model })
    expect(response.status).toBe(404)
    const error = await errorOf(response)
    expect(error).toMatchObject({ code: 'model_not_found', param: 'model' })
    messages.add(error.message.replace(model, '…'))
  }
  expect(messages.size).toBe(1)
})

test('answers a whole completion with the headers that explain it, and counts its tokens', async () => {
  const response = await hub.call(ask, { headers: { 'x-request-id': 'my-request.1' } })
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ choices: [{ message: { content: 'Hello world' } }] })
  expect(response.headers.get('x-modelhub-route')).toBe('starter')
  expect(response.headers.get('x-modelhub-target')).toBe('tgt_starter_1')
  expect(response.headers.get('x-modelhub-decision')).toMatch(/^dec_/)
  expect(response.headers.get('x-modelhub-request-id')).toBe('my-request.1')
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  await soon(() => hub.control.records().some((record) => record.requestId === 'my-request.1'))
  expect(hub.control.records().find((record) => record.requestId === 'my-request.1')).toMatchObject({
    keyId: `key_${key}`,
    projectId: 'prj_1',
    routeId: 'rte_starter',
    targetId: 'tgt_starter_1',
    versionId: 'ver_starter_1',
    endpoint: '/v1/chat/completions',
    stream: false,
    status: 200,
    outcome: 'ok',
    promptTokens: 7,
    completionTokens: 2,
  })
})

test('a request id that could break a log or a header is replaced', async () => {
  const response = await hub.call(ask, { headers: { 'x-request-id': 'a b' } })
  expect(response.headers.get('x-modelhub-request-id')).toMatch(/^req_/)
})

test('a version can be named by number or id, whatever its weight, and only through a route that carries it', async () => {
  const target = async (model: string) => (await hub.call({ ...ask, model })).headers.get('x-modelhub-target')
  expect(await target('STARTER')).toBe('tgt_starter_1')
  expect(await target('starter@2')).toBe('tgt_starter_2')
  expect(await target('ver_starter_2')).toBe('tgt_starter_2')
  for (const model of ['starter@3', 'starter@x', 'ver_nowhere', 'ver_secret_1']) {
    expect((await hub.call({ ...ask, model })).status).toBe(404)
  }
  expect((await hub.call({ ...ask, model: 'bare' })).status).toBe(503)
})

test('forwards the body byte for byte, odd numbers and duplicate spaces included', async () => {
  const body = '{ "model":"starter",  "temperature": 1.0, "seed": 12345678901234567890, "messages":[] }'
  await hub.call(body)
  expect(hub.engine.calls.at(-1)?.body.toString()).toBe(body)
  expect(hub.engine.calls.at(-1)?.path).toBe('/v1/chat/completions')
  await hub.call(body, { path: '/v1/completions' })
  expect(hub.engine.calls.at(-1)?.path).toBe('/v1/completions')
})

test.each([
  ['not JSON', '{', 400, 'invalid_body'],
  ['an array', '[]', 400, 'invalid_body'],
  ['no model', '{}', 400, 'model_required'],
  ['a model that is a number', '{"model":1}', 400, 'model_required'],
  ['deep nesting', `{"model":"starter","x":${'['.repeat(70)}${']'.repeat(70)}}`, 400, 'body_too_deep'],
  ['too many bytes', `{"model":"${'x'.repeat(100_001)}"}`, 413, 'body_too_large'],
])('refuses a body that is %s', async (_what, body, status, code) => {
  const before = hub.engine.calls.length
  const response = await hub.call(body)
  expect(response.status).toBe(status)
  expect((await errorOf(response)).code).toBe(code)
  expect(hub.engine.calls.length).toBe(before)
})

test('bounds a body whose length was not announced', async () => {
  const piece = new TextEncoder().encode('x'.repeat(10_000))
  let sent = 0
  const body = new ReadableStream<Uint8Array>({
    pull: (stream) => (sent++ < 20 ? stream.enqueue(piece) : stream.close()),
  })
  const headers = { authorization: `Bearer ${key}` }
  const init = { method: 'POST', headers, body, duplex: 'half' }
  const response = await fetch(`${hub.url}/v1/chat/completions`, init as RequestInit)
  expect(response.status).toBe(413)
})

test('other paths are unknown endpoints; each refusal after the key leaves one record', async () => {
  const response = await hub.call(ask, { path: '/v1/embeddings', headers: { 'x-request-id': 'embed' } })
  expect(response.status).toBe(404)
  expect((await errorOf(response)).code).toBe('unknown_endpoint')
  await hub.call({ ...ask, model: 'nothing' }, { headers: { 'x-request-id': 'absent' } })
  await soon(
    () => hub.control.records().filter((record) => ['embed', 'absent'].includes(record.requestId)).length === 2,
  )
  const refused = hub.control.records().filter((record) => ['embed', 'absent'].includes(record.requestId))
  expect(refused.map(({ outcome, status }) => ({ outcome, status }))).toEqual([
    { outcome: 'refused', status: 404 },
    { outcome: 'refused', status: 404 },
  ])
})

test("the engine's own refusal reaches the caller in its words and with its status", async () => {
  hub.engine.answerWith(({ res }) => {
    const problem = {
      title: 'Bad',
      status: 400,
      detail: 'The prompt has 9 tokens too many.',
      code: 'context_exceeded',
      remedy: 'Shorten it.',
    }
    res.writeHead(400, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem))
  })
  const response = await hub.call(ask)
  expect(response.status).toBe(400)
  expect(await errorOf(response)).toMatchObject({
    code: 'context_exceeded',
    type: 'invalid_request_error',
    message: 'The prompt has 9 tokens too many. Shorten it.',
  })
  hub.engine.answerWith(streamWords(['Hello', ' world']))
})

test("a model that the host cannot load is not the caller's fault: 502 with the reason", async () => {
  hub.engine.answerWith(({ res }) => {
    const problem = { title: 'broken_model', status: 422, code: 'broken_model', detail: 'The file is not a GGUF file.' }
    res.writeHead(422, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem))
  })
  const response = await hub.call(ask)
  expect(response.status).toBe(502)
  expect(await errorOf(response)).toMatchObject({ code: 'broken_model', type: 'server_error' })
  hub.engine.answerWith(streamWords(['Hello', ' world']))
})

test('an engine that ends before it answers is asked once more, unseen', async () => {
  let asked = 0
  const answer = streamWords(['Hello', ' world'])
  hub.engine.answerWith((call) => {
    if (++asked > 1) return answer(call)
    const problem = { title: 'engine_crashed', status: 502, code: 'engine_crashed', detail: 'It ended.' }
    call.res.writeHead(502, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem))
  })
  expect((await hub.call(ask)).status).toBe(200)
  expect(asked).toBe(2)
  hub.engine.answerWith(answer)
})

test('a browser may call: preflight, and errors that it may read', async () => {
  const preflight = await fetch(`${hub.url}/v1/chat/completions`, {
    method: 'OPTIONS',
    headers: { origin: 'http://x' },
  })
  expect(preflight.status).toBe(204)
  expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization')
  expect((await get('/v1/models')).headers.get('access-control-allow-origin')).toBe('*')
  expect((await get('/v1/models')).headers.get('access-control-expose-headers')).toContain('x-modelhub-decision')
})

test('health and metrics tell version, age, counts and outcomes', async () => {
  expect(await hub.health()).toMatchObject({ status: 'ok', snapshot: { version: 2, routes: 4, keys: 3 } })
  const metrics = await (await fetch(`${hub.url}/metrics`)).text()
  expect(metrics).toMatch(/modelhub_gateway_requests_total\{route="starter",outcome="ok"\} \d/)
  expect(metrics).toMatch(/modelhub_gateway_snapshot_age_seconds \d/)
  expect(metrics).toContain('nodejs_eventloop_lag')
  expect(metrics).not.toContain(sha256(key))
})

import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aKey } from '../../testing/fake-control.ts'
import { doneEvent, event, roleEvent, wordEvent } from '../../testing/fake-engine.ts'
import {
  aHostedRoute,
  aSpec,
  credential,
  type FakeProvider,
  goodProvider,
  type ProviderAnswer,
  startFakeProvider,
} from '../../testing/fake-provider.ts'
import { type Harness, key, soon, startHarness } from '../../testing/harness.ts'

let hub: Harness
let provider: FakeProvider
beforeAll(async () => {
  hub = await startHarness({ errorBodyMs: 300, errorBodyBytes: 10_000, upstreamCutMs: 400 })
  provider = await startFakeProvider()
  const nobody = createServer()
  await new Promise<void>((resolve) => nobody.listen(0, '127.0.0.1', resolve))
  const { port } = nobody.address() as { port: number }
  await new Promise((resolve) => nobody.close(resolve))
  hub.control.publish(
    2,
    [
      aHostedRoute('large', aSpec(`${provider.url}/v1`)),
      aHostedRoute('patient', aSpec(`${provider.url}/v1`, { firstByteTimeoutMs: 20_000 })),
      aHostedRoute('nowhere', aSpec(`http://127.0.0.1:${port}/v1`)),
    ],
    [aKey(key)],
  )
  await hub.version(2)
})
afterAll(async () => {
  await hub.close()
  await provider.close()
})

const ask = { model: 'large', messages: [{ role: 'user', content: 'hi' }] }
let asked = 0
/** Calls once while the provider answers so, and gives what the caller and the ledger got. */
async function call(answer: ProviderAnswer, body: object = ask) {
  provider.answerWith(answer)
  const requestId = `bad-${++asked}`
  const response = await hub.call(body, { headers: { 'x-request-id': requestId } })
  const text = await response.text().catch(() => 'cut')
  const find = () => hub.control.records().find((one) => one.requestId === requestId)
  await soon(() => find() !== undefined)
  expect(text).not.toContain(credential)
  const error = /\{"error":.*\}/.exec(text)?.[0]
  return {
    status: response.status,
    headers: response.headers,
    text,
    error: (error === undefined ? {} : (JSON.parse(error) as { error: Record<string, unknown> }).error) as {
      code?: string
      message?: string
      type?: string
      param?: string | null
    },
    outcome: find()?.outcome,
  }
}
const json = { 'content-type': 'application/json' }
const events = { 'content-type': 'text/event-stream' }
const refusing =
  (status: number, body: unknown = {}, headers: Record<string, string> = {}): ProviderAnswer =>
  ({ res }) =>
    void res.writeHead(status, { ...json, ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body))
/** Bytes straight onto the connection, as no server of Node's would send them. */
const raw =
  (text: string | Buffer, then: 'end' | 'stay' = 'end'): ProviderAnswer =>
  ({ res }) => {
    res.socket?.write(text)
    if (then === 'end') res.socket?.end()
  }

const echo = (words: string) => ({ error: { message: words, type: 'invalid_request_error', code: 'invalid_api_key' } })

test.each([
  ['401', refusing(401, echo(`Incorrect API key provided: ${credential}.`))],
  ['403', refusing(403, { error: { message: 'Forbidden' } })],
  ['407 of something in between', refusing(407)],
  ['400 that speaks of the key (xAI)', refusing(400, { error: 'Incorrect API key provided: pr***64.' })],
  [
    '400 that speaks of the key (Google)',
    refusing(400, [{ error: { code: 400, message: 'API key not valid. Please pass a valid API key.' } }]),
  ],
  ['an event that says 401', ({ res }) => void res.writeHead(200, events).end(event({ error: { code: 401 } }))],
  ['a 200 that says 401', refusing(200, { error: { code: 401, message: `no ${credential}` } })],
] as [string, ProviderAnswer][])(
  "a credential that is refused by %s is not the caller's key: 502 that names whom to ask",
  async (_what, answer) => {
    const { status, headers, error, outcome } = await call(answer, { ...ask, stream: true })
    expect(status).toBe(502)
    expect(error).toMatchObject({ code: 'upstream_credential_refused', type: 'server_error' })
    expect(error.message).toBe(
      'Acme AI refuses the credential that the hub calls it with for "large". Your own key was accepted. ' +
        'Ask Ada, who owns the route "large", to test that credential and replace it.',
    )
    expect(headers.get('www-authenticate')).toBeNull()
    expect(outcome).toBe('credential_refused')
  },
)

test.each([
  [402, 502, 'upstream_quota_exceeded', 'upstream_error'],
  [404, 502, 'upstream_model_missing', 'upstream_error'],
  [405, 502, 'upstream_model_missing', 'upstream_error'],
  [408, 504, 'upstream_timeout', 'timeout'],
  [418, 502, 'upstream_error', 'upstream_error'],
  [500, 502, 'upstream_error', 'upstream_error'],
  [502, 502, 'upstream_error', 'upstream_error'],
  [503, 502, 'upstream_error', 'upstream_error'],
  [504, 504, 'upstream_timeout', 'timeout'],
  [524, 504, 'upstream_timeout', 'timeout'],
  [529, 502, 'upstream_error', 'upstream_error'],
  [204, 502, 'upstream_unreadable', 'upstream_error'],
  [304, 502, 'upstream_redirected', 'upstream_error'],
])("a provider's %i is %i %s, without its words", async (status, told, code, outcome) => {
  const words = { error: { message: `inner words with ${credential}` } }
  const answer = await call(refusing(status, status === 204 || status === 304 ? '' : words))
  expect([answer.status, answer.error.code, answer.outcome]).toEqual([told, code, outcome])
  expect(answer.text).not.toContain('inner words')
  expect(answer.error.message).toContain('Acme AI')
})

test('429 passes with its Retry-After, one that breaks a header without', async () => {
  const passed = await call(refusing(429, { error: { message: 'org-1 is over' } }, { 'retry-after': '17' }))
  expect([passed.status, passed.error.code, passed.headers.get('retry-after')]).toEqual([
    429,
    'upstream_rate_limited',
    '17',
  ])
  expect(passed.text).not.toContain('org-1')
  const odd = await call(refusing(429, '', { 'retry-after': 'é'.repeat(50) }))
  expect([odd.status, odd.headers.get('retry-after')]).toEqual([429, null])
})

test("a request that is the caller's own fault comes back in the provider's words, without the credential", async () => {
  const message = `This model's maximum is 10 tokens.\n Sent with ${credential}.`
  const refused = await call(
    refusing(400, { error: { message, code: 'context_length_exceeded', type: 'x', param: 'messages' } }),
  )
  expect([refused.status, refused.outcome]).toEqual([400, 'refused'])
  expect(refused.error).toEqual({
    message: "This model's maximum is 10 tokens. Sent with [redacted].",
    type: 'invalid_request_error',
    code: 'context_length_exceeded',
    param: 'messages',
  })
  for (const [status, body] of [
    [400, '<html>'],
    [413, ''],
    [422, '[]'],
  ] as const) {
    const answer = await call(refusing(status, body))
    expect([answer.status, answer.error.code]).toEqual([status, 'upstream_refused'])
  }
  const odd = await call(refusing(422, { message: 'No.', error: { code: 'bad\ncode é', message: 'No.' } }))
  expect(odd.error).toMatchObject({ code: 'upstream_refused', message: 'No.' })
})

test('a refusal without end, or letter by letter, is cut short', async () => {
  const page = Buffer.alloc(64 * 1024, 'x')
  let written = 0
  let closed = Promise.resolve()
  const endless = await call(async (one) => {
    one.res.writeHead(500, json)
    closed = one.closed
    while (!one.res.destroyed) {
      written += page.length
      if (!one.res.write(page)) await Promise.race([once(one.res, 'drain'), one.closed])
    }
  })
  expect([endless.status, endless.error.code]).toEqual([502, 'upstream_error'])
  await closed
  // What the two ends of the connection hold, and no more: 10,000 bytes of it are read.
  process.stdout.write(`  of a refusal without end ${(written / 2 ** 20).toFixed(1)} MiB could be written\n`)
  expect(written).toBeLessThan(16 * 2 ** 20)
  const began = performance.now()
  const drip = await call(async (one) => {
    one.res.writeHead(401, json)
    closed = one.closed
    while (!one.res.destroyed) {
      one.res.write(' ')
      await sleep(50)
    }
  })
  expect([drip.status, drip.error.code]).toEqual([502, 'upstream_credential_refused'])
  await closed
  process.stdout.write(`  a refusal letter by letter took ${Math.round(performance.now() - began)} ms of at most 300\n`)
  const cut = await call(({ res }) => {
    res.writeHead(401, { 'content-length': '500' }).write('{"err', () => res.destroy())
  })
  expect(cut.error.code).toBe('upstream_credential_refused')
})

test.each([
  ['no head', () => {}, false, 504],
  ['half a head', raw('HTTP/1.1 200 OK\r\nContent-', 'stay'), false, 504],
  ['half an answer', ({ res }) => void res.writeHead(200, json).write('{"choices"'), false, 504],
  ['a role and no word', ({ res }) => void res.writeHead(200, events).write(roleEvent), true, 504],
] as [string, ProviderAnswer, boolean, number][])(
  'silence after %s is a timeout',
  async (_what, answer, stream, told) => {
    const { status, error, outcome } = await call(answer, { ...ask, stream })
    expect([status, error.code, outcome]).toEqual([told, 'upstream_timeout', 'timeout'])
  },
)

test('silence after the first word is a labelled timeout', async () => {
  const { status, text, outcome } = await call(({ res }) => void res.writeHead(200, events).write(wordEvent('Hello')), {
    ...ask,
    stream: true,
  })
  expect([status, outcome]).toEqual([200, 'timeout'])
  expect(text.startsWith(`${wordEvent('Hello')}data: {"error":`)).toBe(true)
  expect(text).toContain('"code":"upstream_timeout"')
  expect(text).not.toContain('[DONE]')
})

const answerHead = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'
test.each([
  ['a page', refusing(200, '<html>', { 'content-type': 'text/html' }), 'upstream_unreadable'],
  ['a page that calls itself JSON', refusing(200, '<html>'), 'upstream_unreadable'],
  ['no type', ({ res }) => void res.writeHead(200).end('{}'), 'upstream_unreadable'],
  ['a list', refusing(200, '[]'), 'upstream_unreadable'],
  ['events nobody asked for', ({ res }) => void res.writeHead(200, events).end(doneEvent), 'upstream_unreadable'],
  [
    'packed bytes nobody asked for',
    ({ res }) => void res.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync('{}')),
    'upstream_unreadable',
  ],
  ['a head of 100 KB', refusing(200, {}, { 'x-long': 'x'.repeat(100_000) }), 'upstream_unreadable'],
  ['no HTTP at all', raw('SSH-2.0-OpenSSH_9\r\n'), 'upstream_unreadable'],
  [
    'another protocol',
    raw('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
    'upstream_cut',
  ],
  ['a promise and nothing more', raw('HTTP/1.1 103 Early Hints\r\n\r\n'), 'upstream_cut'],
  ['a status of its own', raw('HTTP/1.1 999 No\r\nContent-Length: 0\r\n\r\n'), 'upstream_error'],
  ['a length that is too long', raw(`${answerHead}Content-Length: 500\r\n\r\n{"choices":[]}`), 'upstream_cut'],
  ['a length that is too short', raw(`${answerHead}Content-Length: 9\r\n\r\n{"choices":[]}`), 'upstream_unreadable'],
  ['two lengths', raw(`${answerHead}Content-Length: 2\r\nContent-Length: 14\r\n\r\n{"choices":[]}`), 'upstream_cut'],
  ['chunks that end early', raw(`${answerHead}Transfer-Encoding: chunked\r\n\r\n5\r\n{"cho\r\n`), 'upstream_cut'],
  ['an error that says 200', refusing(200, { error: { message: 'inner words' } }), 'upstream_error'],
  ['a closed connection', ({ res }) => void res.destroy(), 'upstream_cut'],
] as [string, ProviderAnswer, string][])('%s instead of an answer is 502', async (_what, answer, code) => {
  const { status, error, outcome, text } = await call(answer)
  expect([status, error.code]).toEqual([502, code])
  expect(outcome).toBe(code === 'upstream_cut' ? 'upstream_cut' : 'upstream_error')
  expect(text).not.toContain('inner words')
})

test('a stream that fails before its first word, as a page or as an event, is a plain error', async () => {
  const page = await call(refusing(200, '<html>', { 'content-type': 'text/html' }), { ...ask, stream: true })
  expect([page.status, page.error.code]).toEqual([502, 'upstream_unreadable'])
  const packed = { ...events, 'content-encoding': 'gzip' }
  const zipped = await call(({ res }) => void res.writeHead(200, packed).end(gzipSync(wordEvent('a') + doneEvent)), {
    ...ask,
    stream: true,
  })
  expect([zipped.status, zipped.error.code]).toEqual([502, 'upstream_unreadable'])
  const failed = await call(
    ({ res }) => void res.writeHead(200, events).end(event({ error: { message: 'inner words' } })),
    { ...ask, stream: true },
  )
  expect([failed.status, failed.error.code, failed.outcome]).toEqual([502, 'upstream_error', 'upstream_error'])
  expect(failed.text).not.toContain('inner words')
})

test('a stream that is cut after a word, or ends without [DONE], is labelled', async () => {
  for (const end of [
    (res: import('node:http').ServerResponse) => void res.destroy(),
    (res: import('node:http').ServerResponse) => void res.end(),
  ]) {
    const { text, outcome } = await call(
      async ({ res }) => {
        res.writeHead(200, events).write(wordEvent('Hello') + wordEvent('lost').slice(0, 9))
        await sleep(30)
        end(res)
      },
      { ...ask, stream: true },
    )
    expect(text.startsWith(`${wordEvent('Hello')}data: {"error":`)).toBe(true)
    expect(text).toContain('"code":"upstream_cut"')
    expect(text).not.toContain('[DONE]')
    expect(outcome).toBe('upstream_cut')
  }
})

test('an error in the middle of a stream is passed on, without the credential, and is no success whatever follows', async () => {
  const failure = (words: string) => event({ error: { message: words, code: 'server_error' } })
  for (const tail of ['', doneEvent, wordEvent('more') + doneEvent]) {
    for (const pause of [0, 20]) {
      const { text, outcome } = await call(
        async ({ res }) => {
          res.writeHead(200, events).write(wordEvent('Hello'))
          await sleep(pause)
          res.end(failure(`broken with ${credential}`) + tail)
        },
        { ...ask, stream: true },
      )
      expect(text).toBe(wordEvent('Hello') + failure('broken with [redacted]') + tail)
      expect(outcome).toBe('upstream_error')
    }
  }
})

test('a provider that repeats what it was sent does not hand out the credential', async () => {
  const whole = await call(({ res, headers }) => {
    res.writeHead(200, json).end(JSON.stringify({ choices: [], headers, url: encodeURIComponent(credential) }))
  })
  expect(whole.status).toBe(200)
  expect(JSON.parse(whole.text)).toMatchObject({ headers: { authorization: 'Bearer [redacted]' }, url: '[redacted]' })
  // Too large to be held, so that it goes on in pieces, which cut the secret in two.
  const half = Math.floor(credential.length / 2)
  const filler = 'x'.repeat(1_200_000)
  const large = await call(async ({ res }) => {
    res.writeHead(200, json).write(`{"a":"${filler}","b":"${credential.slice(0, half)}`)
    await sleep(50)
    res.write(`${credential.slice(half)}","c":"`)
    await sleep(20)
    res.end(`end"}`)
  })
  expect(JSON.parse(large.text)).toEqual({ a: filler, b: '[redacted]', c: 'end' })
  const stream = await call(
    async ({ res }) => {
      const word = wordEvent(`key ${credential}!`)
      res.writeHead(200, events).write(word.slice(0, word.indexOf(credential) + 5))
      await sleep(20)
      res.end(word.slice(word.indexOf(credential) + 5) + doneEvent)
    },
    { ...ask, stream: true },
  )
  expect(stream.text).toBe(wordEvent('key [redacted]!') + doneEvent)
})

test.each([301, 302, 303, 307, 308])(
  'a redirect (%i) is not followed, and the credential goes nowhere',
  async (status) => {
    const elsewhere = await startFakeProvider()
    try {
      const { error, ...answer } = await call(
        refusing(status, '', { location: `${elsewhere.url}/v1/chat/completions` }),
      )
      expect([answer.status, error.code]).toEqual([502, 'upstream_redirected'])
      expect(elsewhere.calls).toEqual([])
    } finally {
      await elsewhere.close()
    }
  },
)

test('a kept connection that dies under the request is no failure: it is sent once more', async () => {
  let seen = 0
  const { status } = await call((one) => (++seen === 1 ? void one.res.destroy() : goodProvider(one)))
  expect([status, seen]).toEqual([200, 2])
})

test('one that was cut off after work was done is not sent again: the account would pay twice', async () => {
  let seen = 0
  const { status, error } = await call(
    async (one) => {
      seen++
      await sleep(550)
      one.res.destroy()
    },
    { ...ask, model: 'patient' },
  )
  expect([status, error.code, seen]).toEqual([502, 'upstream_cut', 1])
})

test('a provider whose port is shut is 502 at once', async () => {
  const began = performance.now()
  const { status, error, outcome } = await call(goodProvider, { ...ask, model: 'nowhere' })
  expect([status, error.code, outcome]).toEqual([502, 'upstream_unreachable', 'upstream_unreachable'])
  process.stdout.write(`  told after ${Math.round(performance.now() - began)} ms\n`)
})

test('whatever bytes of an answer are changed, the caller gets an answer or a labelled end, and the gateway lives', async () => {
  const whole =
    'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 32\r\n\r\n{"choices":[],"usage":{"a":1111}}'
  const body = roleEvent + wordEvent('Hello') + doneEvent
  const stream = `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
  let state = Number(process.env['MODELHUB_FAULTS_SEED'] ?? Date.now() % 1_000_000)
  process.stdout.write(`  changed answers: MODELHUB_FAULTS_SEED=${state}\n`)
  const random = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return (state >>> 8) % below
  }
  const counts = new Map<string, number>()
  for (let round = 0; round < 80; round++) {
    const bytes = Buffer.from(round % 2 === 0 ? whole : stream)
    for (let change = 0; change <= random(3); change++) bytes[random(bytes.length)] = random(256)
    const short = random(4) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes
    const { status, text } = await call(raw(short), { ...ask, stream: round % 2 === 1 })
    expect(status === 200 || (status >= 400 && status < 600 && text.startsWith('{"error":')), text).toBe(true)
    counts.set(String(status), (counts.get(String(status)) ?? 0) + 1)
  }
  process.stdout.write(`  ${[...counts].map(([status, times]) => `${status} ×${times}`).join(', ')}\n`)
}, 60_000)

test('after all of this it answers, and holds nothing', async () => {
  expect((await call(goodProvider)).status).toBe(200)
  const metrics = await (await fetch(`${hub.url}/metrics`)).text()
  expect(metrics).toMatch(/modelhub_gateway_open_requests 0/)
  expect(metrics).not.toContain(credential)
})

import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { doneEvent, stopEvent, streamWords, usageEvent, wordEvent } from '../../gateway/testing/fake-engine.ts'
import { type GatewayProcess, startGatewayProcess } from '../../gateway/testing/gateway-process.ts'
import { ask, type Harness, key, soon, startHarness } from '../../gateway/testing/harness.ts'
import { figure } from '../e2e/support/work.ts'
import { memoryOf } from './support/memory.ts'
import { amount, seededFor } from './support/plan.ts'

let hub: Harness
let gateway: GatewayProcess
let port: number
/** They drip their headers while everything else here runs. */
let slow: { cutAfterMs: () => number | undefined }[] = []
beforeAll(async () => {
  hub = await startHarness()
  await hub.gateway.close()
  gateway = await startGatewayProcess(hub)
  hub.url = gateway.url
  port = Number(new URL(gateway.url).port)
  await hub.version(1)
  slow = Array.from({ length: 100 }, dripHeaders)
})
afterAll(async () => {
  await gateway.kill()
  await hub.close()
})

const auth = `Authorization: Bearer ${key}\r\n`
const json = 'Content-Type: application/json\r\n'
const chatBody = JSON.stringify(ask)
const post = (body: string, more = '') =>
  `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n${auth}${json}Content-Length: ${Buffer.byteLength(body)}\r\n${more}\r\n${body}`
const served = async () => (await (await hub.call(ask)).json()) as { object: string }
const openRequests = async () =>
  Number(/^modelhub_gateway_open_requests (\S+)$/m.exec(await (await fetch(`${hub.url}/metrics`)).text())?.[1])

const refusals = async () =>
  Number(
    /^modelhub_gateway_requests_total\{route="",outcome="refused"\} (\S+)$/m.exec(
      await (await fetch(`${hub.url}/metrics`)).text(),
    )?.[1] ?? 0,
  )

type Raw = { text: string; closed: boolean; ms: number }

/** Sends bytes and reads until the gateway closes, nothing comes for `quietMs` after a first answer, or `limitMs` have passed. */
function raw(
  bytes: string | Buffer,
  options: { quietMs?: number; limitMs?: number; half?: boolean } = {},
): Promise<Raw> {
  const { quietMs = 250, limitMs = 20_000, half = false } = options
  return new Promise((resolve) => {
    const began = performance.now()
    let text = ''
    let quiet: NodeJS.Timeout | undefined
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: half })
    const end = (closed: boolean) => {
      clearTimeout(limit)
      clearTimeout(quiet)
      socket.destroy()
      resolve({ text, closed, ms: performance.now() - began })
    }
    const limit = setTimeout(() => end(false), limitMs)
    socket.on('data', (part: Buffer) => {
      text += part.toString('latin1')
      clearTimeout(quiet)
      quiet = setTimeout(() => end(false), quietMs)
    })
    socket.on('close', () => end(true))
    socket.on('error', () => end(true))
    if (half) socket.end(bytes)
    else socket.write(bytes)
  })
}
const statuses = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((found) => Number(found[1]))

describe('what is not a proper request', () => {
  it.each<[string, string | Buffer, number]>([
    ['no HTTP at all', 'hello there\r\n\r\n', 400],
    ['a TLS greeting', Buffer.from('16030100a5010000a10303', 'hex'), 400],
    ['a method that is none', `BREW /v1/models HTTP/1.1\r\nHost: x\r\n\r\n`, 400],
    ['HTTP/1.1 without a host', 'GET /v1/models HTTP/1.1\r\n\r\n', 400],
    ['HTTP/9.9', 'GET /v1/models HTTP/9.9\r\nHost: x\r\n\r\n', 400],
    ['headers of 20 KB', `GET /v1/models HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['5,000 headers', `GET /v1/models HTTP/1.1\r\nHost: x\r\n${'A: b\r\n'.repeat(5_000)}\r\n`, 431],
    ['a target of 20 KB', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
    ['two lengths', post(chatBody, 'Content-Length: 3\r\n'), 400],
    ['a length and chunks', post(chatBody, 'Transfer-Encoding: chunked\r\n'), 400],
    ['chunks hidden by a space', post(chatBody, 'Transfer-Encoding : chunked\r\n'), 400],
    ['another transfer coding', post(chatBody, 'Transfer-Encoding: xchunked\r\n'), 400],
    ['a negative length', post(chatBody).replace(/Content-Length: \d+/, 'Content-Length: -1'), 400],
    ['a length that is no number', post(chatBody).replace(/Content-Length: \d+/, 'Content-Length: 1e3'), 400],
    ['a folded header', `GET /v1/models HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n`, 400],
    ['a zero byte in a header', `GET /v1/models HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n`, 400],
    ['a chunk size that is none', chunked('zz\r\nhello\r\n'), 400],
    ['a chunk size beyond any number', chunked('fffffffffffffffff\r\n{}\r\n'), 400],
    ['a chunk that is longer than it says', chunked('2\r\n{}xx\r\n0\r\n\r\n'), 400],
  ])('%s is refused and the connection closed', async (_what, bytes, status) => {
    const answer = await raw(bytes, { quietMs: 15_000 })
    expect(statuses(answer.text)).toEqual([status])
    expect(answer.closed).toBe(true)
  })

  it.each<[string, string, number]>([
    ['HTTP/1.0', `GET /v1/models HTTP/1.0\r\n${auth}\r\n`, 200],
    ['an absolute target', `GET http://elsewhere/v1/models HTTP/1.1\r\nHost: x\r\n${auth}\r\n`, 200],
    ['HEAD of health', 'HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n', 401],
    ['HEAD of models', `HEAD /v1/models HTTP/1.1\r\nHost: x\r\n${auth}\r\n`, 404],
    ['OPTIONS of all', 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n', 204],
    ['PUT of a path', `PUT /v1/chat/completions HTTP/1.1\r\nHost: x\r\n${auth}Content-Length: 0\r\n\r\n`, 404],
    ['a path that climbs', `GET /v1/../../etc/passwd HTTP/1.1\r\nHost: x\r\n${auth}\r\n`, 404],
    ['a path of two slashes', `GET //v1/models HTTP/1.1\r\nHost: x\r\n${auth}\r\n`, 404],
    ['a broken escape', `GET /v1/models/%zz HTTP/1.1\r\nHost: x\r\n${auth}\r\n`, 404],
    ['a path of a prototype', `GET /v1/models/__proto__ HTTP/1.1\r\nHost: x\r\n${auth}\r\n`, 404],
    ['an expectation that is none', post(chatBody, 'Expect: 200-maybe\r\n'), 417],
    ['a wish to upgrade', post(chatBody, 'Connection: Upgrade\r\nUpgrade: websocket\r\n'), 200],
    ['a body of a broken encoding', post('{"model":"starter","x":"\xff\xfe"}'), 200],
    ['a body with a mark of order', post(`\uFEFF${chatBody}`), 400],
    ['a body of depth 100,000', post(`{"model":"starter","x":${'['.repeat(100_000)}`), 400],
    [
      'a body of many keys',
      post(`{"model":"starter",${Array.from({ length: 50_000 }, (_n, i) => `"k${i}":0`).join()}}`),
      200,
    ],
    ['a model of a prototype', post('{"model":"__proto__","messages":[]}'), 404],
    ['members of a prototype', post('{"__proto__":{"stream":true},"model":"starter"}'), 200],
    ['a body that says 9 MB', post(chatBody).replace(/Content-Length: \d+/, 'Content-Length: 9000000'), 413],
  ])('%s gets the documented answer', async (_what, bytes, status) => {
    const answer = await raw(bytes, { limitMs: 10_000 })
    expect(statuses(answer.text)[0], answer.text.slice(0, 300)).toBe(status)
  })

  it('seeded nonsense never gets a 5xx, and leaves nothing open', async () => {
    const random = seededFor('gateway bytes')
    const count = amount({ slice: 60, full: 3_000 })
    const seen = new Map<number | string, number>()
    for (let done = 0; done < count; done += 10) {
      const answers = await Promise.all(
        Array.from({ length: 10 }, () =>
          raw(mutate(Buffer.from(post(chatBody)), random), { quietMs: 60, limitMs: 500 }),
        ),
      )
      for (const { text } of answers) {
        const all = statuses(text)
        for (const status of all.length === 0 ? ['none'] : all) seen.set(status, (seen.get(status) ?? 0) + 1)
      }
    }
    figure(`${count} mutated requests: ${[...seen].map(([status, times]) => `${status} ×${times}`).join(', ')}`)
    expect([...seen.keys()].filter((status) => Number(status) >= 500)).toEqual([])
    await soon(async () => (await openRequests()) === 0)
    expect(await served()).toMatchObject({ object: 'chat.completion' })
  }, 600_000)
})

describe('a connection that is misused', () => {
  it('answers pipelined requests in their order, and goes on after an error', async () => {
    const bad = post('{')
    const { text } = await raw(post(chatBody) + bad + post(chatBody))
    expect(statuses(text)).toEqual([200, 400, 200])
    const [first, , third] = [...text.matchAll(/"content":"([^"]*)"|invalid_body/g)].map((found) => found[0])
    expect([first, third]).toEqual(['"content":"Hello world"', '"content":"Hello world"'])
  })

  it('smuggles nothing: what follows a request of two lengths is never answered', async () => {
    const inner = `GET /v1/models HTTP/1.1\r\nHost: x\r\n${auth}\r\n`
    const sneaky = `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n${auth}Content-Length: ${5 + inner.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`
    const { text, closed } = await raw(sneaky, { quietMs: 5_000 })
    expect(statuses(text)).toEqual([400])
    expect(closed).toBe(true)
  })

  it('stops every answer that was pipelined on it when it breaks, the waiting ones too', async () => {
    const words = Array.from({ length: 2_000 }, () => 'word ')
    hub.engine.answerWith(streamWords(words, 5))
    const before = hub.engine.calls.length
    const stream = post(JSON.stringify({ ...ask, stream: true }))
    const socket = connect({ port, host: '127.0.0.1' })
    socket.on('error', () => {})
    socket.write(stream.repeat(20))
    await soon(() => hub.engine.calls.length === before + 20)
    const broken = performance.now()
    socket.destroy()
    await Promise.all(hub.engine.calls.slice(before).map((call) => call.closed))
    figure(
      `20 pipelined streams: the engine is let go ${(performance.now() - broken).toFixed(0)} ms after the caller is gone`,
    )
    await soon(async () => (await openRequests()) === 0)
    hub.engine.answerWith(streamWords(['Hello', ' world']))
  }, 30_000)

  it('and closed by its caller at the last event is a good answer, with its tokens', async () => {
    const id = 'leaves-at-done'
    hub.engine.answerWith(async (call) => {
      const { res } = call
      res.writeHead(200, { 'content-type': 'text/event-stream' })
      res.write(`${wordEvent('a')}${stopEvent}${usageEvent}${doneEvent}`)
      // The engine's own end comes later: the caller is gone by then.
      await call.closed
    })
    const socket = connect({ port, host: '127.0.0.1' })
    socket.on('error', () => {})
    socket.on('data', (part: Buffer) => part.includes('[DONE]') && socket.destroy())
    socket.write(post(JSON.stringify({ ...ask, stream: true }), `X-Request-Id: ${id}\r\n`))
    await soon(() => hub.control.records().some((record) => record.requestId === id))
    const record = hub.control.records().find(({ requestId }) => requestId === id)
    expect(record).toMatchObject({ outcome: 'ok', status: 200, promptTokens: 7, completionTokens: 2 })
    hub.engine.answerWith(streamWords(['Hello', ' world']))
  })

  it('half-closed after its request is let go', async () => {
    const answer = await raw(post(chatBody), { half: true, quietMs: 15_000 })
    expect(answer.closed).toBe(true)
    await soon(async () => (await openRequests()) === 0)
  })
})

describe('too much at once', () => {
  it('is told to come back with 429, never 5xx, and memory comes back', async () => {
    const most = 4_096
    hub.engine.answerWith(async ({ res }) => {
      await released
      res.writeHead(200, { 'content-type': 'application/json' }).end('{"choices":[]}')
    })
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const before = memoryOf(gateway.pid)
    const refusedBefore = await refusals()
    const more = 200
    // Pipelined, so that the test needs few connections of its own.
    const perSocket = 128
    const sockets = Array.from({ length: Math.ceil((most + more) / perSocket) }, () => {
      const socket = connect({ port, host: '127.0.0.1' })
      let text = ''
      socket.on('error', () => {})
      socket.on('data', (part: Buffer) => (text += part.toString('latin1')))
      socket.write(post(chatBody).repeat(perSocket))
      return { socket, statuses: () => statuses(text) }
    })
    const sent = sockets.length * perSocket
    await until(async () => (await openRequests()) === most)
    // Their answers wait behind those of the same connection.
    await until(async () => (await refusals()) - refusedBefore === sent - most)
    const during = memoryOf(gateway.pid)
    release()
    await until(() => Promise.resolve(sockets.reduce((sum, each) => sum + each.statuses().length, 0) === sent))
    const all = sockets.flatMap((each) => each.statuses())
    const count = (status: number) => all.filter((each) => each === status).length
    for (const { socket } of sockets) socket.destroy()
    hub.engine.answerWith(streamWords(['Hello', ' world']))
    await until(async () => (await openRequests()) === 0)
    await sleep(500)
    const after = memoryOf(gateway.pid)
    figure(`${sent} at once: ${count(200)} answered, ${count(429)} told to come back`)
    figure(`resident memory of the gateway: ${before} MB before, ${during} MB during, ${after} MB after`)
    expect(all.filter((status) => status !== 200 && status !== 429)).toEqual([])
    expect(count(200)).toBe(most)
    expect(count(429)).toBe(sent - most)
    expect(await served()).toMatchObject({ object: 'chat.completion' })
  }, 120_000)

  it('bodies without end, with and without a key, cost no memory', async () => {
    const before = memoryOf(gateway.pid)
    const rounds = amount({ slice: 6, full: 60 })
    const megabyte = 'x'.repeat(2 ** 20)
    for (let round = 0; round < rounds; round++) {
      const head = `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n${round % 2 === 0 ? auth : ''}Transfer-Encoding: chunked\r\n\r\n`
      const body = Array.from({ length: 12 }, () => `100000\r\n${megabyte}\r\n`).join('')
      const { text } = await raw(`${head}${body}0\r\n\r\n`, { limitMs: 20_000 })
      expect(statuses(text)[0]).toBe(round % 2 === 0 ? 413 : 401)
    }
    const after = memoryOf(gateway.pid)
    figure(`${rounds} bodies of 12 MB: resident memory ${before} MB before, ${after} MB after`)
    expect(after - before).toBeLessThan(150)
  }, 120_000)
})

it('a hundred connections that drip their headers were cut within seconds, while all of the above was served', async () => {
  await until(() => Promise.resolve(slow.every((each) => each.cutAfterMs() !== undefined)))
  const worst = Math.max(...slow.map((each) => each.cutAfterMs() ?? 0))
  figure(`100 connections that drip headers: cut after ${(worst / 1_000).toFixed(1)} s at the latest`)
  expect(worst).toBeLessThan(60_000)
}, 90_000)

function dripHeaders(): { cutAfterMs: () => number | undefined } {
  const began = performance.now()
  let cutAfterMs: number | undefined
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => {})
  socket.write('POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n')
  const drip = setInterval(() => socket.write('X-Drip: 1\r\n'), 500)
  socket.resume()
  socket.once('close', () => {
    clearInterval(drip)
    cutAfterMs = performance.now() - began
  })
  return { cutAfterMs: () => cutAfterMs }
}

function chunked(body: string): string {
  return `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n${auth}${json}Transfer-Encoding: chunked\r\n\r\n${body}`
}

/** One to four bytes changed, cut out or put in, at seeded places. */
function mutate(bytes: Buffer, random: () => number): Buffer {
  let changed = Buffer.from(bytes)
  for (let edits = 1 + Math.floor(random() * 4); edits > 0; edits--) {
    const at = Math.floor(random() * changed.length)
    const kind = random()
    if (kind < 0.5) changed[at] = Math.floor(random() * 256)
    else if (kind < 0.75)
      changed = Buffer.concat([changed.subarray(0, at), changed.subarray(at + 1 + Math.floor(random() * 8))])
    else
      changed = Buffer.concat([
        changed.subarray(0, at),
        Buffer.from([Math.floor(random() * 256)]),
        changed.subarray(at),
      ])
  }
  return changed
}

async function until(check: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error('still not so after a minute')
    await sleep(50)
  }
}

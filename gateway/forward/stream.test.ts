import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { request } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aKey, aRoute } from '../testing/fake-control.ts'
import {
  doneEvent,
  event,
  roleEvent,
  startFakeEngine,
  stopEvent,
  streamWords,
  usageEvent,
  wordEvent,
} from '../testing/fake-engine.ts'
import { ask, type Harness, key, soon, startHarness } from '../testing/harness.ts'

let hub: Harness
beforeEach(async () => {
  hub = await startHarness({ connectMs: 300, headersMs: 600, idleMs: 600 })
})
afterEach(() => hub.close())

const streamed = { ...ask, stream: true }
const plain = roleEvent + wordEvent('Hello') + wordEvent(' world') + stopEvent
const lastRecord = async (count: number) => {
  await soon(() => hub.control.records().length === count)
  return hub.control.records().at(-1)
}
/** The upstream saw its connection close, well before anything else would have closed it. */
const closedSoon = async () => {
  const began = Date.now()
  await hub.engine.calls[0]?.closed
  expect(Date.now() - began).toBeLessThan(400)
}
/** Answers with raw pieces, a pause between them; then ends, or cuts the connection. */
const pieces = (parts: (string | Buffer)[], cut = false) => {
  hub.engine.answerWith(async ({ res }) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' })
    res.flushHeaders()
    for (const part of parts) {
      res.write(part)
      await new Promise((resolve) => setTimeout(resolve, 15))
    }
    if (cut) res.destroy()
    else res.end()
  })
}

test('asks for usage, counts it, and takes the added event out again', async () => {
  const response = await hub.call(streamed)
  expect(await response.text()).toBe(plain + doneEvent)
  expect(JSON.parse(hub.engine.calls[0]?.body.toString() ?? '')).toEqual({
    ...streamed,
    stream_options: { include_usage: true },
  })
  const record = await lastRecord(1)
  expect(record).toMatchObject({ stream: true, outcome: 'ok', promptTokens: 7, completionTokens: 2 })
  expect(record?.ttftMs).toBeGreaterThan(0)
  expect(record?.durationMs).toBeGreaterThanOrEqual(record?.ttftMs ?? 0)
})

test('keeps the usage event of a caller who asked, and the body as it was', async () => {
  const body = JSON.stringify({ stream_options: { include_usage: true }, ...streamed })
  const response = await hub.call(body)
  expect(await response.text()).toBe(plain + usageEvent + doneEvent)
  expect(hub.engine.calls[0]?.body.toString()).toBe(body)
  expect(await lastRecord(1)).toMatchObject({ promptTokens: 7, completionTokens: 2 })
})

test('adds to the stream options that are there without touching another byte', async () => {
  const body = (options: string) =>
    `{"model":"starter", "stream":true,"stream_options": ${options} ,"seed":12345678901234567890}`
  await (await hub.call(body('{"x":[1,{"y":2}]}'))).text()
  expect(hub.engine.calls[0]?.body.toString()).toBe(
    '{"model":"starter", "stream":true,"stream_options":{"x":[1,{"y":2}],"include_usage":true},"seed":12345678901234567890}',
  )
})

test('is byte-exact however the chunks fall', async () => {
  const odd = `: comment\n\n${roleEvent}data: {"choices":[{"delta":{"content":"é\\"usage\\": {} 漢"}}]}\r\n\r\nevent: x\ndata: {"usage" : null}\n\n`
  const all = Buffer.from(odd + wordEvent('a') + usageEvent + doneEvent)
  const without = odd + wordEvent('a') + doneEvent
  for (const size of [1, 7, 64, all.length]) {
    const parts = Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
      all.subarray(at * size, (at + 1) * size),
    )
    hub.engine.answerWith(async ({ res }) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const part of parts) {
        res.write(part)
        await new Promise((resolve) => setImmediate(resolve))
      }
      res.end()
    })
    expect(await (await hub.call(streamed)).text()).toBe(without)
  }
})

test('passes each event on when it comes, not when the next one does', async () => {
  pieces([roleEvent + wordEvent('one'), wordEvent('two'), doneEvent])
  const seen: string[] = []
  const response = await hub.call(streamed)
  for await (const part of response.body ?? []) seen.push(Buffer.from(part).toString())
  expect(seen.length).toBeGreaterThanOrEqual(3)
  expect(seen[0]).toBe(roleEvent + wordEvent('one'))
})

test('a caller that leaves closes the upstream', async () => {
  hub.engine.answerWith(
    streamWords(
      Array.from({ length: 1000 }, () => 'word '),
      5,
    ),
  )
  const leave = new AbortController()
  const response = await hub.call(streamed, { signal: leave.signal })
  await response.body?.getReader().read()
  leave.abort()
  await closedSoon()
  expect(await lastRecord(1)).toMatchObject({ outcome: 'client_closed', status: 200, promptTokens: null })
})

test('a caller that leaves before the first byte closes the upstream', async () => {
  hub.engine.answerWith(() => {})
  const leave = new AbortController()
  const gone = hub.call(streamed, { signal: leave.signal }).catch(() => 'gone')
  await soon(() => hub.engine.calls.length === 1)
  leave.abort()
  expect(await gone).toBe('gone')
  await closedSoon()
  expect(await lastRecord(1)).toMatchObject({ outcome: 'client_closed', status: 499 })
})

test('a caller that leaves in the middle of its own request is recorded as gone', async () => {
  const headers = { authorization: `Bearer ${key}`, 'content-length': '1000' }
  const sending = request(`${hub.url}/v1/chat/completions`, { method: 'POST', headers })
  sending.on('error', () => {})
  sending.write('{"model"')
  await new Promise((resolve) => setTimeout(resolve, 50))
  sending.destroy()
  expect(await lastRecord(1)).toMatchObject({ outcome: 'client_closed', status: 499, route: null })
})

test('a stream cut after content ends with an error event and without [DONE]', async () => {
  const half = wordEvent(' lost').slice(0, 20)
  pieces([roleEvent, wordEvent('Hello'), half], true)
  const text = await (await hub.call(streamed)).text()
  expect(text.startsWith(roleEvent + wordEvent('Hello') + 'data: {"error":')).toBe(true)
  expect(JSON.parse(text.trim().split('\n\n').at(-1)?.slice(6) ?? '').error.code).toBe('upstream_cut')
  expect(text).not.toContain('[DONE]')
  expect(await lastRecord(1)).toMatchObject({ outcome: 'upstream_cut', status: 200 })
})

test('a stream that ends in order but without [DONE] is cut as well; an error event of the engine is its own label', async () => {
  pieces([roleEvent, wordEvent('Hello')])
  expect(await (await hub.call(streamed)).text()).toContain('"code":"upstream_cut"')
  const failed = event({ error: { message: 'out of memory' } })
  pieces([roleEvent, wordEvent('Hello'), failed])
  expect(await (await hub.call(streamed)).text()).toBe(roleEvent + wordEvent('Hello') + failed)
  expect(await lastRecord(2)).toMatchObject({ outcome: 'upstream_error' })
})

test('silence after content is a labelled timeout', async () => {
  hub.engine.answerWith(({ res }) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' }).write(wordEvent('Hello'))
  })
  expect(await (await hub.call(streamed)).text()).toContain('"code":"upstream_timeout"')
  expect(await lastRecord(1)).toMatchObject({ outcome: 'timeout' })
})

test('no answer in time is 504', async () => {
  hub.engine.answerWith(() => {})
  const response = await hub.call(ask)
  expect(response.status).toBe(504)
  expect(await lastRecord(1)).toMatchObject({ outcome: 'timeout', status: 504 })
})

test('before content another target takes over, unseen: cut, error event, 503, cut whole answer', async () => {
  hub.control.publish(2, [aRoute('starter', {}, [1_000_000, 1])], [aKey(key)])
  await hub.version(2)
  const good = streamWords(['Hello', ' world'])
  const failures: Parameters<typeof hub.engine.answerWith>[0][] = [
    ({ res }) => void res.writeHead(503).end(),
    ({ res }) => void res.writeHead(200, { 'content-type': 'text/event-stream' }).write(roleEvent, () => res.destroy()),
    ({ res }) =>
      void res.writeHead(200, { 'content-type': 'text/event-stream' }).end(event({ error: { message: 'x' } })),
  ]
  for (const fail of failures) {
    hub.engine.answerWith((call) => (call.deploymentId === 'dep_starter_1' ? fail(call) : good(call)))
    const response = await hub.call(streamed)
    expect(response.status).toBe(200)
    expect(response.headers.get('x-modelhub-target')).toBe('tgt_starter_2')
    expect(await response.text()).toBe(plain + doneEvent)
  }
  hub.engine.answerWith((call) => {
    if (call.deploymentId !== 'dep_starter_1') return good(call)
    call.res.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' })
    return void call.res.write('{"choices"', () => call.res.destroy())
  })
  expect(await (await hub.call(ask)).json()).toMatchObject({ choices: [{ message: { content: 'Hello world' } }] })
  expect(await lastRecord(4)).toMatchObject({ outcome: 'ok', targetId: 'tgt_starter_2' })
})

test('a host that does not know the deployment is told, once, and asked again', async () => {
  const answers = await Promise.all([hub.call(ask), hub.call(ask), hub.call(ask)])
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200])
  expect(hub.engine.puts.length).toBe(1)
  const [target] = aRoute('starter').targets
  const spec = target?.kind === 'engine' ? target.engine : undefined
  expect(hub.engine.puts[0]).toEqual({ deploymentId: 'dep_starter_1', body: spec })
  hub.engine.forget()
  expect((await hub.call(ask)).status).toBe(200)
  expect(hub.engine.puts.length).toBe(2)
})

test('an engine host that is down is 503 at once, and its return needs no restart', async () => {
  await hub.engine.close()
  await rm(hub.config.engineSocket, { force: true })
  const response = await hub.call(ask)
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('1')
  expect(await lastRecord(1)).toMatchObject({ outcome: 'upstream_unreachable', status: 503 })
  hub.engine = await startFakeEngine(hub.config.engineSocket)
  expect((await hub.call(ask)).status).toBe(200)
})

test('a large answer to a slow reader is held back at the engine, and arrives whole', async () => {
  const word = 'x'.repeat(100_000)
  let written = 0
  hub.engine.answerWith(async ({ res, closed }) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' })
    for (let i = 0; i < 400 && !res.destroyed; i++) {
      written++
      if (!res.write(wordEvent(word))) await Promise.race([once(res, 'drain'), closed])
    }
    res.end(doneEvent)
  })
  const response = await hub.call(streamed)
  const reader = response.body?.getReader()
  await reader?.read()
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(written).toBeLessThan(300)
  let bytes = 0
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) bytes += part.value.length
  expect(bytes).toBeGreaterThan(399 * 100_000)
  expect(await lastRecord(1)).toMatchObject({ outcome: 'ok' })
})

test('a gateway that must close labels what is still open, and records it', async () => {
  hub.engine.answerWith(({ res }) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' }).write(wordEvent('Hello'))
  })
  const response = await hub.call(streamed)
  await hub.gateway.close(50)
  const text = await response.text()
  expect(text).toContain('"code":"upstream_cut"')
  expect(text).not.toContain('[DONE]')
  await hub.restart()
  expect(await lastRecord(1)).toMatchObject({ outcome: 'upstream_cut' })
})

test('more requests than it may have in hand are told to come back', async () => {
  await hub.close()
  hub = await startHarness({ concurrentRequests: 1 })
  hub.engine.answerWith(streamWords(['a', 'b', 'c'], 50))
  const first = await hub.call(streamed)
  const second = await hub.call(streamed)
  expect(second.status).toBe(429)
  expect(second.headers.get('retry-after')).toBe('1')
  await Promise.all([first.text(), second.text()])
  expect((await hub.call(streamed)).status).toBe(200)
})

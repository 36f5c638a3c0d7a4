import { randomUUID } from 'node:crypto'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildKnownBigram } from '../../engine/starter/index.ts'
import { followEvents, unwrap } from '../../sdk/index.ts'
import { chat } from '../e2e/support/chat.ts'
import { runCli } from '../e2e/support/cli.ts'
import { describeHub, type Hub, useHubs } from '../e2e/support/hub.ts'
import { writeFolder } from '../e2e/support/model-files.ts'
import { endStateOf } from '../e2e/support/onboarding.ts'
import { addModel, endOfJob, figure, makeKey, until } from '../e2e/support/work.ts'
import { findPostgres, type PostgresServer, startPostgres } from '../support/postgres-server.ts'
import { amount } from './support/plan.ts'
import { type PostgresProxy, startPostgresProxy } from './support/postgres-proxy.ts'

const binaries = findPostgres()
const outages = [1, 10, 30].slice(0, amount({ slice: 1, full: 3 }))
const model = 'outage/known'

describe.skipIf(binaries === undefined)('', () => {
  let server: PostgresServer
  let proxy: PostgresProxy
  beforeAll(async () => {
    server = await startPostgres(binaries ?? '', { durable: true })
    await server.run('create database hub')
    proxy = await startPostgresProxy(server.port)
  })
  afterAll(async () => {
    await proxy.close()
    await server.stop()
  })

  describeHub('a hub whose PostgreSQL is killed and comes back', () => {
    const hubs = useHubs()

    it(
      'stays up, says what is missing, serves, and goes on where it was',
      async () => {
        const place = await hubs.place()
        place.env = { MODELHUB_DATABASE_URL: proxy.url(server.url('hub')) }
        const hub = await startWhileAway(() => hubs.start({ place }))
        const folder = writeFolder(join(place.models, 'known'), {
          'known.gguf': buildKnownBigram().bytes,
          'README.md': '---\nlicense: apache-2.0\n---\n# Known answers\n',
        })
        const options = { benchmark: true, evaluate: false, publish: true } as const
        const first = await addModel(hub, model, folder, options)
        const expected = await endStateOf(hub, first.versionId, await endOfJob(hub, first.jobId))
        expect(expected).toMatchObject({ state: 'published' })
        const { key } = await makeKey(hub)
        const ask = () => chat(hub.gatewayUrl, key, { model, content: 'abc' })
        await until(ask, ({ status }) => status === 200, 10_000)

        await checkUnheardCommit(hub, proxy, folder)
        if (amount({ slice: 0, full: 1 }) === 1) await checkBlackHole(hub, proxy, ask)
        for (const [index, seconds] of outages.entries()) {
          const name = `outage/model-${index}`
          const { jobId, versionId } = await addModel(hub, name, folder, options)
          const told = follow(hub, jobId)
          const writer = writeKeys(hub)
          await sleep(700)
          await server.kill()
          const away = performance.now()
          const idempotent = { name: `outage/once-${index}`, key: randomUUID() }
          await checkAway(hub, idempotent)
          expect(await ask()).toMatchObject({ status: 200 })
          // A control plane that ends meanwhile waits for the database; the gateway goes on serving.
          if (index > 0) hub.kill9('control')
          await sleep(Math.max(0, seconds * 1_000 - (performance.now() - away)))
          expect(await ask()).toMatchObject({ status: 200 })

          await server.start()
          const ready = await until(
            () => statusOf(`${hub.url}/readyz`),
            (status) => status === 200,
            30_000,
          )
          const seen = told.events.length
          const moving = await until(
            async () => told.events.length,
            (count) => count > seen || told.isOver(),
            30_000,
          )
          const job = await endOfJob(hub, jobId)
          figure(
            `away for ${seconds} s${index > 0 ? ', control plane killed meanwhile' : ''}: ready ${ready.seconds.toFixed(1)} s and the job's next ` +
              `event ${(ready.seconds + moving.seconds).toFixed(1)} s after it was back`,
          )
          expect(await endStateOf(hub, versionId, job)).toEqual(expected)
          // The outage is nobody's failure.
          expect(job.steps.map(({ state }) => state)).not.toContain('failed')
          await told.ended
          expect(told.events.map(({ seq }) => seq)).toEqual([...new Set(told.events.map(({ seq }) => seq))])
          expect(told.events.filter(({ type }) => type === 'step' || type === 'state')).toEqual(
            (await stored(hub, jobId)).filter(({ type }) => type === 'step' || type === 'state'),
          )
          expect(told.events.map(({ text }) => text).filter((text) => text.includes('"failed"'))).toEqual([])
          await checkOnce(hub, idempotent, folder)
          const acknowledged = await writer.stop()
          const known = await listKeyIds(hub)
          figure(`${acknowledged.length} keys acknowledged around the outage, ${writer.refused()} refused`)
          expect(acknowledged.filter((id) => !known.has(id))).toEqual([])
          expect(await ask()).toMatchObject({ status: 200 })
        }
        expect(await runCli(hub, ['audit', 'verify'])).toMatchObject({ code: 0 })
        await hub.stop()
        // Set up wrong is no outage: it ends at once with what to change.
        const wrong = await hubs.place()
        wrong.env = { MODELHUB_DATABASE_URL: server.url('nowhere') }
        await expect(hubs.start({ place: wrong })).rejects.toThrow(/ended with 78.*database "nowhere" does not exist/s)
      },
      amount({ slice: 300_000, full: 600_000 }),
    )
  })

  /** Starts a hub before its database: it says so and waits. */
  async function startWhileAway(start: () => Promise<Hub>): Promise<Hub> {
    await server.shutDown()
    const starting = start()
    starting.catch(() => undefined)
    await knocks(server.port, 3)
    await server.start()
    const back = performance.now()
    const hub = await starting
    expect(hub.output()).toMatch(/The database .* does not answer: .*Waiting for it/s)
    figure(`started before its database: ready ${((performance.now() - back) / 1_000).toFixed(1)} s after that came`)
    return hub
  }
})

/** Resolves when somebody has tried so often to reach what is not there. */
async function knocks(port: number, count: number): Promise<void> {
  const enough = Promise.withResolvers<void>()
  let left = count
  const door = createServer((socket) => {
    socket.destroy()
    left -= 1
    if (left === 0) enough.resolve()
  })
  await new Promise<void>((resolve) => door.listen(port, '127.0.0.1', resolve))
  await enough.promise
  await new Promise((resolve) => door.close(resolve))
}

const statusOf = (url: string, limitMs = 5_000, token?: string): Promise<number> =>
  fetch(url, {
    signal: AbortSignal.timeout(limitMs),
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  }).then(
    (answer) => answer.status,
    () => 0,
  )

/** What every door says while the database is away. */
async function checkAway(hub: Hub, idempotent: { name: string; key: string }): Promise<void> {
  expect(await statusOf(`${hub.url}/healthz`)).toBe(200)
  const ready = await fetch(`${hub.url}/readyz`)
  expect(ready.status).toBe(503)
  expect(await ready.json()).toMatchObject({
    status: 'not_ready',
    reason: expect.stringContaining('database') as string,
  })
  const headers = { authorization: `Bearer ${hub.token}` }
  const read = await fetch(`${hub.url}/api/v1/models`, { headers })
  expect([read.status, read.headers.get('retry-after')]).toEqual([503, '1'])
  expect(await read.json()).toMatchObject({ code: 'database_unreachable', remedy: expect.any(String) as string })
  expect((await create(hub, idempotent, '/nowhere')).status).toBe(503)
}

const create = (hub: Hub, { name, key }: { name: string; key: string }, path: string): Promise<Response> =>
  fetch(`${hub.url}/api/v1/models`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${hub.token}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify({ name, source: { type: 'disk', path }, start: false }),
  })

/** The same request again and again makes one version. */
async function checkOnce(hub: Hub, idempotent: { name: string; key: string }, folder: string): Promise<void> {
  const other = { ...idempotent, key: randomUUID() }
  const answers = []
  for (let i = 0; i < 2; i++) {
    const answer = await create(hub, other, folder)
    expect(answer.status).toBe(202)
    answers.push(((await answer.json()) as { version: { id: string } }).version.id)
  }
  expect(new Set(answers).size).toBe(1)
}

/** The connection breaks between the commit of a create and the news of it: the request fails, and its repetition makes nothing more. */
async function checkUnheardCommit(hub: Hub, proxy: PostgresProxy, folder: string): Promise<void> {
  const request = { name: 'outage/unheard', key: randomUUID() }
  const sprung = proxy.cutAfter('commit', 'into "model"')
  expect((await create(hub, request, folder)).status).toBe(503)
  await sprung
  const again = await until(
    () => create(hub, request, folder),
    ({ status }) => status === 202,
    20_000,
  )
  const made = (await again.value.json()) as { model: { id: string }; version: { id: string } }
  const third = (await (await create(hub, request, folder)).json()) as typeof made
  expect(third.version.id).toBe(made.version.id)
  const versions = await unwrap(hub.api.GET('/models/{id}/versions', { params: { path: { id: made.model.id } } }))
  expect(versions.items.map(({ id }) => id)).toEqual([made.version.id])
}

/** A network that swallows everything: each answer comes in bounded time, and all is well when it ends. */
async function checkBlackHole(hub: Hub, proxy: PostgresProxy, ask: () => Promise<{ status: number }>): Promise<void> {
  await proxy.set('stall')
  const began = performance.now()
  const reads = Array.from({ length: 15 }, () => statusOf(`${hub.url}/api/v1/models`, 60_000, hub.token))
  expect(await statusOf(`${hub.url}/healthz`)).toBe(200)
  expect(await statusOf(`${hub.url}/readyz`, 10_000)).toBe(503)
  expect(await ask()).toMatchObject({ status: 200 })
  expect(new Set(await Promise.all(reads))).toEqual(new Set([503]))
  const seconds = (performance.now() - began) / 1_000
  await proxy.set('pass')
  const back = await until(
    () => statusOf(`${hub.url}/readyz`),
    (status) => status === 200,
    30_000,
  )
  figure(
    `black hole: ${reads.length} requests answered with 503 within ${seconds.toFixed(1)} s, ready ${back.seconds.toFixed(1)} s after it ended`,
  )
}

type Told = { seq: number; type: string; text: string }

/** Follows the events of a job to its end; a stream that ends early is resumed after the last event. */
function follow(hub: Hub, jobId: string): { events: Told[]; isOver: () => boolean; ended: Promise<void> } {
  const events: Told[] = []
  let over = false
  const run = async () => {
    const url = `${hub.url}/api/v1/jobs/${jobId}/events`
    for (let last: string | undefined; ; await sleep(200)) {
      try {
        const stream = followEvents<{ seq: number; type: string; data: { state?: string } }>(url, {
          token: hub.token,
          ...(last === undefined ? {} : { lastEventId: last }),
        })
        for await (const { id, data } of stream) {
          last = id
          events.push({ seq: data.seq, type: data.type, text: JSON.stringify(data.data) })
          if (data.type === 'state' && /succeeded|failed|cancelled/.test(data.data.state ?? '')) return
        }
      } catch {
        // The hub is away, or says that its database is.
      }
    }
  }
  const ended = run().finally(() => {
    over = true
  })
  return { events, isOver: () => over, ended }
}

async function stored(hub: Hub, jobId: string): Promise<Told[]> {
  const { events, ended } = follow(hub, jobId)
  await ended
  return events
}

/** Makes keys one after another; what was answered with 201 must never be missing. */
function writeKeys(hub: Hub): { stop: () => Promise<string[]>; refused: () => number } {
  const acknowledged: string[] = []
  let refused = 0
  let stopping = false
  const running = (async () => {
    while (!stopping) {
      const made = await hub.api.POST('/keys', { body: { name: 'outage' } }).catch(() => undefined)
      if (made?.data === undefined) {
        refused += 1
        await sleep(100)
      } else acknowledged.push(made.data.id)
    }
  })()
  return {
    refused: () => refused,
    stop: async () => {
      stopping = true
      await running
      return acknowledged
    },
  }
}

async function listKeyIds(hub: Hub): Promise<Set<string>> {
  const ids = new Set<string>()
  let cursor: string | undefined
  do {
    const page = await unwrap(
      hub.api.GET('/keys', { params: { query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) } } }),
    )
    for (const { id } of page.items) ids.add(id)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return ids
}

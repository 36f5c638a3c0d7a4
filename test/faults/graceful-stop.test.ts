import { closeSync, openSync, readdirSync, statSync, writeSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { buildKnownBigram } from '../../engine/starter/index.ts'
import { unwrap } from '../../sdk/index.ts'
import { chat } from '../e2e/support/chat.ts'
import { runCli } from '../e2e/support/cli.ts'
import type { Hub } from '../e2e/support/hub.ts'
import { describeHubOnEachDatabase } from '../e2e/support/hub-lanes.ts'
import { writeFolder } from '../e2e/support/model-files.ts'
import { followSteps, leftovers, stepEvents } from '../e2e/support/onboarding.ts'
import type { Place } from '../e2e/support/place.ts'
import { addModel, endOfJob, figure, makeKey, readJob, readVersion, until } from '../e2e/support/work.ts'
import { databaseIsLeft } from './support/clean-end.ts'
import { amount, seededFor } from './support/plan.ts'

const starts = amount({ slice: 2, full: 12 })
const bigMegabytes = amount({ slice: 768, full: 1_536 })
/** The gateway lets streams run on for eight seconds. */
const drainMs = 8_000
/** What service managers wait by habit before they kill, and some for a busy machine. */
const stopLimitSeconds = 10 + 5

describeHubOnEachDatabase('a hub that is told to stop', (lane) => {
  /** Waits for the end after a signal, and checks what every graceful stop leaves: nothing. */
  const endedWell = async (hub: Hub, place: Place, what: string) => {
    const from = performance.now()
    expect(await hub.ended, `${what}:\n${hub.output().slice(-2_000)}`).toEqual({ code: 0, signal: null })
    const seconds = (performance.now() - from) / 1_000
    figure(`${lane.kind}: ${what}: stopped after ${seconds.toFixed(1)} s`)
    expect(seconds).toBeLessThan(stopLimitSeconds)
    // The supervisor ends last: nothing of the hub may run after it.
    expect(await hub.gone(), what).toBeLessThan(3)
    expect(readdirSync(place.temporary), what).toEqual([])
    expect(leftovers(place.data), what).toEqual([])
    expect(await databaseIsLeft(lane, place), what).toBe('closed')
  }

  it('hands back a copy and a benchmark, and goes on with them at the next start without doing anything twice', async () => {
    const place = await lane.place()
    let hub = await lane.start({ place })
    const folder = writeFolder(join(place.models, 'big'), {
      'known-bigram.gguf': buildKnownBigram().bytes,
      'README.md': '---\nlicense: apache-2.0\n---\n# One big file\n',
    })
    writeBigModel(join(folder, 'model.safetensors'), bigMegabytes)
    // Writing took long without a look at the network: the hub may have closed a kept connection meanwhile.
    await sleep(20)
    const { jobId, versionId } = await addModel(hub, 'e2e/big', folder, { mode: 'copy', benchmark: true })

    // In the middle of the big file, with the small ones whole.
    await until(
      () => readJob(hub, jobId),
      ({ progress, steps }) =>
        steps.some(({ name, state }) => name === 'ingest' && state === 'running') &&
        (progress?.bytesDone ?? 0) > 0.05 * bigMegabytes * 2 ** 20,
      60_000,
    )
    const whole = () => blobTimes(join(place.data, 'blobs', 'sha256'))
    const before = await until(
      () => Promise.resolve(whole()),
      ({ size }) => size >= 2,
      20_000,
    )
    hub.signal('SIGTERM')
    await endedWell(hub, place, 'SIGTERM in the middle of a copy')
    expect(hub.output()).toContain('Model Hub has stopped.')
    hub = await lane.start({ place })

    // npm passes on the signal that the terminal has sent already, and a service manager may signal every process.
    await untilStep(hub, jobId, 'benchmark')
    hub.signal('SIGINT', 'group')
    hub.signal('SIGINT')
    hub.signal('SIGTERM', 'all')
    hub.signal('SIGTERM')
    await endedWell(hub, place, 'SIGINT and SIGTERM, several times, in the middle of a benchmark')
    hub = await lane.start({ place })

    const job = await endOfJob(hub, jobId)
    expect(job).toMatchObject({ state: 'succeeded', error: null })
    // Two stops: steps that were handed back and began again, and nothing else. A disk that is quick may have ended the copy before the
    // signal was heard; then the step after it was handed back, or had not begun.
    const again = job.steps.filter(({ attempt }) => attempt > 1).map(({ name, attempt }) => `${name} ${attempt}`)
    figure(`${lane.kind}: began again: ${again.join(', ')}`)
    expect(['', 'ingest 2', 'inspect 2']).toContain(again.slice(0, -1).join())
    expect(again.at(-1)).toBe('benchmark 2')
    const told = await stepEvents(hub, jobId)
    expect(told.filter(({ state }) => state === 'failed')).toEqual([])
    const after = whole()
    for (const [digest, time] of before.value) expect(after.get(digest), 'a whole file was copied again').toBe(time)
    const runs = await unwrap(hub.api.GET('/benchmarks', { params: { query: { version: versionId } } }))
    expect(runs.items).toMatchObject([{ state: 'finished', result: { failed: 0 } }])
    // On a machine too busy to measure with, the run counts as no evidence.
    const measured = runs.items[0]?.verdict !== 'invalid-client'
    expect((await readVersion(hub, versionId)).state).toBe(measured ? 'evaluated' : 'verified')
    expect(await runCli(hub, ['audit', 'verify'])).toMatchObject({ code: 0 })
    hub.signal('SIGTERM')
    await endedWell(hub, place, 'SIGTERM when idle')
    place.remove()
  }, 300_000)

  it('lets running streams and requests end, takes no new ones, and loses no usage record', async () => {
    const place = await lane.place()
    let hub = await lane.start({ place })
    const folder = writeFolder(join(place.models, 'known'), {
      'known.gguf': buildKnownBigram().bytes,
      'README.md': '# Known answers\n',
    })
    const { jobId } = await addModel(hub, 'e2e/known', folder, { publish: true })
    expect(await endOfJob(hub, jobId)).toMatchObject({ state: 'succeeded' })
    const { key } = await makeKey(hub)
    const ask = () => chat(hub.gatewayUrl, key, { model: 'e2e/known', content: 'abc' })
    await until(ask, ({ status }) => status === 200, 20_000)

    const streams = [200, 400, 1_500].map((tokens) => readStream(hub, key, `stop-${lane.kind}-${tokens}`, tokens))
    await Promise.all(streams.map(({ begun }) => begun))
    // A request of which the hub has half when the signal comes.
    const slow = await halfRequest(hub)
    const signalled = performance.now()
    hub.signal('SIGTERM')
    await until(
      () => Promise.resolve(hub.output()),
      (text) => text.includes('"stopping"'),
      10_000,
    )
    expect(await slow.finish(), 'a request under way is answered').toBe(201)
    await until(
      () => Promise.resolve(hub.output()),
      (text) => text.includes('gateway closing'),
      10_000,
    )
    const refused = await ask().then(
      ({ status }) => String(status),
      () => 'no connection',
    )
    expect(['503', 'no connection']).toContain(refused)
    const ends = await Promise.all(
      streams.map(async ({ end }) => ({ how: await end, afterMs: Math.round(performance.now() - signalled) })),
    )
    figure(
      `${lane.kind}: streams ended with ${ends.map(({ how, afterMs }) => `${how} after ${afterMs} ms`).join(', ')}`,
    )
    // Whole, or labelled when its time was over: on a machine that is hopelessly busy every answer may last longer.
    for (const { how, afterMs } of ends)
      expect(afterMs < drainMs * 0.9 ? ['[DONE]'] : ['[DONE]', 'error']).toContain(how)
    await endedWell(hub, place, 'SIGTERM while streams run')

    hub = await lane.start({ place })
    const ids = streams.map(({ id }) => id)
    const recorded = async () => {
      const page = await unwrap(hub.api.GET('/requests', { params: { query: { limit: 200 } } }))
      return page.items.filter(({ requestId }) => ids.includes(requestId)).map(({ requestId }) => requestId)
    }
    const { value } = await until(recorded, (found) => found.length >= ids.length, 20_000)
    expect(value.sort()).toEqual(ids.sort())
    hub.closeOutput()
    hub.signal('SIGTERM')
    await endedWell(hub, place, 'SIGTERM after the reader of its log has gone')
    place.remove()
  }, 180_000)

  it(`stops in order at ${starts} moments of a start, and starts afterwards`, async () => {
    const random = seededFor(`stop during start ${lane.kind}`)
    const place = await lane.place()
    for (let index = 0; index < starts; index++) {
      const hub = await lane.start({ place, wait: false })
      const afterMs = Math.round(random() * 3_500)
      // Before its first line the program has not begun, and the signal ends it as it would any.
      await until(
        () => Promise.resolve(hub.output()),
        (text) => text.includes('is starting'),
        60_000,
      )
      await sleep(afterMs)
      hub.signal('SIGTERM')
      await endedWell(hub, place, `SIGTERM ${afterMs} ms into a start`)
    }
    const hub = await lane.start({ place })
    expect(await runCli(hub, ['audit', 'verify'])).toMatchObject({ code: 0 })
    await hub.stop()
    place.remove()
  }, 300_000)
})

/** A safetensors file of zeros, written in pieces. */
function writeBigModel(path: string, megabytes: number): void {
  const columns = 1024
  const rows = (megabytes * 2 ** 20) / 4 / columns
  const header = { weight: { dtype: 'F32', shape: [rows, columns], data_offsets: [0, rows * columns * 4] } }
  const json = JSON.stringify(header)
  const padded = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  const file = openSync(path, 'w')
  try {
    writeSync(file, Buffer.concat([length, padded]))
    const piece = Buffer.alloc(2 ** 20)
    for (let written = 0; written < megabytes; written++) writeSync(file, piece)
  } finally {
    closeSync(file)
  }
}

/** When each blob of a store was written or last put again. */
function blobTimes(folder: string): Map<string, number> {
  const times = new Map<string, number>()
  for (const prefix of readdirSync(folder)) {
    for (const digest of readdirSync(join(folder, prefix)))
      times.set(digest, statSync(join(folder, prefix, digest)).mtimeMs)
  }
  return times
}

/** Resolves when a step runs and has said how far it is. */
async function untilStep(hub: Hub, jobId: string, step: string): Promise<void> {
  await followSteps(hub, jobId, (event) => event.step === step && event.state === 'running')
  await until(
    () => readJob(hub, jobId),
    ({ progress }) => (progress?.done ?? 0) > 0,
    30_000,
  )
}

/** A streamed answer: `begun` with its first piece; `end` says how it ended: `[DONE]`, a labelled `error`, or `cut`. */
function readStream(hub: Hub, key: string, id: string, tokens: number) {
  const begun = Promise.withResolvers<void>()
  const read = async (): Promise<string> => {
    const response = await fetch(`${hub.gatewayUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'x-request-id': id },
      body: JSON.stringify({
        model: 'e2e/known',
        messages: [{ role: 'user', content: '<|loop|>' }],
        max_tokens: tokens,
        stream: true,
      }),
    })
    let text = ''
    for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      text += Buffer.from(part).toString('utf8')
      begun.resolve()
    }
    return text.includes('data: [DONE]') ? '[DONE]' : text.includes('"error"') ? 'error' : 'cut'
  }
  const end = read().catch((error: unknown) => `cut (${String(error)})`)
  return { id, begun: begun.promise, end }
}

/** Sends the head and the half of a request; `finish` sends the rest and gives the status of the answer. */
async function halfRequest(hub: Hub): Promise<{ finish: () => Promise<number> }> {
  const body = JSON.stringify({ name: 'half' })
  const sending = request(`${hub.url}/api/v1/keys`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${hub.token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    },
  })
  const status = new Promise<number>((resolve, reject) => {
    sending.once('error', reject)
    sending.once('response', (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
  })
  status.catch(() => undefined)
  sending.write(body.slice(0, 5))
  await until(
    () => Promise.resolve(sending.socket?.bytesWritten ?? 0),
    (bytes) => bytes > 0,
    5_000,
  )
  await sleep(100)
  return {
    finish: () => {
      sending.end(body.slice(5))
      return status
    },
  }
}

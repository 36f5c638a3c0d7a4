import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { buildKnownBigram } from '../../engine/starter/index.ts'
import { chat } from '../e2e/support/chat.ts'
import { runCli } from '../e2e/support/cli.ts'
import { type Hub, useHubs } from '../e2e/support/hub.ts'
import { writeFolder, writeMultiFileModel } from '../e2e/support/model-files.ts'
import { leftovers } from '../e2e/support/onboarding.ts'
import type { Place } from '../e2e/support/place.ts'
import { addModel, endOfJob, figure, makeKey, until } from '../e2e/support/work.ts'
import { amount } from './support/plan.ts'
import { serveOnce } from './support/serve-once.ts'
import { describeSmallDisk, type SmallDisk, useSmallDisks } from './support/small-disk.ts'

const model = 'e2e/known'
/** Of the copied model; the disk must hold it, the reserve of an ingest (256 MiB) and the hub. */
const megabytes = amount({ slice: 96, full: 160 })
const fullForMs = amount({ slice: 1_500, full: 30_000 })

describeSmallDisk('a full disk under the data folder', () => {
  const disks = useSmallDisks()
  const hubs = useHubs()
  const onDisk = async (size: number): Promise<{ disk: SmallDisk; place: Place }> => {
    const disk = disks(size)
    const place = await hubs.place()
    place.data = join(disk.path, 'data')
    return { disk, place }
  }

  it('stops changes with their reason, nothing half-written; chats go on, and all goes on by itself when there is room', async () => {
    const { disk, place } = await onDisk(640)
    const hub = await hubs.start({ place })
    const key = await publishKnown(hub)
    const ask = (requestId: string) => chat(hub.gatewayUrl, key, { model, content: 'abc', requestId })
    await until(
      () => ask('warm'),
      ({ status }) => status === 200,
      15_000,
    )
    const large = writeMultiFileModel(join(place.models, 'large'), 12)

    // Too little room for a copy and its reserve: refused before a byte is copied, with what is missing.
    disk.fill(200 * 2 ** 20)
    const refused = await addModel(hub, 'e2e/refused', large, { mode: 'copy' })
    const waiting = await until(
      () => stepErrorOf(hub, refused.jobId),
      (error) => error !== undefined,
      20_000,
    )
    expect(waiting.value).toMatchObject({
      code: 'disk_full',
      message: expect.stringMatching(/^The disk is full: \d+ bytes are missing\./) as string,
      remedy: expect.stringContaining('Free space') as string,
    })
    disk.makeRoom()
    expect(await endOfJob(hub, refused.jobId)).toMatchObject({ state: 'succeeded' })

    // In the middle of a copy.
    const second = writeMultiFileModel(join(place.models, 'second'), megabytes + 3)
    const { jobId, versionId } = await addModel(hub, 'e2e/second', second, { mode: 'copy' })
    const temporary = join(place.data, 'blobs', 'tmp')
    await until(
      () => Promise.resolve(readdirSync(temporary).some((name) => statSync(join(temporary, name)).size > 2 ** 20)),
      (copying) => copying,
      20_000,
    )
    disk.fill()
    const sent: string[] = []
    const made: string[] = []
    const refusals = new Map<string, number>()
    const began = performance.now()
    let slowest = 0
    while (performance.now() - began < fullForMs || refusals.size === 0) {
      // The copy that failed has given its room back.
      disk.fill()
      const name = `key ${made.length + refusals.size} ${'x'.repeat(80)}`
      const answer = await makeKeyNamed(hub, name)
      if (answer.status === 201) made.push(name)
      else {
        expect(answer).toMatchObject({
          status: 507,
          code: 'disk_full',
          remedy: expect.stringMatching(/^Free space/) as string,
        })
        refusals.set(answer.code ?? '', (refusals.get(answer.code ?? '') ?? 0) + 1)
      }
      const requestId = `full-${sent.length}`
      const at = performance.now()
      expect(await ask(requestId)).toMatchObject({ status: 200 })
      slowest = Math.max(slowest, performance.now() - at)
      sent.push(requestId)
      if (performance.now() - began > 60_000) throw new Error('no change was refused although the disk is full')
    }
    figure(
      `full for ${Math.round(performance.now() - began)} ms: ${made.length} changes written, ${refusals.get('disk_full') ?? 0} refused`,
    )
    figure(`${sent.length} chats answered meanwhile, the slowest in ${Math.round(slowest)} ms`)
    const ready = await fetch(`${hub.url}/readyz`)
    expect(ready.status).toBe(503)
    expect(await ready.json()).toMatchObject({
      reason: expect.stringMatching(/full: \d+ bytes are missing/) as string,
    })
    const doctor = await runCli(hub, ['doctor'])
    expect(doctor.code).toBe(1)
    expect(doctor.stdout).toMatch(/bytes are missing/)

    disk.makeRoom()
    const back = await until(
      () => makeKeyNamed(hub, 'after'),
      ({ status }) => status === 201,
      20_000,
    )
    figure(`changes are taken ${back.seconds.toFixed(2)} s after there is room again`)
    await until(
      () => fetch(`${hub.url}/readyz`),
      ({ status }) => status === 200,
      10_000,
    )
    const job = await endOfJob(hub, jobId)
    figure(`the copy: ${job.state}, attempts ${job.steps.map(({ name, attempt }) => `${name} ${attempt}`).join(', ')}`)
    if (job.state === 'failed') {
      expect(job.error).toMatchObject({ code: 'disk_full' })
      const retried = await hub.api.POST('/versions/{id}/retry', { params: { path: { id: versionId } } })
      expect(await endOfJob(hub, retried.data?.id ?? '')).toMatchObject({ state: 'succeeded' })
    }

    // What was acknowledged is there, each use is counted once, nothing is left over.
    const keys = await hub.api.GET('/keys', { params: { query: { limit: 200 } } })
    const names = keys.data?.items.map(({ name }) => name) ?? []
    expect(made.filter((name) => !names.includes(name))).toEqual([])
    const recorded = await until(
      async () => {
        const { data } = await hub.api.GET('/requests', { params: { query: { limit: 200 } } })
        return data?.items.map(({ requestId }) => requestId).filter((id) => sent.slice(-150).includes(id)) ?? []
      },
      (ids) => new Set(ids).size === Math.min(150, sent.length),
      20_000,
    )
    expect(recorded.value).toHaveLength(Math.min(150, sent.length))
    const health = (await (await fetch(`${hub.gatewayUrl}/healthz`)).json()) as { usage: { dropped: number } }
    expect(health.usage.dropped).toBe(0)
    expect(await runCli(hub, ['audit', 'verify'])).toMatchObject({ code: 0 })
    await hub.stop()
    expect(leftovers(place.data)).toEqual([])
    if (amount({ slice: 1, full: 0 }) === 1) return
    const again = await hubs.start({ place })
    expect(await runCli(again, ['audit', 'verify'])).toMatchObject({ code: 0 })
    await again.stop()
  }, 300_000)

  it('at start: a plain message, status 78, and a start afterwards', async () => {
    const { disk, place } = await onDisk(160)
    disk.fill(30 * 2 ** 20)
    const full = await serveOnce(place)
    expect(full.code).toBe(78)
    expect(full.stderr).toMatch(/^modelhub: The disk of the data folder .* is full: \d+ bytes are missing/m)
    expect(full.stderr).toContain('MODELHUB_DATA')
    expect(existsSync(join(place.data, 'db'))).toBe(false)
    if (amount({ slice: 1, full: 0 }) === 1) return
    disk.makeRoom()
    const hub = await hubs.start({ place })
    await hub.stop()
  }, 120_000)

  it.skipIf(amount({ slice: 1, full: 0 }) === 1)(
    'a log on the full disk costs lines, which are counted, and nothing else',
    async () => {
      const { disk, place } = await onDisk(200)
      const log = join(disk.path, 'hub.log')
      const hub = await hubs.start({ place, env: { MODELHUB_LOG_LEVEL: 'trace' }, logFile: log })
      disk.fill()
      for (let at = 0; at < 20; at++) {
        // Each defect and each refused change is logged.
        await makeKeyNamed(hub, `key ${at}`)
        expect((await fetch(`${hub.gatewayUrl}/healthz`)).status).toBe(200)
      }
      const before = hub.processes().map(({ pid }) => pid)
      disk.makeRoom()
      await until(
        () => makeKeyNamed(hub, 'after'),
        ({ status }) => status === 201,
        20_000,
      )
      expect(hub.processes().map(({ pid }) => pid)).toEqual(before)
      await hub.stop()
    },
    120_000,
  )
})

/** Publishes a small model and gives a key for it. */
async function publishKnown(hub: Hub): Promise<string> {
  const folder = writeFolder(join(hub.place.models, 'known'), {
    'known.gguf': buildKnownBigram().bytes,
    'README.md': '# Known answers\n',
  })
  const { jobId } = await addModel(hub, model, folder, { publish: true, mode: 'copy' })
  expect(await endOfJob(hub, jobId)).toMatchObject({ state: 'succeeded' })
  return (await makeKey(hub)).key
}

type Answer = { status: number; code?: string; remedy?: string }

async function makeKeyNamed(hub: Hub, name: string): Promise<Answer> {
  const response = await fetch(`${hub.url}/api/v1/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${hub.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  }).catch((cause: unknown) => {
    throw new Error(`the hub does not answer; its last words:\n${hub.output().slice(-6_000)}`, { cause })
  })
  const body = (await response.json()) as { code?: string; remedy?: string }
  return { ...body, status: response.status }
}

async function stepErrorOf(hub: Hub, jobId: string) {
  const response = await fetch(`${hub.url}/api/v1/jobs/${jobId}/events`, {
    headers: { authorization: `Bearer ${hub.token}`, accept: 'text/event-stream' },
    signal: AbortSignal.timeout(1_500),
  }).catch(() => undefined)
  let text = ''
  try {
    for await (const part of (response?.body ?? []) as AsyncIterable<Uint8Array>) {
      text += Buffer.from(part).toString('utf8')
      const found = /^data: (\{.*"state":"failed".*\})$/m.exec(text)?.[1]
      if (found !== undefined) return (JSON.parse(found) as { data: { error: object } }).data.error
    }
  } catch {
    // The stream was cut by its time limit.
  }
  return undefined
}

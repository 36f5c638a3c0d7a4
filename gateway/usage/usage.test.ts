import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMetrics } from '../metrics.ts'
import { startFakeControl } from '../testing/fake-control.ts'
import { ask, type Harness, quick, silent, soon, startHarness } from '../testing/harness.ts'
import { openSpool, type UsageEntry } from './spool.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usage-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const entry: UsageEntry = {
  at: 1,
  requestId: 'req_1',
  decisionId: 'dec_1',
  keyId: 'key_1',
  projectId: 'prj_1',
  routeId: null,
  route: null,
  targetId: null,
  versionId: null,
  endpoint: '/v1/models',
  stream: false,
  status: 200,
  outcome: 'ok',
  promptTokens: null,
  completionTokens: null,
  ttftMs: null,
  durationMs: 1.5,
}

const withHub = async (work: (hub: Harness) => Promise<void>, limits = {}) => {
  const hub = await startHarness(limits)
  try {
    await work(hub)
  } finally {
    await hub.close()
  }
}
const callMany = async (hub: Harness, count: number) => {
  for (let at = 0; at < count; at += 20) {
    const answers = await Promise.all(Array.from({ length: Math.min(20, count - at) }, () => hub.call(ask)))
    await Promise.all(answers.map((answer) => answer.text()))
  }
}

test('every request is stored once when replies and requests are cut', () =>
  withHub(
    async (hub) => {
      hub.control.cutNextAcks(3)
      await callMany(hub, 200)
      hub.control.cutNextBatches(2)
      await callMany(hub, 200)
      await soon(async () => (await hub.health()).usage.pending === 0)
      const records = hub.control.records()
      expect(records.length).toBe(400)
      expect(new Set(records.map((record) => record.requestId)).size).toBe(400)
      expect(hub.control.received()).toBeGreaterThan(400)
      expect(records.map((record) => record.seq).toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: 400 }, (_, at) => at + 1),
      )
      await soon(async () => (await readdir(join(hub.config.folder, 'usage'))).length === 0)
    },
    { usageBatch: 50 },
  ))

test('usage waits on disk while the control plane is away, over a restart too, and is sent when it is back', () =>
  withHub(async (hub) => {
    const { port } = hub.control
    await hub.control.close()
    await callMany(hub, 30)
    await soon(async () => (await hub.health()).usage.pending === 30)
    await hub.restart()
    await callMany(hub, 10)
    expect((await hub.health()).usage.pending).toBe(40)
    hub.control = await startFakeControl(port)
    await soon(() => hub.control.records().length === 40)
    expect(new Set(hub.control.records().map((record) => record.epoch)).size).toBe(2)
  }))

test('a file that was open when its gateway died is closed and kept, its torn last line counted', async () => {
  const deps = { limits: quick, log: silent, metrics: createMetrics() }
  const first = await openSpool(folder, 'a-1', deps)
  for (let at = 0; at < 3; at++) first.append(entry)
  await soon(async () => (await readdir(folder)).some((name) => name.endsWith('.open')))
  const [open] = await readdir(folder)
  await appendFile(join(folder, open ?? ''), '{"epoch":"a-1","seq":4,"at"')
  const second = await openSpool(folder, 'a-2', deps)
  expect(second.pending()).toBe(3)
  expect(await second.oldest()).toMatchObject({ epoch: 'a-1', first: 1, last: 3, records: 3 })
  await Promise.all([first.close().catch(() => {}), second.close()])
})

test('a full spool loses its oldest records, and says how many', async () => {
  const metrics = createMetrics()
  const limits = { ...quick, usageBytes: 20_000, usageSegmentBytes: 4_000, usageFlushMs: 1 }
  const spool = await openSpool(folder, 'a-1', { limits, log: silent, metrics })
  for (let at = 0; at < 200; at++) {
    spool.append(entry)
    if (at % 5 === 4) await new Promise((resolve) => setTimeout(resolve, 4))
  }
  await spool.close()
  expect(spool.dropped()).toBeGreaterThan(0)
  expect(spool.dropped() + spool.pending()).toBe(200)
  expect((await metrics.usageDropped.get()).values[0]?.value).toBe(spool.dropped())
  expect((await spool.oldest())?.first).toBe(spool.dropped() + 1)
})

import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Hub } from '../e2e/support/hub.ts'
import { describeHubOnEachDatabase } from '../e2e/support/hub-lanes.ts'
import { prepareTokens } from '../e2e/support/tokens.ts'
import { figure, until } from '../e2e/support/work.ts'
import { createAsk } from './support/ask.ts'
import type { World } from './support/case.ts'
import { fillHub } from './support/content.ts'
import { operations } from './support/document.ts'
import { inspectable, type Memory, probeMemory } from './support/memory.ts'
import { amount, full, randomFor, seed } from './support/plan.ts'
import { fuzzOperations, newTally } from './support/run.ts'
import { scenarios } from './support/scenarios.ts'
import { createSender, type Sender } from './support/send.ts'
import { probeUnversioned } from './support/unversioned.ts'
import { brokenAfterwards, openFiles, parts } from './support/whole.ts'
import { abandon, exchange, hangingConnections, hugeChunk, leavable, rawAttacks } from './support/wire.ts'

/** Of the control plane between the first quarter and the end: resident, whichever is more, and used by JavaScript. */
const mostGrowth = { mb: 60, share: 0.15, heapMB: 10 }

describeHubOnEachDatabase('fuzz of the control API', (lane) => {
  const tally = newTally()
  const count = lane.kind === 'embedded' ? amount({ slice: 240, full: 14_000 }) : amount({ slice: 120, full: 8_000 })
  const rounds = amount({ slice: 1, full: 20 })
  let hub: Hub
  let world: World
  let sender: Sender
  let before: string[]
  beforeAll(async () => {
    figure(`MODELHUB_FUZZ_SEED=${seed}, ${lane.kind}`)
    const place = await lane.place()
    const [viewer = '', nobody = ''] = await prepareTokens(place, [['viewer'], []])
    hub = await lane.start({ place, env: { ...inspectable, ...offline } })
    world = await fillHub(hub, { viewer, nobody })
    sender = createSender(place.port)
    before = parts(hub)
  }, 300_000)
  afterAll(() => sender?.close())

  it('answers every operation as its document says, with memory that stays flat', async () => {
    const probe = await probeMemory(hub)
    const first = Math.floor(count / 4)
    await fuzzOperations(hub, world, sender, lane.kind, 0, first, tally)
    const warm = await probe.read()
    await fuzzOperations(hub, world, sender, lane.kind, first, count - first, tally)
    const end = await probe.read()
    probe.close()
    const statuses = [...tally.statuses].sort(([a], [b]) => a - b).map(([status, times]) => `${status} ×${times}`)
    figure(`${tally.requests} requests: ${statuses.join(', ')}`)
    figure(`slowest ${tally.slowestMs.toFixed(0)} ms: ${tally.slowest}`)
    figure(`control plane after ${first} requests ${words(warm)}, after ${count} ${words(end)}`)
    expect(tally.failures.join('\n\n')).toBe('')
    // Few requests only show how far a process still grows into its caches.
    if (full) expect(end.rssMB - warm.rssMB).toBeLessThan(Math.max(mostGrowth.mb, warm.rssMB * mostGrowth.share))
    if (full) expect(end.heapMB - warm.heapMB).toBeLessThan(mostGrowth.heapMB)
  }, 1_500_000)

  it.each(Object.entries(scenarios))(
    'scenario %s',
    async (name, scenario) => {
      const ask = createAsk(hub, world, sender, lane.kind, tally)
      for (let round = 0; round < rounds; round++) {
        const wrong = await scenario(ask, randomFor(`${lane.kind} ${name} ${round}`), world)
        expect([...wrong, ...tally.failures].join('\n\n'), `round ${round}`).toBe('')
      }
    },
    300_000,
  )

  it('answers beside the operations', async () => {
    const { requests, failures } = await probeUnversioned(sender, randomFor(`${lane.kind} paths`))
    figure(`${requests} requests beside the operations`)
    expect(failures).toEqual([])
  }, 300_000)

  it('takes what no HTTP library sends', async () => {
    const failures = rawAttacks(hub.token).map(async ({ what, pieces, allowed, pauseMs }) => {
      const { statuses, text, closed } = await exchange(hub.place.port, pieces, pauseMs)
      const fits =
        statuses.length > 0 ? statuses.every((status) => allowed.includes(status)) : closed && allowed.includes(0)
      return fits ? [] : [`${what}: ${text.slice(0, 500)} ${closed ? 'closed' : 'open'}`]
    })
    expect((await Promise.all(failures)).flat()).toEqual([])
  }, 300_000)

  it('answers others while connections hang, and ends those', async () => {
    const hanging = [
      hangingConnections(hub.place.port, 100, 'GET /api/v1/models HTTP/1.1\r\nhost: a\r\nx'),
      hangingConnections(hub.place.port, 100, ''),
      hangingConnections(hub.place.port, 20, hugeChunk(hub.token)),
    ]
    const { status, ms } = await sender.send({ method: 'GET', target: '/healthz', headers: [], body: null })
    figure(`beside 220 hanging connections /healthz took ${ms.toFixed(0)} ms`)
    expect(status).toBe(200)
    // The hub gives headers 15 s and looks every 30 s: only the long run waits for that.
    if (full)
      await until(
        () => Promise.resolve(hanging[0]?.alive() ?? 0),
        (left) => left === 0,
        90_000,
      )
    for (const { end } of hanging) end()
  }, 300_000)

  it('bears clients that go away', async () => {
    const random = randomFor(`${lane.kind} gone`)
    const jobId = world.pool.id('job', random, { expendable: false }) ?? ''
    const beginnings = leavable(hub.token, jobId, world.folders[0] ?? '')
    for (let round = 0; round < rounds * 3; round++) {
      await abandon(hub.place.port, beginnings, () => random.int(0, 30))
    }
    // What they had started may keep the database busy for a moment.
    const ready = async () => (await sender.send({ method: 'GET', target: '/readyz', headers: [], body: null })).status
    const { seconds } = await until(ready, (status) => status === 200, 60_000)
    figure(`ready ${seconds.toFixed(1)} s after ${rounds * 3 * beginnings.length} clients had gone away`)
  }, 300_000)

  it('leaves no file open behind a HEAD', async () => {
    const page = await sender.send({ method: 'GET', target: '/', headers: [], body: null })
    const assets = [...page.body.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, target]) => target ?? '')
    expect(assets.length).toBeGreaterThan(0)
    const open = openFiles(hub)
    for (let turn = 0; turn < 60; turn++) {
      await sender.send({ method: 'HEAD', target: assets[turn % assets.length] ?? '', headers: [], body: null })
    }
    await until(
      () => Promise.resolve(openFiles(hub)),
      (now) => now < open + 20,
      10_000,
    )
  }, 300_000)

  it('is whole afterwards', async () => {
    expect(await brokenAfterwards(hub, before)).toEqual([])
    const never = operations.map(({ id }) => id).filter((id) => !tally.succeeded.has(id) && !doneBefore.has(id))
    figure(`${tally.requests} requests to operations; without a good answer: ${never.join(', ') || 'none'}`)
    if (full) expect(never).toEqual([])
  }, 300_000)
})

/** No request of a fuzz leaves the machine: the proxy that all would go through is not there. */
const offline = { HTTPS_PROXY: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' }

/** The first administrator is made once; a backup writes outside the data folder; a bundle and the bytes of an upload are no JSON; three need a server elsewhere. */
const doneBefore = new Set([
  'completeSetup',
  'startBackup',
  'importBundle',
  'sendUploadFile',
  'syncProvider',
  'refreshOfferings',
  'replaceVersionLink',
])

const words = ({ rssMB, heapMB }: Memory) => `${rssMB.toFixed(0)} MB resident, ${heapMB.toFixed(1)} MB heap`

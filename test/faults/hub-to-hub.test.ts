import { createHash } from 'node:crypto'
import { closeSync, createReadStream, existsSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unwrap } from '../../sdk/index.ts'
import { describeHub, type Hub, useHubs } from '../e2e/support/hub.ts'
import { describeHubOnEachDatabase, type HubLane } from '../e2e/support/hub-lanes.ts'
import { safetensorsBytes, seededFloats, writeFolder } from '../e2e/support/model-files.ts'
import type { Place } from '../e2e/support/place.ts'
import { addModel, endOfJob, figure, readVersion, until, type Version } from '../e2e/support/work.ts'
import { type DoorProxy, type Spoil, startDoorProxy } from './support/door-proxy.ts'
import { amount, lanes, seededFor } from './support/plan.ts'

const mebibyte = 2 ** 20
const kills = amount({ slice: 2, full: 10 })
/** When a kill comes, as shares of what is left for it. A slice is so small that early ones would leave nothing to go on with. */
const earliest = amount({ slice: 0.7, full: 0.1 })
const spread = amount({ slice: 0.6, full: 1.4 })
const megabytes = amount({ slice: 48, full: 2_048 })
/** Of each connection: slow enough that kills come in the middle. */
const rate = amount({ slice: 2, full: 12 }) * mebibyte
const weights = 'model.safetensors'
const spoiltBytes = 12 * mebibyte

/** Both databases in a full run; what is looked at here hardly depends on the database. */
const onLanes = (name: string, define: (lane: Pick<HubLane, 'kind' | 'place' | 'start'>) => void) =>
  lanes.includes('postgres')
    ? describeHubOnEachDatabase(name, define)
    : describeHub(`${name} [embedded]`, () => define({ kind: 'embedded', ...useHubs() }))

/** What goes wrong on the way, and what the hub must make of it. */
const wrongs: { name: string; spoil: (random: () => number) => Spoil; ends: 'failed' | 'right' }[] = [
  { name: 'a corrupted byte', spoil: (random) => ({ corrupt: anyByte(random) }), ends: 'failed' },
  { name: 'a listing that lies', spoil: () => ({ listedSize: (size) => size + 7 }), ends: 'failed' },
  { name: 'ranges that are ignored', spoil: () => ({ ignoresRange: true }), ends: 'right' },
  {
    name: 'cuts at any point',
    spoil: (random) => ({ cutAfter: (request) => (request % 2 === 1 ? Math.floor(random() * 3 * mebibyte) : null) }),
    ends: 'right',
  },
]
// What is tried here is patience: these take minutes.
if (amount({ slice: 0, full: 1 }) === 1) {
  wrongs.push(
    { name: 'a length that is too short', spoil: () => ({ length: lying(-1_000) }), ends: 'failed' },
    { name: 'a length that is too long', spoil: () => ({ length: lying(1_000) }), ends: 'failed' },
    { name: 'a cut at the same byte again and again', spoil: () => ({ cutAfter: () => 10 }), ends: 'failed' },
  )
}
/** Small files keep their length. */
function lying(more: number) {
  return (length: number) => (length > mebibyte ? length + more : length)
}
// Behind the header: one in it is no weight.
const anyByte = (random: () => number) => 4_096 + Math.floor(random() * (spoiltBytes - 8_192))
const repoOf = (at: number) => `acme/wrong-${at}`

onLanes('one hub from the door of another', (lane) => {
  const givers = useHubs()
  let giver: Hub
  let proxy: DoorProxy
  let token = ''
  let given: Version
  beforeAll(async () => {
    giver = await givers.start()
    const folder = writeFolder(join(giver.place.models, 'large'), {
      'config.json': JSON.stringify({ architectures: ['LlamaForCausalLM'], model_type: 'llama', hidden_size: 1024 }),
      'README.md': '---\nlicense: mit\n---\n# Given\n',
    })
    writeWeights(join(folder, weights), megabytes)
    given = await publish(giver, 'acme/large', folder)
    for (const [at] of wrongs.entries()) {
      const count = spoiltBytes / 4
      const tensor = { name: 'w', shape: [count / 1_024, 1_024], data: seededFloats(count, 100 + at) }
      const files = { [weights]: safetensorsBytes([tensor]), 'README.md': `---\nlicense: mit\n---\n# ${at}\n` }
      await publish(giver, repoOf(at), writeFolder(join(giver.place.models, `wrong-${at}`), files))
    }
    token = (await unwrap(giver.api.POST('/tokens', { body: { name: 'pull' } }))).token
    proxy = await startDoorProxy(giver.url)
  }, 900_000)
  afterAll(async () => await proxy?.close())

  const settings = () => ({ MODELHUB_HF_ENDPOINT: proxy.url })
  /** Onboards a repository of the giver; published when all is well. */
  const take = async (hub: Hub, repo: string) => {
    const { items } = await unwrap(hub.api.GET('/credentials', { params: { query: {} } }))
    const credential = items[0]?.id ?? (await storeToken(hub, token))
    const created = await unwrap(
      hub.api.POST('/models', {
        body: {
          name: repo,
          source: { type: 'huggingface', repo, revision: 'main', credential },
          start: true,
          onboarding: { benchmark: false, evaluate: false, publish: true },
        },
      }),
    )
    return { versionId: created.version.id, jobId: created.job?.id ?? '' }
  }

  it(`${megabytes} MiB through ${kills} kills: right digest, little sent twice, nothing shown before`, async () => {
    const random = seededFor(`hub to hub ${lane.kind}`)
    const place = await lane.place()
    proxy.spoil('acme/large', { rate })
    let hub = await lane.start({ place, env: settings() })
    const { versionId, jobId } = await take(hub, 'acme/large')
    const { size, sha256 } = (await filesOf(giver, given.id)).find(({ path }) => path === weights) ?? missing()
    const again: number[] = []
    let [known, before] = [0, 0]
    for (let kill = 0; kill < kills; kill++) {
      const share = ((size - known) / (kills - kill + 1)) * (earliest + spread * random())
      await until(
        () => Promise.resolve(proxy.sent(weights)),
        (now) => now - before >= share,
        120_000,
      )
      // Asked while it still runs: what is not whole must not be offered.
      const version = await readVersion(hub, versionId)
      const file = (await filesOf(hub, versionId)).find(({ path }) => path === weights)
      hub.kill9('all')
      await hub.gone()
      // What was on its way to the proxy arrives.
      await sleep(300)
      if (existsSync(blobPath(place, sha256))) break
      expect([version.state, version.digest, file?.sha256 ?? 'none yet']).toEqual(['ingesting', null, 'none yet'])
      expect(await falseBlobs(place)).toEqual([])
      const have = journaled(place, versionId, size)
      again.push(proxy.sent(weights) - before - (have - known))
      known = have
      before = proxy.sent(weights)
      hub = await lane.start({ place, env: settings() })
    }
    expect(again, 'the kills came too late').toHaveLength(kills)
    proxy.spoil('acme/large', {})
    const job = await endOfJob(hub, jobId, 600_000)
    expect(job, hub.output().slice(-3_000)).toMatchObject({ state: 'succeeded' })
    const version = await readVersion(hub, versionId)
    expect(version).toMatchObject({ state: 'published', digest: given.digest })
    expect(await filesOf(hub, versionId)).toEqual(await filesOf(giver, given.id))
    expect(await digestOf(blobPath(place, sha256))).toBe(sha256)
    expect(existsSync(join(place.data, 'downloads', versionId))).toBe(false)
    const list = again.map((bytes) => (bytes / mebibyte).toFixed(1)).join(' ')
    const last = (proxy.sent(weights) - before - (size - known)) / mebibyte
    figure(
      `${kills} kills of a hub that takes ${megabytes} MiB from another: sent again per kill, MiB: ${list}; after the last ${last.toFixed(1)}`,
    )
    const asked = proxy.passed().filter(({ path }) => path.includes(weights))
    figure(`${asked.length} requests for the weights, ${asked.filter(({ status }) => status === 206).length} of parts`)
    for (const bytes of again) expect(bytes).toBeLessThanOrEqual(64 * mebibyte)
    expect(Math.max(...again), 'a kill that costs nothing kills nothing').toBeGreaterThan(0)
    // What the journals said was gone on with: nothing of it came again.
    expect(known).toBeGreaterThanOrEqual(amount({ slice: 1, full: 8 * mebibyte }))
    expect(last).toBeLessThanOrEqual(1)
    await hub.stop()
  }, 1_800_000)

  describe('what goes wrong on the way', () => {
    let hub: Hub
    beforeAll(async () => {
      hub = await lane.start({ env: settings() })
    }, 120_000)
    afterAll(async () => await hub.stop())

    it.each(wrongs.map((wrong, at) => ({ ...wrong, at })))(
      '$name: $ends',
      async ({ name, spoil, ends, at }) => {
        const repo = repoOf(at)
        const random = seededFor(`hub to hub, ${name}, ${lane.kind}`)
        const original = await unwrap(giver.api.GET('/models/{id}', { params: { path: { id: repo } } }))
        const wanted = await filesOf(giver, original.defaultVersion?.id ?? '')
        const { sha256 } = wanted.find(({ path }) => path === weights) ?? missing()
        proxy.spoil(repo, spoil(random))
        const { versionId, jobId } = await take(hub, repo)
        const job = await endOfJob(hub, jobId, 240_000)
        const door = () => fetch(`${hub.url}/hf/api/models/${repo}`, { headers: { authorization: `Bearer ${token}` } })
        if (ends === 'failed') {
          figure(`${name}: ${job.error?.code}: ${job.error?.message}`)
          expect(job.state, JSON.stringify(job.error)).toBe('failed')
          expect(job.error?.code).toMatch(
            /^(?:digest_mismatch|size_mismatch|length_mismatch|too_short|too_long|unreachable)$/,
          )
          const version = await readVersion(hub, versionId)
          expect(version).toMatchObject({ state: 'needs_attention', digest: null })
          expect((await door()).status).not.toBe(200)
          expect(existsSync(blobPath(hub.place, sha256))).toBe(false)
          expect(await falseBlobs(hub.place)).toEqual([])
          // With the fault gone it is what it should have been.
          proxy.spoil(repo, {})
          const retried = await unwrap(hub.api.POST('/versions/{id}/retry', { params: { path: { id: versionId } } }))
          expect(await endOfJob(hub, retried.id)).toMatchObject({ state: 'succeeded' })
        } else expect(job, hub.output().slice(-3_000)).toMatchObject({ state: 'succeeded' })
        expect(await readVersion(hub, versionId)).toMatchObject({
          state: 'published',
          digest: original.defaultVersion?.digest,
        })
        expect(await filesOf(hub, versionId)).toEqual(wanted)
        expect(await digestOf(blobPath(hub.place, sha256))).toBe(sha256)
      },
      300_000,
    )
  })
})

const missing = () => {
  throw new Error('the weights are not among the files')
}

const blobPath = (place: Place, sha256: string) => join(place.data, 'blobs', 'sha256', sha256.slice(0, 2), sha256)

async function storeToken(hub: Hub, token: string): Promise<string> {
  const body = { kind: 'huggingface', name: 'giver', fields: { token } }
  return (await unwrap(hub.api.POST('/credentials', { body }))).id
}

async function publish(hub: Hub, name: string, folder: string): Promise<Version> {
  const added = await addModel(hub, name, folder, { publish: true })
  expect(await endOfJob(hub, added.jobId, 600_000)).toMatchObject({ state: 'succeeded' })
  const version = await readVersion(hub, added.versionId)
  expect(version.state, JSON.stringify(version.stateReason)).toBe('published')
  return version
}

async function filesOf(hub: Hub, id: string) {
  const { items } = await unwrap(hub.api.GET('/versions/{id}/files', { params: { path: { id }, query: {} } }))
  return items.map(({ path, size, sha256 }) => ({ path, size, sha256: sha256 ?? 'none yet' }))
}

/** Bytes of the weights that a hub would not fetch again, by the journal of its download. */
function journaled(place: Place, versionId: string, size: number): number {
  const folder = join(place.data, 'downloads', versionId)
  const journals = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.journal')) : []
  for (const name of journals) {
    const lines = readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1)
    const last = JSON.parse(lines.at(-1) ?? '{}') as { size?: number; have?: [number, number][] }
    if (last.size === size) return (last.have ?? []).reduce((sum, [start, end]) => sum + end - start, 0)
  }
  return 0
}

/** Blobs of a store whose bytes are not what their name says: there must never be one. */
async function falseBlobs(place: Place): Promise<string[]> {
  const folder = join(place.data, 'blobs', 'sha256')
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('/'))
  const found = []
  for (const name of names) if ((await digestOf(join(folder, name))) !== name.split('/')[1]) found.push(name)
  return found
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: mebibyte })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** A safetensors file of so many MiB with tensors of numbers that do not repeat. Layout: https://huggingface.co/docs/safetensors */
function writeWeights(path: string, size: number): void {
  const perTensor = 16
  const bytes = perTensor * mebibyte
  const entries = Array.from({ length: size / perTensor }, (_none, at) => [
    `model.layers.${at}.weight`,
    { dtype: 'F32', shape: [bytes / 4 / 1_024, 1_024], data_offsets: [at * bytes, (at + 1) * bytes] },
  ])
  const json = JSON.stringify(Object.fromEntries(entries))
  const header = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  const file = openSync(path, 'w')
  writeSync(file, Buffer.concat([length, header]))
  for (let at = 0; at < entries.length; at++) writeSync(file, Buffer.from(seededFloats(bytes / 4, at + 1).buffer))
  closeSync(file)
}

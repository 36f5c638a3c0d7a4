import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import { buildKnownBigram } from '../../engine/starter/index.ts'
import { unwrap } from '../../sdk/index.ts'
import { describeHub, type Hub, useHubs } from '../e2e/support/hub.ts'
import { describeHubOnEachDatabase, type HubLane } from '../e2e/support/hub-lanes.ts'
import { safetensorsBytes, seededFloats, writeFolder } from '../e2e/support/model-files.ts'
import { addModel, endOfJob, figure, readJob, readVersion } from '../e2e/support/work.ts'
import { commitOf, type FakeHuggingFace, serveBytes, startFakeHuggingFace, startServer } from '../support/index.ts'
import { amount, lanes, seededFor } from './support/plan.ts'

const kills = amount({ slice: 3, full: 10 })
const mebibyte = 2 ** 20
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const first = commitOf('first')
const reader = 'hf_READER7731000000000000000000000000000000'

/** Both databases in a full run; what is looked at here hardly depends on the database. */
const onLanes = (name: string, define: (lane: Pick<HubLane, 'kind' | 'place' | 'start'>) => void) =>
  lanes.includes('postgres')
    ? describeHubOnEachDatabase(name, define)
    : describeHub(`${name} [embedded]`, () => define({ kind: 'embedded', ...useHubs() }))

onLanes('models from elsewhere, through real jobs', (lane) => {
  const opened: { close: () => Promise<void> }[] = []
  afterAll(async () => {
    for (const server of opened) await server.close()
  })
  const hubOf = async (repos: Parameters<typeof startFakeHuggingFace>[0]) => {
    const fake = await startFakeHuggingFace(repos, {
      accounts: { [reader]: { accepted: true } },
      prefix: '/hf',
    })
    opened.push(fake)
    return fake
  }
  const settings = (fake: FakeHuggingFace) => ({
    MODELHUB_HF_ENDPOINT: fake.url,
    MODELHUB_NET_ALLOW: '127.0.0.1',
    // Slow enough that a kill comes in the middle.
    MODELHUB_DOWNLOAD_RATE: String(24 * mebibyte),
  })
  const filesOf = async (hub: Hub, id: string) =>
    (await unwrap(hub.api.GET('/versions/{id}/files', { params: { path: { id }, query: {} } }))).items

  it(`a repository is onboarded through ${kills} kills: right digests, little fetched twice`, async () => {
    const random = seededFor(`remote ${lane.kind}`)
    const tensor = (seed: number, megabytes: number) =>
      safetensorsBytes([{ name: 'w', shape: [megabytes * 262_144], data: seededFloats(megabytes * 262_144, seed) }])
    const files: Record<string, Uint8Array | string> = {
      'model-00001-of-00002.safetensors': tensor(1, 96),
      'model-00002-of-00002.safetensors': tensor(2, 64),
      'pytorch_model.bin': 'left out',
      'README.md': '---\nlicense: apache-2.0\n---\n# Killed\n',
      ...Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`parts/${at}.txt`, `part ${at}`])),
    }
    const fake = await hubOf({ 'acme/killed': { commits: { [first]: files }, refs: { main: first } } })
    const place = await lane.place()
    let hub = await lane.start({ place, env: settings(fake) })
    const created = await unwrap(
      hub.api.POST('/models', {
        body: {
          name: 'acme/killed',
          source: { type: 'huggingface', repo: 'acme/killed', revision: 'main' },
          start: true,
        },
      }),
    )
    const jobId = created.job?.id ?? ''
    let done = 0
    for (let kill = 0; kill < kills; kill++) {
      await sleep(300 + random() * (6_000 / kills))
      if (['succeeded', 'failed'].includes((await readJob(hub, jobId)).state)) break
      hub.kill9('all')
      await hub.gone()
      done += 1
      hub = await lane.start({ place, env: settings(fake) })
    }
    const job = await endOfJob(hub, jobId, 300_000)
    expect(job, hub.output().slice(-3_000)).toMatchObject({ state: 'succeeded' })
    const version = await readVersion(hub, created.version.id)
    expect(version).toMatchObject({
      state: 'verified',
      source: { type: 'huggingface', address: 'hf:acme/killed@main' },
    })
    const { 'pytorch_model.bin': _left, ...taken } = files
    expect(Object.fromEntries((await filesOf(hub, version.id)).map((file) => [file.path, file.sha256]))).toEqual(
      Object.fromEntries(Object.entries(taken).map(([path, content]) => [path, sha256(Buffer.from(content))])),
    )
    const total = Object.values(taken).reduce((sum, content) => sum + content.length, 0)
    const again = (fake.served() - total) / mebibyte
    figure(`${done} kills in a download of ${Math.round(total / mebibyte)} MiB: ${again.toFixed(1)} MiB fetched again`)
    expect(again).toBeLessThanOrEqual(64 * Math.max(1, done))
    expect(existsSync(join(place.data, 'downloads', version.id))).toBe(false)
    await hub.stop()
  }, 600_000)

  it('an archive behind a signed address is unpacked, an API token and a signature are nowhere in clear', async () => {
    const fake = await hubOf({
      'acme/private': { commits: { [first]: { 'README.md': '# private' } }, refs: { main: first }, private: true },
    })
    const archive = execFileSync('tar', [
      '-cz',
      '-C',
      join(import.meta.dirname, '..', 'support'),
      'index.ts',
      'error-of.ts',
    ])
    const server = await startServer((request, response) => {
      const asked = new URL(request.url ?? '/', 'http://s3')
      const known = asked.searchParams.get('X-Amz-Signature')?.startsWith('SIGNATURE') === true
      if (request.method !== 'GET' || !known) return void response.writeHead(403).end()
      serveBytes(request, response, archive, '"one"')
    })
    opened.push(server)
    const token = reader
    const place = await lane.place()
    const hub = await lane.start({ place, env: settings(fake) })
    const client = hub.api
    const credential = await unwrap(
      client.POST('/credentials', { body: { kind: 'huggingface', name: 'reader', fields: { token } } }),
    )
    const source = { type: 'huggingface', repo: 'acme/private', revision: 'main' } as const
    const hidden = await client.POST('/models', { body: { name: 'acme/private', source, start: true } })
    expect(hidden.error).toMatchObject({ code: 'token_needed' })
    const body = { name: 'acme/private', source: { ...source, credential: credential.id }, start: true }
    const read = await unwrap(client.POST('/models', { body }))
    // A card alone is no model: it needs attention, but its file was read.
    expect(await endOfJob(hub, read.job?.id ?? '')).toMatchObject({ state: 'succeeded' })
    expect(await readVersion(hub, read.version.id)).toMatchObject({ fileCount: 1 })
    const url = `${server.url}/model.tar.gz?X-Amz-Signature=SIGNATURE-7731`
    const check = await unwrap(client.POST('/sources/check', { body: { source: { type: 'url', url, unpack: true } } }))
    expect(check).toMatchObject({
      ok: true,
      address: `${server.url}/model.tar.gz`,
      remote: { resumable: true, pinned: '"one"' },
    })
    const created = await unwrap(
      client.POST('/models', {
        body: { name: 'acme/packed', source: { type: 'url', url, unpack: true }, start: true },
      }),
    )
    expect(await endOfJob(hub, created.job?.id ?? '')).toMatchObject({ state: 'succeeded' })
    expect((await filesOf(hub, created.version.id)).map(({ path }) => path).sort()).toEqual(['error-of.ts', 'index.ts'])
    const activity = await unwrap(
      client.GET('/versions/{id}/activity', { params: { path: { id: created.version.id }, query: {} } }),
    )
    const jobs = await unwrap(client.GET('/jobs', { params: { query: {} } }))
    const audit = await unwrap(client.GET('/audit', { params: { query: {} } }))
    expect(JSON.stringify([check, created, read, activity, jobs, audit]) + hub.output()).not.toMatch(
      /SIGNATURE-7731|hf_READER/,
    )
    await hub.stop()
    for (const secret of ['SIGNATURE-7731', token]) {
      // grep gives 1 when it finds nothing, which is what is wanted.
      const found = execFileSync('sh', [
        '-c',
        'grep -rl --binary-files=text "$1" "$2" || true',
        'sh',
        secret,
        place.data,
      ])
      expect(found.toString(), secret).toBe('')
    }
    expect(readdirSync(place.data)).toContain('blobs')
  }, 240_000)

  it('one hub onboards from the door of another, with its token, to the same manifest', async () => {
    const giver = await lane.start()
    const folder = writeFolder(join(giver.place.models, 'given'), {
      'known.gguf': buildKnownBigram().bytes,
      'README.md': '---\nlicense: mit\n---\n# Given\n',
    })
    const given = await addModel(giver, 'acme/given', folder, { publish: true })
    expect(await endOfJob(giver, given.jobId)).toMatchObject({ state: 'succeeded' })
    const { token } = await unwrap(giver.api.POST('/tokens', { body: { name: 'pull' } }))
    const taker = await lane.start({ env: { MODELHUB_HF_ENDPOINT: `${giver.url}/hf` } })
    const source = { type: 'huggingface', repo: 'acme/given', revision: 'main' } as const
    const without = await unwrap(taker.api.POST('/sources/check', { body: { source } }))
    expect(without.ok).toBe(false)
    const credential = await unwrap(
      taker.api.POST('/credentials', {
        body: { kind: 'huggingface', name: 'giver', fields: { token } },
      }),
    )
    const named = { ...source, credential: credential.id }
    const check = await unwrap(taker.api.POST('/sources/check', { body: { source: named } }))
    expect(check, JSON.stringify(check.notes)).toMatchObject({ ok: true, fileCount: 2, licenseTag: 'mit' })
    const taken = await unwrap(taker.api.POST('/models', { body: { name: 'mine/taken', source: named, start: true } }))
    expect(await endOfJob(taker, taken.job?.id ?? '')).toMatchObject({ state: 'succeeded' })
    const [mine, theirs] = [await readVersion(taker, taken.version.id), await readVersion(giver, given.versionId)]
    expect(mine).toMatchObject({ state: 'verified', digest: theirs.digest })
    await taker.stop()
    await giver.stop()
  }, 240_000)
})

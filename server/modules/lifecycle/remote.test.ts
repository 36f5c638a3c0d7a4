import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Source } from '../../../contract/index.ts'
import { systemClock } from '../../../kernel/index.ts'
import { setUpFileHub } from '../../../test/faults/support/file-hub.ts'
import {
  buildTar,
  buildZip,
  commitOf,
  describeEachDatabase,
  type FakeHuggingFace,
  type Fault,
  hubErrorOf,
  type LoopbackServer,
  person,
  serveBytes,
  sha256Of,
  startFakeHuggingFace,
  startServer,
  uniqueName,
} from '../../../test/support/index.ts'
import { createNet, downloadFile, type Net, parseAllowList } from '../../platform/net/index.ts'
import { seal, unseal } from '../../platform/secrets/index.ts'
import { readFileRows } from '../artifacts/index.ts'
import { getVersion, listVersionRows } from '../catalog/index.ts'
import { listAudit } from '../governance/index.ts'
import type { StartDeps } from './deps.ts'
import { removeModel } from './edit-model.ts'
import { expandSources } from './expand-sources.ts'
import { checkSource } from './files/check-source.ts'
import { sweepDownloads } from './files/downloads.ts'
import { onboard } from './onboard.ts'
import { replaceLink } from './replace-link.ts'
import { ingest } from './steps/ingest.ts'
import { checkRevisions } from './watch-revisions.ts'

const key = Buffer.alloc(32, 7)
const first = commitOf('first')
const second = commitOf('second')
const mebibyte = 2 ** 20
const weights = (seed: number, size = 3 * mebibyte) => {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at < size; at += 4) bytes.writeUInt32LE((Math.imul(at, 2_654_435_761) + seed) >>> 0, at)
  return bytes
}

describeEachDatabase(
  'sources elsewhere',
  (getDb) => {
    let net: Net
    let hub: FakeHuggingFace
    let files: LoopbackServer
    let served: { path: string; range: string | undefined; auth: string | undefined }[] = []
    let objects: Record<string, Buffer> = {}
    let objectFault: (path: string) => Fault = () => ({})
    let accepts: (signature: string) => boolean = () => true

    const filehub = setUpFileHub(getDb, {
      remote: () => ({
        sources: {
          net,
          huggingFaceEndpoint: hub.url,
          credential: (id) => Promise.resolve({ kind: 'huggingface', fields: { token: id.replace('crd_', 'hf_') } }),
          vault: {
            seal: (purpose, id, text) => seal(key, purpose, id, text),
            unseal: (purpose, id, sealed) => unseal(key, purpose, id, sealed).toString('utf8'),
          },
        },
        download: (request, onProgress, signal) =>
          downloadFile({ net, clock: systemClock, tuning: { tries: 2, backoffMs: 5 } }, request, onProgress, signal),
      }),
    })
    const deps = (): StartDeps => ({ ...filehub.deps(), jobs: noJobs as never })
    const noJobs = { enqueue: () => Promise.reject(new Error('no job was expected')) }

    beforeAll(async () => {
      net = createNet({ allow: parseAllowList('127.0.0.1') })
      files = await startServer((request, response) => {
        const url = new URL(request.url ?? '/', 'http://s3')
        served.push({ path: url.pathname, range: request.headers.range, auth: request.headers.authorization })
        const bytes = objects[url.pathname.slice(1)]
        if (request.method !== 'GET' || !accepts(url.searchParams.get('X-Amz-Signature') ?? '')) {
          return void response.writeHead(403).end()
        }
        if (bytes === undefined) return void response.writeHead(404).end()
        serveBytes(request, response, bytes, `"${sha256Of(bytes).slice(0, 32)}"`, objectFault(url.pathname))
      })
    })
    beforeEach(async () => {
      served = []
      objects = {}
      objectFault = () => ({})
      accepts = () => true
      hub = await startFakeHuggingFace(
        {},
        { accounts: { hf_reader: { accepted: true }, hf_other: { accepted: false } }, pageSize: 3 },
      )
    })
    afterEach(() => hub.close())
    afterAll(async () => {
      await files.close()
      await net.close()
    })

    const register = async (source: Source, name = uniqueName('remote')) =>
      (await onboard(deps(), person(), { name, source, start: false }, { ownerId: null })).versionId
    const hf = (repo: string, over: Partial<Source> = {}): Source =>
      ({ type: 'huggingface', repo, revision: 'main', ...over }) as Source
    const signed = (path: string, signature = 'good', seconds = 3_600) => {
      const at = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
      return `${files.url}/${path}?X-Amz-Date=${at}&X-Amz-Expires=${seconds}&X-Amz-Signature=${signature}`
    }
    const url = (address: string, over: Partial<Source> = {}): Source =>
      ({ type: 'url', url: address, unpack: true, ...over }) as Source
    const manifest = async (id: string) =>
      Object.fromEntries((await readFileRows(getDb().db, id)).map(({ path, sha256 }) => [path, sha256]))
    const leftOver = (id: string) => readdirSafe(join(filehub.deps().dataFolder, 'downloads', id))

    describe('a repository', () => {
      test('is pinned at registration, fetched with digests checked, and needs its source no more', async () => {
        const repo = {
          'model.safetensors': weights(1),
          'config.json': '{"model_type":"llama"}',
          'README.md': '---\nlicense: mit\n---\n# Tiny\n',
          'sub/tokenizer.json': '{}',
          'empty.txt': '',
        }
        hub.repos['acme/tiny'] = { commits: { [first]: repo }, refs: { main: first }, license: 'mit' }
        const id = await register(hf('acme/tiny'))
        expect((await getVersion(getDb().db, id)).source).toMatchObject({ commit: first, revision: 'main' })
        // What moves after that is not what was registered.
        hub.repos['acme/tiny'] = {
          commits: { [first]: repo, [second]: { 'other.txt': 'x' } },
          refs: { main: second },
          license: 'mit',
        }
        const version = await filehub.onboard(id)
        expect(version.digest).not.toBeNull()
        expect(version.file_count).toBe(5)
        const expected = Object.entries(repo).map(([path, content]) => [path, sha256Of(Buffer.from(content))])
        expect(await manifest(id)).toEqual(Object.fromEntries(expected))
        expect(version.total_bytes).toBe(
          Object.values(repo).reduce((sum, content) => sum + Buffer.from(content).length, 0),
        )
        expect(leftOver(id)).toEqual([])
        for (const { path, headers } of hub.seen) expect(path + JSON.stringify(headers)).not.toMatch(/xet/i)

        // Another model of the same bytes fetches none of them again.
        const before = hub.served()
        hub.repos['acme/copy'] = { commits: { [first]: { 'model.safetensors': weights(1) } }, refs: { main: first } }
        const copy = await register(hf('acme/copy'))
        const check = await checkSource(filehub.deps(), hf('acme/copy'))
        expect(check.disk).toMatchObject({ alreadyStoredBytes: 3 * mebibyte, neededBytes: 0 })
        await filehub.onboard(copy)
        expect(hub.served() - before).toBeLessThan(1_000)
      })

      test.each<[string, (path: string) => Fault & { bytes?: Uint8Array }, RegExp]>([
        ['a corrupted byte', (path) => (path === 'model.safetensors' ? { bytes: weights(2) } : {}), /digest_mismatch/],
        [
          'a corrupted byte in a small file',
          (path) => (path === 'config.json' ? { bytes: Buffer.from('{"a":"corrupts"}') } : {}),
          /digest_mismatch/,
        ],
        ['a length that lies', (path) => (path === 'model.safetensors' ? { claim: 2 * mebibyte } : {}), /./],
        ['an end before the end, each time', (path) => (path === 'model.safetensors' ? { cutAfter: 0 } : {}), /./],
      ])('%s is seen: nothing is recorded, nothing is in the store', async (_what, fault, code) => {
        const whole = weights(Math.floor(performance.now()), 3 * mebibyte)
        const files = { 'model.safetensors': whole, 'config.json': `{"a":"${sha256Of(whole).slice(0, 8)}"}` }
        hub.repos['acme/bad'] = { commits: { [first]: files }, refs: { main: first } }
        const id = await register(hf('acme/bad'))
        hub.fault = fault
        const before = hub.served()
        const error = await hubErrorOf(filehub.onboard(id))
        // Once more for an accident of the wire, and not again and again.
        expect(hub.served() - before).toBeLessThan(7 * mebibyte)
        expect(error.code).toMatch(code)
        if (error.code === 'digest_mismatch') expect(error.message).toMatch(/^(config\.json|model\.safetensors)[: ]/)
        const bad = error.message.includes('config.json') ? 'config.json' : 'model.safetensors'
        expect((await manifest(id))[bad]).toBeNull()
        expect(await filehub.deps().blobs.has(sha256Of(Buffer.from(files[bad])))).toBe(false)
        // The truth is taken when it comes.
        hub.fault = () => ({})
        expect((await filehub.onboard(id)).digest).not.toBeNull()
      })

      test('a cut goes on where it was; a cancel keeps what is here, and deleting the draft does not', async () => {
        const large = weights(Math.floor(performance.now()), 24 * mebibyte)
        hub.repos['acme/cut'] = { commits: { [first]: { 'model.safetensors': large } }, refs: { main: first } }
        const name = uniqueName('cut')
        const id = await register(hf('acme/cut'), name)
        const stop = new AbortController()
        let reached = 0
        hub.fault = () => ({ stallAt: 17 * mebibyte })
        const cancelled = filehub.onboard(id, {
          signal: stop.signal,
          progress: ({ bytesDone }) => {
            reached = bytesDone ?? 0
            if (reached >= 16 * mebibyte) stop.abort(new Error('cancelled'))
          },
        })
        await expect(cancelled).rejects.toThrow('cancelled')
        expect((await getVersion(getDb().db, id)).state).toBe('draft')
        expect(leftOver(id).length).toBeGreaterThan(0)
        hub.fault = () => ({})
        const before = hub.served()
        await sweepDownloads(filehub.deps())
        expect((await filehub.onboard(id)).digest).not.toBeNull()
        process.stdout.write(
          `  cancelled at ${reached}, then fetched ${hub.served() - before} of ${large.length} bytes\n`,
        )
        expect(hub.served() - before).toBeLessThan(17 * mebibyte)

        hub.repos['acme/gone'] = {
          commits: { [first]: { 'model.safetensors': weights(99, 24 * mebibyte) } },
          refs: { main: first },
        }
        const goneName = uniqueName('gone')
        const gone = await register(hf('acme/gone'), goneName)
        hub.fault = () => ({ stallAt: 10 * mebibyte })
        const again = new AbortController()
        const stopped = filehub.onboard(gone, {
          signal: again.signal,
          progress: ({ bytesDone }) => (bytesDone ?? 0) >= 9 * mebibyte && again.abort(new Error('cancelled')),
        })
        await expect(stopped).rejects.toThrow('cancelled')
        expect(leftOver(gone).length).toBeGreaterThan(0)
        await removeModel(deps(), person(), goneName)
        expect(leftOver(gone)).toEqual([])
      })

      test('that is gated says what to do, before registration and in the job', async () => {
        hub.repos['acme/gated'] = {
          commits: { [first]: { 'model.safetensors': weights(5) } },
          refs: { main: first },
          gated: 'auto',
        }
        const check = await checkSource(
          filehub.deps(),
          hf('acme/gated', { credential: 'crd_other' } as Partial<Source>),
        )
        expect(check).toMatchObject({ ok: false, remote: { gated: true, pinned: first } })
        const blocker = check.notes.find(({ level }) => level === 'blocker')
        expect(blocker?.remedy).toBe(`Accept the terms on ${hub.url}/acme/gated, then check again.`)
        expect(blocker).toMatchObject({ code: 'gated', page: `${hub.url}/acme/gated` })
        const id = await register(hf('acme/gated', { credential: 'crd_other' } as Partial<Source>))
        expect(await hubErrorOf(filehub.onboard(id))).toMatchObject({ code: 'gated' })
        const reader = hf('acme/gated', { credential: 'crd_reader' } as Partial<Source>)
        expect(await checkSource(filehub.deps(), reader)).toMatchObject({ ok: true, remote: { resumable: true } })
        expect((await filehub.onboard(await register(reader))).digest).not.toBeNull()
      })

      test('that is watched and moves becomes a new draft, once, and what is there stays', async () => {
        const name = uniqueName('watched')
        hub.repos['acme/moves'] = { commits: { [first]: { 'a.txt': '1' } }, refs: { main: first } }
        const id = await register(hf('acme/moves', { watch: true } as Partial<Source>), name)
        const later = { ...filehub.deps(), clock: { ...systemClock, now: () => Date.now() + 7 * 3_600_000 } }
        await sql`update version_source set checked_at = now() - interval '7 hours' where version_id = ${id}`.execute(
          getDb().db,
        )
        expect(await checkRevisions(filehub.deps())).toMatchObject({ moved: [], failed: 0 })
        hub.repos['acme/moves'] = {
          commits: { [first]: { 'a.txt': '1' }, [second]: { 'a.txt': '2' } },
          refs: { main: second },
        }
        // Asked a moment ago: not again.
        expect((await checkRevisions(filehub.deps())).moved).toEqual([])
        const drift = await checkRevisions(later)
        expect(drift.moved).toMatchObject([{ from: id }])
        const [newest, old] = await listVersionRows(getDb().db, (await getVersion(getDb().db, id)).model_id, 10)
        expect(newest).toMatchObject({
          number: 2,
          state: 'draft',
          active_job_id: null,
          source: { commit: second, watch: true },
        })
        expect(old).toMatchObject({ number: 1, state: 'draft', source: { commit: first } })
        const events = (await listAudit(getDb().db, { object: id, limit: 10 })).items
        expect(events.map(({ action }) => action)).toContain('version.source_moved')
        expect((await checkRevisions(later)).moved).toEqual([])
      })
    })

    describe('an address', () => {
      test('keeps its signature sealed, out of everything that is stored or answered', async () => {
        objects['m.gguf'] = weights(11)
        const id = await register(url(signed('m.gguf', 'SIGNATURE-ONE')))
        expect((await filehub.onboard(id)).digest).not.toBeNull()
        expect(await manifest(id)).toEqual({ 'm.gguf': sha256Of(weights(11)) })
        for (const table of ['model_version', 'version_source', 'version_file', 'audit_event', 'job']) {
          const { rows } = await sql<{ text: string }>`select t::text as text from ${sql.table(table)} t`.execute(
            getDb().db,
          )
          expect(rows.filter(({ text }) => text.includes('SIGNATURE-ONE'))).toEqual([])
        }
        const answers = [
          await checkSource(filehub.deps(), url(signed('m.gguf', 'SIGNATURE-ONE'))),
          await expandSources(filehub.deps(), { text: `# mine\n${signed('m.gguf', 'SIGNATURE-ONE')}` }),
        ]
        expect(JSON.stringify(answers) + filehub.logged().join()).not.toContain('SIGNATURE-ONE')
      })

      test('that ends in the middle asks for a fresh one, and goes on with the bytes that are here', async () => {
        const large = weights(12, 24 * mebibyte)
        objects['big.gguf'] = large
        const id = await register(url(signed('big.gguf', 'one')))
        objectFault = () => ({ cutAfter: 9 * mebibyte })
        let asked = 0
        accepts = (signature) => signature !== 'one' || (asked += 1) < 3
        expect(await hubErrorOf(filehub.onboard(id))).toMatchObject({
          code: 'link_expired',
          remedy: expect.stringContaining('Paste a fresh link'),
        })
        objectFault = () => ({})
        objects['other.gguf'] = weights(13)
        expect(await hubErrorOf(replaceLink(deps(), person(), id, signed('other.gguf', 'two')))).toMatchObject({
          code: 'another_file',
        })
        const enqueued: unknown[] = []
        const jobs = {
          enqueue: (_trx: unknown, input: unknown) => Promise.resolve({ id: `job_${enqueued.push(input)}` }),
        }
        await replaceLink({ ...deps(), jobs: jobs as never }, person(), id, signed('big.gguf', 'two'))
        expect(enqueued).toHaveLength(1)
        await sql`update model_version set active_job_id = null where id = ${id}`.execute(getDb().db)
        served = []
        expect((await filehub.onboard(id)).digest).not.toBeNull()
        expect(await manifest(id)).toEqual({ 'big.gguf': sha256Of(large) })
        const starts = served.flatMap(({ range }) =>
          range === undefined || range === 'bytes=0-0' ? [] : [Number(/\d+/.exec(range)?.[0])],
        )
        expect(Math.min(...starts)).toBeGreaterThanOrEqual(8 * mebibyte)
      })

      test('whose file has another SHA-256 than was given is refused', async () => {
        objects['m.bin'] = weights(14)
        const id = await register(url(signed('m.bin'), { sha256: 'ab'.repeat(32) } as Partial<Source>))
        expect(await hubErrorOf(filehub.onboard(id))).toMatchObject({ code: 'digest_mismatch' })
        expect(await manifest(id)).toEqual({ 'm.bin': null })
        expect(await filehub.deps().blobs.has(sha256Of(weights(14)))).toBe(false)
      })

      test.each([
        [
          'zip',
          (members: { name: string; data: Buffer | string }[]) =>
            buildZip(members.map((one) => ({ ...one, deflate: true }))),
        ],
        ['tar.zst', (members: { name: string; data: Buffer | string }[]) => zstdCompressSync(buildTar(members))],
      ])('of a %s gives the files in it, and a retry needs neither archive nor address', async (ending, build) => {
        const inside = weights(15, mebibyte)
        const name = `model.${ending}`
        // A member of the very name that the archive has.
        objects[name] = build([
          { name: 'top/model.gguf', data: inside },
          { name: `top/${name}`, data: 'inner' },
          { name: 'top/a/b.json', data: '{}' },
        ])
        const id = await register(url(signed(name)))
        const version = await filehub.onboard(id)
        expect(version.digest).not.toBeNull()
        expect(await manifest(id)).toEqual({
          'model.gguf': sha256Of(inside),
          [name]: sha256Of(Buffer.from('inner')),
          'a/b.json': sha256Of(Buffer.from('{}')),
        })
        expect(version).toMatchObject({ file_count: 3, total_bytes: mebibyte + 7 })
        expect(leftOver(id)).toEqual([])
        await sql`update model_version set state = 'needs_attention' where id = ${id}`.execute(getDb().db)
        accepts = () => false
        served = []
        expect((await filehub.onboard(id)).digest).toBe(version.digest)
        expect(served).toEqual([])
      })

      test('of an archive is taken up again where it was when the step ends in the middle of its members', async () => {
        const members = Array.from({ length: 600 }, (_, at) => ({ name: `f${at}.txt`, data: `${at}` }))
        objects['many.tar'] = buildTar(members)
        const id = await register(url(signed('many.tar')))
        const { blobs } = filehub.deps()
        const { adopt } = blobs
        let calls = 0
        blobs.adopt = (...args) => {
          calls += 1
          if (calls === 550) return Promise.reject(new Error('the process ends here'))
          return adopt(...args)
        }
        try {
          await expect(filehub.onboard(id)).rejects.toThrow('ends here')
        } finally {
          blobs.adopt = adopt
        }
        expect(Object.keys(await manifest(id))).toHaveLength(501)
        // As the job does it after a kill: the step again, and not the plan.
        const version = await getVersion(getDb().db, id)
        await ingest(filehub.deps(), {
          jobId: 'job_again',
          versionId: id,
          projectId: version.project_id,
          onboarding: { benchmark: false, evaluate: false, publish: false },
          actor: person(),
          signal: new AbortController().signal,
          progress: () => undefined,
          log: () => undefined,
          tx: (body) => getDb().transaction(body),
        })
        expect(await manifest(id)).toEqual(
          Object.fromEntries(members.map(({ name, data }) => [name, sha256Of(Buffer.from(data))])),
        )
      })

      test('of an archive that breaks the rules leaves nothing but the archive', async () => {
        objects['evil.zip'] = buildZip([
          { name: 'ok', data: 'ok' },
          { name: '../evil', data: 'x' },
        ])
        const id = await register(url(signed('evil.zip')))
        expect(await hubErrorOf(filehub.onboard(id))).toMatchObject({ code: 'archive_refused' })
        expect(Object.values(await manifest(id))).toEqual([null])
        const kept = await register(url(signed('evil.zip'), { unpack: false } as Partial<Source>))
        expect(
          Object.keys(await manifest(kept).then(async () => (await filehub.onboard(kept), manifest(kept)))),
        ).toEqual(['evil.zip'])
      })
    })

    test('a list is read as candidates: what is known, what is not understood, and never a secret', async () => {
      hub.repos['acme/listed'] = { commits: { [first]: { 'a.txt': '1' } }, refs: { main: first } }
      const name = uniqueName('listed')
      await register(hf('acme/listed'), name)
      const text = [
        '# models',
        'hf:acme/listed',
        'hf:acme/other@v1  # later',
        `${files.url}/m.gguf?sig=SECRET`,
        'cloud:openai/gpt',
        'nonsense',
        '',
      ].join('\n')
      const { candidates, truncated } = await expandSources(filehub.deps(), { text })
      expect(truncated).toBe(false)
      expect(
        candidates.map(({ index, address, suggestedName, problem }) => [
          index,
          address,
          suggestedName,
          problem?.code ?? null,
        ]),
      ).toEqual([
        [1, 'hf:acme/listed@main', 'acme/listed', null],
        [2, 'hf:acme/other@v1', 'acme/other', null],
        [3, `${files.url}/m.gguf`, 'm', null],
        [4, 'cloud:openai/gpt', 'openai/gpt', null],
        [5, null, null, 'source_not_understood'],
      ])
      expect(candidates[0]?.known).toMatchObject([{ modelName: name, number: 1, state: 'draft' }])
      expect(JSON.stringify(candidates)).not.toContain('SECRET')
      const many = Array.from({ length: 250 }, (_, at) => `hf:acme/m${at}`).join('\n')
      const bounded = await expandSources(filehub.deps(), { text: many })
      expect([bounded.candidates.length, bounded.truncated]).toEqual([200, true])
    })
  },
  { shared: true },
)

function readdirSafe(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

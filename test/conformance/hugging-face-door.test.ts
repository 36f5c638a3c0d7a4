import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import {
  checkRepoAccess,
  downloadFile,
  fileExists,
  listCommits,
  listFiles,
  listModels,
  modelInfo,
  pathsInfo,
  snapshotDownload,
  whoAmI,
} from '@huggingface/hub'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildKnownBigram } from '../../engine/starter/index.ts'
import { unwrap } from '../../sdk/index.ts'
import { describeHub, type Hub, useHubs } from '../e2e/support/hub.ts'
import { safetensorsBytes, seededFloats, seededRandom, writeFolder } from '../e2e/support/model-files.ts'
import { processTable } from '../e2e/support/processes.ts'
import { prepareTokens } from '../e2e/support/tokens.ts'
import { addModel, endOfJob, figure, readVersion, until } from '../e2e/support/work.ts'
import { openFiles } from '../fuzz/support/whole.ts'

const recordings = fileURLToPath(new URL('../../../shared/hf-client-requests/', import.meta.url))
const present = existsSync(recordings)
if (!present) process.stderr.write('skipped: no shared inputs\n')

/** What was pulled in tests before, once it is written: pulls are counted about a second later. */
async function countedSoFar(hub: Hub, versionId: string) {
  let [before, now] = [await pullsOf(hub, versionId), await pullsOf(hub, versionId)]
  do {
    await sleep(1_500)
    before = now
    now = await pullsOf(hub, versionId)
  } while (before?.bytes !== now?.bytes)
  return now
}
const pullsOf = async (hub: Hub, versionId: string) => (await readVersion(hub, versionId)).pulls

const repo = 'acme/tiny'
const recordedCommit = '1234567890abcdef1234567890abcdef12345678'
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const gitSha1 = (bytes: Uint8Array) => createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')

type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: Buffer; ms: number }

/** Sends exactly these headers to exactly this path: `fetch` would add and tidy. */
function ask(
  hub: Hub,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string | Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const sent = request(
      { host: '127.0.0.1', port: hub.place.port, method, path, headers, timeout: 20_000 },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
            ms: performance.now() - began,
          }),
        )
      },
    )
    sent.on('timeout', () => sent.destroy(new Error(`no answer to ${method} ${path.slice(0, 200)}`)))
    sent.on('error', reject)
    sent.end(body)
  })
}

describeHub('Hugging Face clients at the door of a hub', () => {
  const hubs = useHubs()
  const contents = new Map<string, Buffer>()
  let hub: Hub
  let viewer = ''
  let folder = ''
  let commit = ''
  let versionId = ''
  const hubUrl = () => `${hub.url}/hf`
  const bearer = () => ({ authorization: `Bearer ${viewer}` })

  beforeAll(async () => {
    const place = await hubs.place()
    const [token = ''] = await prepareTokens(place, [['viewer']])
    viewer = token
    hub = await hubs.start({ place, env: { MODELHUB_DOOR_ANONYMOUS: 'on' } })
    folder = join(place.models, 'tiny')
    const tensor = { name: 'model.weight', shape: [10_000, 1_000], data: seededFloats(10_000_000, 5) }
    writeFolder(folder, {
      'README.md': '---\nlicense: apache-2.0\npipeline_tag: text-generation\n---\n# Tiny\n\nA model.\n',
      'config.json': JSON.stringify({ architectures: ['LlamaForCausalLM'], model_type: 'llama' }),
      'model.safetensors': safetensorsBytes([tensor]),
      'tiny-F16.gguf': buildKnownBigram().bytes,
      'empty.txt': '',
    })
    mkdirSync(join(folder, 'sub'))
    writeFileSync(join(folder, 'sub', 'tokenizer.json'), JSON.stringify({ version: '1.0' }))
    writeFileSync(join(folder, 'sub', 'näme mit Leer.txt'), 'names')
    for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (path !== 'sub') contents.set(path, readFileSync(join(folder, path)))
    }
    const onboarding = { publish: true, mode: 'copy' as const }
    const added = await addModel(hub, repo, folder, onboarding)
    const job = await endOfJob(hub, added.jobId)
    const version = await readVersion(hub, added.versionId)
    expect([job.state, version.state, version.stateReason]).toEqual(['succeeded', 'published', null])
    versionId = version.id
    const gated = writeFolder(join(place.models, 'gated'), { 'config.json': '{"x":1}' })
    await endOfJob(hub, (await addModel(hub, 'gated/x', gated)).jobId)
    const { sha } = await modelInfo({ name: repo, hubUrl: hubUrl(), additionalFields: ['sha'] })
    commit = sha
    expect(commit).toMatch(/^[0-9a-f]{40}$/)
  }, 240_000)

  it('@huggingface/hub lists, describes and finds', async () => {
    const params = { repo, hubUrl: hubUrl(), accessToken: viewer }
    const listed = new Map<string, string>()
    for await (const entry of listFiles({ ...params, recursive: true })) {
      if (entry.type === 'file') listed.set(entry.path, entry.lfs?.oid ?? entry.oid ?? '')
    }
    const expected = [...contents].map(([path, bytes]): [string, string] => [
      path,
      /\.(?:safetensors|gguf)$/.test(path) ? sha256(bytes) : gitSha1(bytes),
    ])
    expect(listed).toEqual(new Map(expected))
    expect(
      await modelInfo({ name: repo, hubUrl: hubUrl(), accessToken: viewer, additionalFields: ['tags'] }),
    ).toMatchObject({ name: repo, gated: false, private: false, task: 'text-generation', likes: 0 })
    const found: string[] = []
    for await (const model of listModels({ hubUrl: hubUrl(), accessToken: viewer, search: { query: 'tiny' } })) {
      found.push(model.name)
    }
    expect(found).toEqual([repo])
    expect(await fileExists({ ...params, path: 'config.json' })).toBe(true)
    expect(await fileExists({ ...params, path: 'nope' })).toBe(false)
    const [info] = await pathsInfo({ ...params, paths: ['model.safetensors'], expand: true })
    expect(info).toMatchObject({ lfs: { oid: sha256(contents.get('model.safetensors') ?? Buffer.alloc(0)) } })
    expect(info?.lastCommit.id).toBe(commit)
    await checkRepoAccess(params)
    await expect(checkRepoAccess({ ...params, repo: 'acme/none' })).rejects.toMatchObject({ statusCode: 404 })
    await expect(checkRepoAccess({ ...params, repo: 'gated/x' })).rejects.toMatchObject({
      statusCode: 403,
      message: expect.stringContaining('/models/gated/x@1'),
    })
    expect(await whoAmI({ hubUrl: hubUrl(), accessToken: viewer })).toMatchObject({ type: 'user' })
    const commits: string[] = []
    for await (const one of listCommits(params)) commits.push(one.oid)
    expect(commits).toEqual([commit])
  })

  it('@huggingface/hub downloads with equal hashes', async () => {
    const params = { repo, hubUrl: hubUrl(), accessToken: viewer }
    for (const [path, bytes] of contents) {
      const blob = await downloadFile({ ...params, path })
      expect([path, sha256(Buffer.from((await blob?.arrayBuffer()) ?? new ArrayBuffer()))]).toEqual([
        path,
        sha256(bytes),
      ])
    }
    expect(await downloadFile({ ...params, path: 'nope' })).toBeNull()
    const cacheDir = join(hub.place.path, 'hf-cache')
    const began = performance.now()
    const snapshot = await snapshotDownload({ ...params, cacheDir })
    const seconds = (performance.now() - began) / 1_000
    const bytes = [...contents.values()].reduce((sum, content) => sum + content.length, 0)
    figure(`snapshotDownload of ${contents.size} files, ${(bytes / 1e6).toFixed(1)} MB: ${seconds.toFixed(2)} s`)
    expect(snapshot.endsWith(commit)).toBe(true)
    for (const [path, content] of contents) {
      expect([path, sha256(readFileSync(join(snapshot, path)))]).toEqual([path, sha256(content)])
    }
  }, 120_000)

  it('what is in place is served as long as it is what was hashed', async () => {
    const path = writeFolder(join(hub.place.models, 'inplace'), { 'config.json': '{"in":"place"}' })
    const added = await addModel(hub, 'acme/inplace', path, { publish: true, mode: 'in_place' })
    await endOfJob(hub, added.jobId)
    const url = '/hf/acme/inplace/resolve/main/config.json'
    const good = await ask(hub, 'GET', url, bearer())
    expect([good.status, good.body.toString()]).toEqual([200, '{"in":"place"}'])
    writeFileSync(join(path, 'config.json'), '{"in":"other"}')
    const bad = await ask(hub, 'GET', url, bearer())
    // Before the hub has looked at the file, the door sees it; afterwards the version is out of service.
    expect([403, 409]).toContain(bad.status)
    expect(bad.body.toString()).not.toContain('other"}')
  })

  it('pulls are counted, shown and told of', async () => {
    const before = await countedSoFar(hub, versionId)
    const model = contents.get('model.safetensors') ?? Buffer.alloc(0)
    await ask(hub, 'GET', `/hf/${repo}/resolve/main/model.safetensors`, bearer())
    await ask(hub, 'HEAD', `/hf/${repo}/resolve/main/model.safetensors`, bearer())
    await ask(hub, 'GET', `/hf/${repo}/resolve/main/model.safetensors`, { ...bearer(), range: 'bytes=0-9' })
    const counted = await until(
      async () => (await readVersion(hub, versionId)).pulls,
      (pulls) => (pulls?.bytes ?? 0) >= (before?.bytes ?? 0) + model.length + 10,
      10_000,
    )
    expect(counted.value?.downloads).toBe((before?.downloads ?? 0) + 1)
    const path = { params: { path: { id: versionId } } }
    const activity = await unwrap(hub.api.GET('/versions/{id}/activity', path))
    const pulls = activity.items.filter(({ action }) => action === 'version.pull')
    expect(pulls.map(({ actor, summary }) => `${actor.name}: ${summary}`)).toEqual(['Token of viewer: Pulled'])
  })

  it('a client that is killed ends the read, and slow ones do not fill the memory', async () => {
    const control = () => hub.processes().find(({ part }) => part === 'control')?.pid ?? 0
    const residentMB = () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`${processTable}/${control()}/status`, 'utf8'))?.[1] ?? 0) / 1_024
    const [open, resident] = [openFiles(hub), residentMB()]
    const stuck = Array.from({ length: 40 }, () => {
      const path = `/hf/${repo}/resolve/main/model.safetensors`
      const sent = request({ host: '127.0.0.1', port: hub.place.port, path, headers: bearer() }, (response) => {
        response.on('error', () => undefined)
        response.pause()
      })
      sent.on('error', () => undefined)
      sent.end()
      return sent
    })
    await until(
      () => Promise.resolve(openFiles(hub)),
      (now) => now >= open + 70,
      20_000,
    )
    const grown = residentMB() - resident
    figure(`40 clients that do not read 40 MB each: ${grown.toFixed(0)} MB more resident`)
    expect(grown).toBeLessThan(40 * 20)
    for (const one of stuck) one.destroy()
    await until(
      () => Promise.resolve(openFiles(hub)),
      (now) => now < open + 10,
      20_000,
    )
  }, 60_000)

  it('answers probes for files that are not there fast', async () => {
    const probes = [
      'adapter_config.json',
      'generation_config.json',
      'model.safetensors.index.json',
      'chat_template.jinja',
    ]
    const times: number[] = []
    for (let turn = 0; turn < 200; turn++) {
      const path = `/hf/${repo}/resolve/main/${probes[turn % probes.length]}`
      const { status, headers, ms } = await ask(hub, 'HEAD', path, bearer())
      expect([status, headers['x-error-code'], headers['x-repo-commit']]).toEqual([404, 'EntryNotFound', commit])
      times.push(ms)
    }
    times.sort((a, b) => a - b)
    figure(`404 of an optional file: p50 ${times[100]?.toFixed(1)} ms, p95 ${times[190]?.toFixed(1)} ms`)
  }, 60_000)

  it('never breaks, whatever is asked', async () => {
    const seed = Number(process.env['MODELHUB_FUZZ_SEED'] ?? Date.now() % 1_000_000)
    const random = seededRandom(seed)
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
    const odd = (
      '.. . %2e%2e %2f %5c %00 a%00b %zz %ff %c3%28 %ed%a0%80  %20 %3f %23 ~ main HEAD v1 v0 -1 99999999999999999999 ü ' +
      "%F0%9F%98%80 refs%2Fheads%2Fmain refs%2Fpr%2F1 __proto__ constructor '-- %25%32%66 ; @1 api models tree resolve raw " +
      'revision refs commits paths-info auth-check acme tiny config.json model.safetensors sub tokenizer.json gated datasets ' +
      `spaces info git-upload-pack ${'0'.repeat(40)} ${'f'.repeat(40)} ${'x'.repeat(3_000)}`
    )
      .split(' ')
      .map((part) => part.replaceAll(/[^\x21-\x7e]/g, (char) => encodeURIComponent(char)))
    const queries = 'limit cursor recursive expand blobs search author filter sort direction full'.split(' ')
    const values = ` 0 -1 1e9 true NaN %00 W10 WzFd WyJhIl0 %F0%9F%98%80 .. %25 _ id ${'x'.repeat(2_000)}`.split(' ')
    const many = '9'.repeat(400)
    const ranges = (
      'bytes=0-0|bytes=-1|bytes=-0|bytes=1-0|bytes=|bytes=-|bytes=a-|bytes=0-1,2-3|x=1-2|bytes=0x1-2|bytes= 0 - 1 |' +
      `bytes=${many}-|bytes=-${many}|bytes=0-${many}|bytes=${'0-1,'.repeat(1_000)}2-3`
    ).split('|')
    const statuses = new Map<number, number>()
    const bad: string[] = []
    let slowest = 0
    for (let turn = 0; turn < 1_500; turn++) {
      const known = [
        `/${repo}/resolve/main`,
        `/api/models/${repo}`,
        `/api/models/${repo}/tree/main`,
        `/${repo}/raw`,
        '/api/models',
        '',
      ]
      const good = [
        `/${repo}/resolve/main/config.json`,
        `/${repo}/resolve/v1/sub/tokenizer.json`,
        `/${repo}/raw/HEAD/tiny-F16.gguf`,
      ]
      const parts = Array.from({ length: Math.floor(random() * 6) }, () => pick(odd))
      const query = random() < 0.4 ? `?${pick(queries)}=${pick(values)}&${pick(queries)}=${pick(values)}` : ''
      const below = random() < 0.3 ? pick(good) : `${pick(known)}${parts.map((part) => `/${part}`).join('')}`
      const path = `/hf${below}${query}`
      const headers: Record<string, string> =
        random() < 0.9 ? { ...bearer() } : { authorization: pick(['Bearer', 'Basic eDp5', 'Bearer hf_x', '']) }
      if (random() < 0.4) headers['range'] = pick(ranges)
      if (random() < 0.2) headers['if-none-match'] = pick(['*', '"', 'W/', `"${'a'.repeat(3_000)}"`, ',,,', '\u00ff'])
      if (random() < 0.2) headers['if-range'] = pick(['*', '"x"', 'Wed, 21 Oct 2015 07:28:00 GMT', ''])
      const method = pick(['GET', 'GET', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])
      const body =
        method === 'POST'
          ? pick(['{}', '{"paths":["sub"]}', 'paths=a', '{"paths":{"a":1}}', '[', '\0', '[[[['])
          : undefined
      if (body !== undefined)
        headers['content-type'] = pick(['application/json', 'application/x-www-form-urlencoded', 'text/html', ''])
      const answer = await ask(hub, method, path, headers, body).catch((error: Error) => error)
      if (answer instanceof Error) {
        bad.push(`${method} ${path.slice(0, 300)}: ${answer.message}`)
        continue
      }
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
      slowest = Math.max(slowest, answer.ms)
      const xet = Object.keys(answer.headers).filter((name) => /xet/i.test(name))
      if (answer.status >= 500 || answer.status < 200 || xet.length > 0) {
        bad.push(`${method} ${path.slice(0, 300)} ${JSON.stringify(headers).slice(0, 300)}: ${answer.status}`)
      }
    }
    const told = [...statuses].sort(([a], [b]) => a - b).map(([status, times]) => `${status} ×${times}`)
    figure(`MODELHUB_FUZZ_SEED=${seed}: 1500 requests: ${told.join(', ')}; slowest ${slowest.toFixed(0)} ms`)
    expect(bad).toEqual([])
    expect((await fetch(`${hub.url}/readyz`)).status).toBe(200)
  }, 240_000)

  it('llama.cpp finds, downloads and resumes', async () => {
    expect(viewer).toMatch(/^hf_[A-Za-z0-9]{34,253}$/)
    const headers = { ...bearer(), accept: 'application/json', 'user-agent': 'llama-cpp' }
    const refs = await ask(hub, 'GET', `/hf/api/models/${repo}/refs`, headers)
    const { branches } = JSON.parse(refs.body.toString()) as { branches: { name: string; targetCommit: string }[] }
    expect(branches).toEqual([{ name: 'main', ref: 'refs/heads/main', targetCommit: commit }])
    const tree = await ask(hub, 'GET', `/hf/api/models/${repo}/tree/${commit}?recursive=true`, headers)
    const entries = JSON.parse(tree.body.toString()) as { path: string; size: number; lfs?: { oid: string } }[]
    const gguf = entries.find(({ path }) => path.endsWith('.gguf'))
    const bytes = contents.get('tiny-F16.gguf') ?? Buffer.alloc(0)
    expect(gguf).toMatchObject({ path: 'tiny-F16.gguf', size: bytes.length, lfs: { oid: sha256(bytes) } })
    const url = `/hf/${repo}/resolve/${commit}/tiny-F16.gguf`
    const head = await ask(hub, 'HEAD', url, headers)
    expect([head.status, head.headers['accept-ranges'], head.headers['content-length']]).toEqual([
      200,
      'bytes',
      String(bytes.length),
    ])
    const whole = await ask(hub, 'GET', url, headers)
    expect(sha256(whole.body)).toBe(sha256(bytes))
    const rest = await ask(hub, 'GET', url, { ...headers, range: 'bytes=1000-' })
    expect([rest.status, sha256(Buffer.concat([bytes.subarray(0, 1_000), rest.body]))]).toEqual([206, sha256(bytes)])
  })

  it('llama.cpp goes on after a cut, with a token made for it, also for a name of one part', async () => {
    const path = writeFolder(join(hub.place.models, 'onepart'), {
      'onepart-Q8_0.gguf': buildKnownBigram().bytes,
      'README.md': '---\nlicense: mit\n---\n# One\n',
    })
    await endOfJob(hub, (await addModel(hub, 'onepart', path, { publish: true })).jobId)
    const { token } = await unwrap(hub.api.POST('/tokens', { body: { name: 'llama.cpp' } }))
    // Others it does not send at all.
    expect(token).toMatch(/^hf_[A-Za-z0-9]{34,253}$/)
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json', 'user-agent': 'llama-cpp/b0' }
    const json = async <T>(url: string) => JSON.parse((await ask(hub, 'GET', url, headers)).body.toString()) as T
    // It wants exactly one slash in a name.
    const id = 'models/onepart'
    const { branches } = await json<{ branches: { targetCommit: string }[] }>(`/hf/api/models/${id}/refs`)
    const at = branches[0]?.targetCommit ?? ''
    const tree = await json<{ path: string; size: number }[]>(`/hf/api/models/${id}/tree/${at}?recursive=true`)
    expect(tree.map((one) => one.path)).toContain('onepart-Q8_0.gguf')
    const bytes = Buffer.from(buildKnownBigram().bytes)
    const url = `/hf/${id}/resolve/${at}/onepart-Q8_0.gguf`
    const head = await ask(hub, 'HEAD', url, headers)
    const etag = String(head.headers['etag'])
    expect([head.status, head.headers['accept-ranges'], etag]).toEqual([200, 'bytes', `"${sha256(bytes)}"`])
    // It keeps what came before a cut and the tag beside it; without a 206 it would begin anew.
    const kept = bytes.subarray(0, Math.floor(bytes.length / 3))
    const rest = await ask(hub, 'GET', url, { ...headers, range: `bytes=${kept.length}-`, 'if-range': etag })
    expect([rest.status, rest.headers['content-range']]).toEqual([
      206,
      `bytes ${kept.length}-${bytes.length - 1}/${bytes.length}`,
    ])
    expect(sha256(Buffer.concat([kept, rest.body]))).toBe(sha256(bytes))
    const done = await ask(hub, 'GET', url, { ...headers, range: `bytes=${bytes.length}-` })
    expect([done.status, done.headers['content-range']]).toEqual([416, `bytes */${bytes.length}`])
    const same = await ask(hub, 'HEAD', url, { ...headers, 'if-none-match': etag })
    expect(same.status).toBe(304)
    const none = await ask(hub, 'GET', '/hf/api/models/models/nobody/refs', headers)
    expect([none.status, none.headers['x-error-code']]).toEqual([404, 'RepoNotFound'])
  }, 120_000)

  it('pulls of the last moment survive a stop', async () => {
    // Counts are written a second later: those of the tests before are by now, none of these is when the stop comes.
    const before = (await countedSoFar(hub, versionId))?.downloads ?? 0
    const pull = () => ask(hub, 'GET', `/hf/${repo}/resolve/main/config.json`, bearer())
    await Promise.all(Array.from({ length: 20 }, pull))
    await hub.stop()
    hub = await hubs.start({ place: hub.place, env: { MODELHUB_DOOR_ANONYMOUS: 'on' } })
    const after = (await readVersion(hub, versionId)).pulls?.downloads ?? 0
    expect(after).toBe(before + 20)
  }, 120_000)

  describe.skipIf(!present)('requests that were recorded of real clients', () => {
    type Line = { m: string; url: string; h: Record<string, string>; s: number; cdn?: boolean }
    const names = present
      ? readdirSync(recordings).filter((name) => name.endsWith('.jsonl') && name !== 'gitlfs.jsonl')
      : []
    const seen: string[] = []
    afterAll(() => figure(`${seen.length} recorded requests of ${names.length} sessions replayed`))

    /** A request to where the fake hub had redirected a large file: the hub gives the bytes itself. */
    const redirected: Record<string, string> = {
      '5ad0869482b5219616747323ae99e678c6a8f4b5dc62be49024c7fa40a191457': 'model.safetensors',
      '84ddf03f013d7044550c0c98fff3edb6797b3c6e41e7ae3176666c936fc3c43b': 'tiny-F16.gguf',
    }

    it.each(names)('%s', async (name) => {
      const lines = readFileSync(join(recordings, name), 'utf8').trim().split('\n')
      for (const line of lines.map((text) => JSON.parse(text) as Line)) {
        const blob = /^\/blob\/([0-9a-f]{64})/.exec(line.url)?.[1]
        const url = blob === undefined ? line.url : `/acme/tiny/resolve/${recordedCommit}/${redirected[blob]}`
        const path = (url.startsWith('/hf/') ? url : `/hf${url}`).replaceAll(recordedCommit, commit)
        const headers = { ...line.h }
        // Whoever is unknown is told of no model that is not published: the gate is for people the hub knows.
        if (headers['authorization'] !== undefined || path.includes('/gated/')) Object.assign(headers, bearer())
        let body: string | undefined
        if (line.m === 'POST') {
          const form = headers['content-type'] === 'application/x-www-form-urlencoded'
          const paths = ['config.json', 'model.safetensors', 'sub', 'nope']
          body = form
            ? `${paths.map((one) => `paths=${one}`).join('&')}&expand=False`
            : JSON.stringify({ paths, expand: false })
        }
        const answer = await ask(hub, line.m, path, headers, body)
        const about = `${line.m} ${path}`
        expect([about, answer.status]).toEqual([about, expectedStatus(line, path)])
        judge(about, line.m, path, headers, answer)
        seen.push(about)
      }
    })

    /** What was recorded, but for what a hub does better than the fake one: no redirect, auth-check there, Xet neither offered nor there. */
    function expectedStatus(line: Line, path: string): number {
      if (path.endsWith('/auth-check')) return 200
      const ranged = line.h['range'] !== undefined && line.m === 'GET'
      if (line.s === 302 || line.s === 200) return ranged && path.includes('/resolve/') ? 206 : 200
      return line.s
    }

    function judge(about: string, method: string, path: string, sent: Record<string, string>, answer: Answer): void {
      const { status, headers, body } = answer
      const fact = (name: string) => [about, name, headers[name]]
      const is = (name: string, value: unknown) => expect(fact(name)).toEqual([about, name, value])
      for (const name of Object.keys(headers)) expect([about, name]).not.toEqual([about, expect.stringMatching(/xet/i)])
      is('content-encoding', undefined)
      is('location', undefined)
      if (!path.startsWith('/hf/api/') || method === 'HEAD') expect(body.toString('latin1')).not.toMatch(/xet-auth/)
      else expect(body.toString('utf8')).not.toMatch(/xetHash|xet-/)
      if (method === 'HEAD') expect(body.length).toBe(0)
      if (status >= 400) {
        const code = path.includes('/gated/')
          ? 'GatedRepo'
          : path.includes('/v9/')
            ? 'RevisionNotFound'
            : path.includes('/none')
              ? 'RepoNotFound'
              : path.includes('xet-read-token')
                ? undefined
                : 'EntryNotFound'
        is('x-error-code', code)
        expect(fact('x-error-message')).toEqual([about, 'x-error-message', expect.stringMatching(/./)])
        if (code === 'EntryNotFound') is('x-repo-commit', commit)
        if (method !== 'HEAD') expect(JSON.parse(body.toString('utf8'))).toEqual({ error: headers['x-error-message'] })
        return
      }
      const [, kind, file = ''] = /\/(resolve|raw)\/[^/]+\/(.+)$/.exec(path) ?? []
      if (kind !== undefined) {
        const content = contents.get(file) ?? Buffer.alloc(0)
        const large = /\.(?:safetensors|gguf)$/.test(file)
        const pointer = Buffer.from(
          `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256(content)}\nsize ${content.length}\n`,
        )
        const bytes = kind === 'raw' && large ? pointer : content
        const etag = `"${large && kind === 'resolve' ? sha256(content) : gitSha1(bytes)}"`
        is('x-repo-commit', commit)
        is('etag', etag)
        is('x-linked-etag', etag)
        is('x-linked-size', String(bytes.length))
        is('accept-ranges', 'bytes')
        const range = method === 'GET' ? /^bytes=(\d+)-(\d*)$/.exec(sent['range'] ?? '') : null
        const start = Number(range?.[1] ?? 0)
        const end = range === null || range[2] === '' ? bytes.length - 1 : Math.min(Number(range[2]), bytes.length - 1)
        is('content-length', String(end - start + 1))
        is('content-range', range === null ? undefined : `bytes ${start}-${end}/${bytes.length}`)
        if (method === 'GET') expect([about, sha256(body)]).toEqual([about, sha256(bytes.subarray(start, end + 1))])
        return
      }
      const value = JSON.parse(body.toString('utf8')) as Record<string, unknown> & Record<string, unknown>[]
      if (/\/tree\/|\/paths-info\//.test(path)) {
        expect(value.length).toBeGreaterThan(0)
        for (const entry of value) {
          expect(entry).toMatchObject({
            type: expect.stringMatching(/^(?:file|directory)$/),
            path: expect.any(String),
            size: expect.any(Number),
            oid: expect.stringMatching(/^[0-9a-f]{40}$/),
          })
          const content = contents.get(String(entry['path']))
          if (content !== undefined && /\.(?:safetensors|gguf)$/.test(String(entry['path']))) {
            expect(entry['lfs']).toEqual({
              oid: sha256(content),
              size: content.length,
              pointerSize: expect.any(Number),
            })
          }
        }
      } else if (/\/api\/models\/acme\/tiny(?:\/revision\/\w+)?(?:\?|$)/.test(path)) {
        expect(value).toMatchObject({
          _id: expect.any(String),
          id: repo,
          sha: commit,
          private: false,
          gated: false,
          tags: expect.arrayContaining(['license:apache-2.0']),
          pipeline_tag: 'text-generation',
          library_name: expect.any(String),
          cardData: expect.objectContaining({ license: 'apache-2.0' }),
          downloads: expect.any(Number),
          likes: 0,
          lastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
          siblings: [...contents.keys()].sort().map((path) => expect.objectContaining({ rfilename: path })),
        })
      } else if (path.includes('/api/models?')) {
        expect(value).toMatchObject([{ id: repo, private: false, gated: false, likes: 0 }])
      }
    }
  })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Scan } from '../api-types.ts'
import { type FakeHub, startFakeHub } from '../testing/fake-hub.ts'
import { sampleJob, sampleModel, sampleScan, sampleVersion, scanCheck, versionId } from '../testing/samples.ts'
import { runCommand } from '../testing/test-context.ts'

let hub: FakeHub
let folder: string
beforeEach(async () => {
  hub = await startFakeHub()
  folder = mkdtempSync(join(tmpdir(), 'modelhub-cli-'))
  writeFileSync(join(folder, 'tiny-Q4-00001-of-00002.gguf'), 'GGUF')
})
afterEach(async () => {
  await hub.close()
  rmSync(folder, { recursive: true })
})

const at = '2026-11-23T11:57:00.000Z'
const add = (argv: string[], over: Record<string, unknown> = {}) =>
  runCommand(['add', ...argv], { folder, variables: { MODELHUB_URL: hub.url, MODELHUB_TOKEN: 'secret' }, ...over })

/** A job whose event stream is cut after its first two events and goes on when asked with the last id. */
function streamInTwoParts(): void {
  const event = (seq: number, type: string, data: unknown) =>
    `id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify({ seq, type, at, data })}\n\n`
  hub.raw('GET /api/v1/jobs/job_1/events', (_seen, request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const last = request.headers['last-event-id']
    if (last === undefined) {
      response.write(event(1, 'step', { step: 'ingest', title: 'Read the files', state: 'running' }))
      response.write(event(2, 'progress', { bytesDone: 1, bytesTotal: 4 }), () => response.destroy())
    } else {
      response.write(event(3, 'step', { step: 'ingest', title: 'Read the files', state: 'done' }))
      response.end(event(4, 'log', { message: `resumed after ${String(last)}` }))
    }
  })
  let asked = 0
  hub.on('getJob', () => (asked++ < 1 ? sampleJob({ state: 'succeeded', finishedAt: at }) : sampleJob()))
}

describe('modelhub add', () => {
  test('registers, follows over a lost connection, prints the end: exit 0', async () => {
    hub.on('createModel', { model: sampleModel(), version: sampleVersion({ state: 'ingesting' }), job: sampleJob() })
    streamInTwoParts()
    hub.on('getVersion', sampleVersion())
    const run = await add(['tiny-Q4-00001-of-00002.gguf', '-t', 'a', '-t', 'b', '--benchmark'])
    expect(run).toMatchObject({ code: 0 })
    expect(hub.seen[0]).toMatchObject({
      authorization: 'Bearer secret',
      body: {
        name: 'tiny-Q4',
        source: { type: 'disk', path: join(folder, 'tiny-Q4-00001-of-00002.gguf'), mode: 'in_place' },
        tags: ['a', 'b'],
        onboarding: { benchmark: true, evaluate: false, publish: false },
        start: true,
      },
    })
    expect(run.err).toContain('resumed after 2')
    expect(run.err).toContain('Read the files: done')
    expect(run.out).toBe(`acme/tiny@1  verified  verdict pass  (${versionId})\n`)
    expect(run.drawn).toBe('')
  })

  test('sends the modality and the hardware that were given, and refuses what is none', async () => {
    hub.on('createModel', { model: sampleModel(), version: sampleVersion(), job: null })
    const argv = ['disk:/m/x', '--modality', 'image', '--prefer', 'gpu', '--memory-limit', '1.5GiB']
    expect(await add(argv)).toMatchObject({ code: 0 })
    expect(hub.seen[0]).toMatchObject({
      body: { modality: 'image', hardware: { preference: 'gpu', memoryLimitBytes: 1.5 * 2 ** 30 } },
    })
    for (const wrong of [
      ['--modality', 'sound'],
      ['--prefer', 'tpu'],
      ['--memory-limit', '8 elephants'],
    ]) {
      expect(await add(['disk:/m/x', ...wrong]), wrong.join(' ')).toMatchObject({ code: 3 })
    }
    expect(hub.seen).toHaveLength(1)
  })

  test('draws one line on a terminal, and none with --no-progress', async () => {
    hub.on('createModel', { model: sampleModel(), version: sampleVersion(), job: sampleJob() })
    streamInTwoParts()
    hub.on('getVersion', sampleVersion())
    expect((await add(['disk:/m/x'], { terminal: true })).drawn).toContain('\r\u001b[2K  Read the files')
    streamInTwoParts()
    expect((await add(['disk:/m/x', '--no-progress'], { terminal: true })).drawn).toBe('')
  })

  test('needs attention: reason, finding with rule, file, offset and remedy, exit 2', async () => {
    const finding: Scan['findings'][number] = {
      id: 'fnd_1',
      ruleId: 'PICKLE-CALL-001',
      title: 'Calls code',
      severity: 'critical',
      cwe: 'CWE-502',
      message: 'Calls os.system when it is loaded.',
      explanation: '',
      remedy: 'Ask for safetensors.',
      path: 'model.pkl',
      member: 'data.pkl',
      offset: 42,
      evidence: 'os.system',
      status: 'open',
    }
    const stateReason = { code: 'scan_block', message: 'A file was blocked.', remedy: 'Look at the findings.' }
    hub.on('createModel', { model: sampleModel(), version: sampleVersion(), job: sampleJob() })
    hub.raw('GET /api/v1/jobs/job_1/events', (_s, _q, response) => response.writeHead(200).end())
    hub.on('getJob', sampleJob({ state: 'succeeded', finishedAt: at }))
    hub.on('getVersion', sampleVersion({ state: 'needs_attention', verdict: 'block', stateReason }))
    hub.on(
      'getVersionScan',
      sampleScan({ verdict: 'block', sentence: 'Blocked', counts: { critical: 1 }, findings: [finding] }),
    )
    const run = await add(['disk:/m/x'])
    expect(run.code).toBe(2)
    for (const words of ['needs attention', 'A file was blocked.', 'Look at the findings.', 'PICKLE-CALL-001']) {
      expect(run.out).toContain(words)
    }
    expect(run.out).toContain('model.pkl › data.pkl at byte 42')
    expect(run.out).toContain('remedy: Ask for safetensors.')
  })

  test('a failed job is exit 1; --json prints model, version and job', async () => {
    hub.on('createModel', { model: sampleModel(), version: sampleVersion(), job: sampleJob() })
    hub.raw('GET /api/v1/jobs/job_1/events', (_s, _q, response) => response.writeHead(200).end())
    hub.on('getJob', sampleJob({ state: 'failed', finishedAt: at, error: { code: 'x', message: 'Disk is full.' } }))
    hub.on('getVersion', sampleVersion({ state: 'draft' }))
    hub.on('getModel', sampleModel())
    const run = await add(['disk:/m/x', '--json'])
    expect(run.code).toBe(1)
    expect(run.err).toBe('')
    expect(JSON.parse(run.out)).toMatchObject({
      version: { state: 'draft' },
      job: { error: { message: 'Disk is full.' } },
    })
  })

  test('asked to publish and refused by a gate: says which and why', async () => {
    hub.on('createModel', { model: sampleModel(), version: sampleVersion(), job: sampleJob() })
    hub.raw('GET /api/v1/jobs/job_1/events', (_s, _q, response) => response.writeHead(200).end())
    hub.on('getJob', sampleJob({ state: 'succeeded', finishedAt: at }))
    hub.on('getVersion', sampleVersion())
    hub.on('getVersionReadiness', {
      versionId,
      publishable: false,
      summary: 'One check blocks.',
      passed: 0,
      total: 1,
      checks: [scanCheck],
      actions: [],
      next: null,
      notices: [],
    })
    const run = await add(['disk:/m/x', '--publish'])
    expect(run.code).toBe(0)
    expect(run.out).toContain('not published: One check blocks.')
    expect(run.out).toContain('Security scan — A file calls code when it is loaded.')
  })

  test('Ctrl-C leaves the job running and says so: exit 130', async () => {
    const controller = new AbortController()
    hub.on('createModel', { model: sampleModel(), version: sampleVersion(), job: sampleJob() })
    hub.raw('GET /api/v1/jobs/job_1/events', (_s, _q, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
      setTimeout(() => controller.abort(), 20)
    })
    const run = await add(['disk:/m/x'], { signal: controller.signal })
    expect(run.code).toBe(130)
    expect(run.err).toContain('modelhub jobs job_1 --follow')
  })

  test('--dry-run changes nothing and exits 1 on a blocker', async () => {
    hub.on('checkSource', {
      ok: false,
      address: '/m/x',
      suggestedName: 'x',
      suggestedModality: null,
      fileCount: 0,
      totalBytes: 0,
      files: [],
      licenseTag: null,
      formats: [],
      disk: { neededBytes: 0, freeBytes: 1e9, alreadyStoredBytes: 0 },
      remote: null,
      hosted: null,
      known: [],
      notes: [{ level: 'blocker', message: 'Outside the allowed roots.', remedy: 'Set MODELHUB_DISK_ROOTS.' }],
    })
    const run = await add(['disk:/m/x', '--dry-run'])
    expect(run.code).toBe(1)
    expect(run.out).toContain('blocker: Outside the allowed roots.')
    expect(hub.seen).toHaveLength(1)
  })

  const seen = { fileCount: 1, totalBytes: 5, files: [], licenseTag: null, formats: ['gguf'], suggestedModality: null }
  const check = (address: string, ok = true) => ({
    ...seen,
    ok,
    address,
    suggestedName: 'x',
    disk: { neededBytes: 5, freeBytes: 1e9, alreadyStoredBytes: 0 },
    remote: { pinned: 'c'.repeat(40), gated: false, private: false, resumable: true, expiresAt: null },
    hosted: null,
    known: [],
    notes: ok ? [] : [{ level: 'blocker', message: 'It is gated.', remedy: 'Accept the terms.' }],
  })

  test('sources elsewhere with what the options say of them', async () => {
    hub.on('createModel', { model: sampleModel(), version: sampleVersion({ state: 'draft' }), job: null })
    const sha256 = 'AB'.repeat(32)
    await add(['hf:acme/tiny@v1', '--draft', '--include', '*.gguf', '--watch', '--credential', 'crd_1'])
    await add(['https://a.example/m.tar.gz?sig=1', '--draft', '--sha256', sha256, '--keep-packed'])
    await add(['cloud:openai/gpt-5', '--draft', '--credential', 'crd_2', '--region', 'eu'])
    expect(hub.seen.map(({ body }) => (({ name, source }) => ({ name, source }))(body as never))).toEqual([
      {
        name: 'acme/tiny',
        source: {
          type: 'huggingface',
          repo: 'acme/tiny',
          revision: 'v1',
          include: ['*.gguf'],
          watch: true,
          credential: 'crd_1',
        },
      },
      {
        name: 'm',
        source: { type: 'url', url: 'https://a.example/m.tar.gz?sig=1', unpack: false, sha256: sha256.toLowerCase() },
      },
      {
        name: 'openai/gpt-5',
        source: { type: 'cloud', provider: 'openai', model: 'gpt-5', credential: 'crd_2', region: 'eu' },
      },
    ])
  })

  test.each([
    ['an option of another kind', ['hf:acme/tiny', '--copy']],
    ['no source', []],
    ['one name for two', ['hf:acme/a', 'hf:acme/b', '--name', 'x']],
    ['a source that is none', ['hf:acme/a/b']],
    ['a kind that is none', ['s3://bucket/x']],
  ])('%s is wrong use: exit 3, and nothing is asked', async (_what, argv) => {
    expect((await add(argv)).code).toBe(3)
    expect(hub.seen).toEqual([])
  })

  test('--dry-run of a hosted model: what is known of it by whom, what is not, and its credential', async () => {
    const test = { at, ok: true, code: 'ok', message: 'OpenAI accepts it.', remedy: null }
    hub.on('checkSource', {
      ...check('cloud:openai/gpt-5'),
      fileCount: 0,
      files: [],
      remote: null,
      known: [{ modelName: 'acme/gpt', number: 2, versionId, state: 'published' }],
      hosted: {
        provider: 'openai',
        providerTitle: 'OpenAI',
        model: 'gpt-5',
        region: null,
        unlisted: true,
        offering: null,
        credential: { needed: true, id: 'crd_2', name: 'team key', test },
        gateway: { speaks: true, reason: null },
      },
      notes: [{ level: 'doubt', message: 'gpt-5 is unlisted.' }],
    })
    const run = await add(['cloud:openai/gpt-5', '--credential', 'crd_2', '--modality', 'text', '--dry-run'])
    expect(run.code).toBe(0)
    expect(hub.seen[0]).toMatchObject({ body: { source: { credential: 'crd_2' }, modality: 'text' } })
    for (const words of [
      'gpt-5  (unlisted)',
      'team key: holds',
      'unknown in, unknown out',
      'here already: acme/gpt@2 published',
      'doubt: gpt-5 is unlisted.',
    ]) {
      expect(run.out).toContain(words)
    }
    for (const words of ['files', 'license', 'disk', '$0']) expect(run.out, words).not.toContain(words)
  })

  test('--dry-run over many looks at each, says which is here already, and exits 1 when one is blocked', async () => {
    const candidate = (at: number) => ({
      text: '',
      index: at,
      source: null,
      address: `hf:acme/${at}@main`,
      suggestedName: 'x',
      known: at === 0 ? [{ modelName: 'acme/tiny', number: 3, versionId: 'ver_1', state: 'published' }] : [],
      problem: null,
    })
    hub.on('expandSources', { candidates: [candidate(0), candidate(1)], truncated: false })
    hub.on('checkSource', ({ body }) => {
      const { source } = body as { source: { repo: string } }
      return check(`hf:${source.repo}@main`, source.repo !== 'acme/b')
    })
    const run = await add(['hf:acme/a', 'hf:acme/b', '--dry-run'])
    expect(run.code).toBe(1)
    expect(run.out).toContain('acme/tiny@3 published')
    expect(run.out).toContain('hf:acme/b@main: It is gated.')
    expect(run.out).toContain('remedy: Accept the terms.')
    expect(hub.seen.map(({ path }) => path)).toEqual([
      '/api/v1/sources/expand',
      '/api/v1/sources/check',
      '/api/v1/sources/check',
    ])
  })
})

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type FakeHub, startFakeHub } from '../testing/fake-hub.ts'
import {
  sampleHosted,
  sampleHostedScan,
  sampleModel,
  sampleScan,
  sampleVersion,
  scanCheck,
  versionId,
} from '../testing/samples.ts'
import { runCommand } from '../testing/test-context.ts'

let hub: FakeHub
beforeEach(async () => {
  hub = await startFakeHub()
})
afterEach(() => hub.close())
const run = (argv: string[], over = {}) => runCommand(argv, { variables: { MODELHUB_URL: hub.url }, ...over })

const readiness = {
  versionId,
  publishable: true,
  summary: 'Ready to publish',
  passed: 1,
  total: 1,
  checks: [{ ...scanCheck, status: 'pass', blocks: false, message: 'Nothing found.' }],
  actions: [],
  next: 'publish',
  notices: [],
}
const deployment = {
  id: 'dep_1',
  versionId,
  modelName: 'acme/tiny',
  versionNumber: 1,
  projectId: 'prj_1',
  engine: 'embedded',
  private: false,
  status: 'idle' as const,
  statusReason: null,
  upstream: null,
  notices: [],
  residentBytes: null,
  inflight: null,
  lastUsedAt: null,
  createdAt: '2026-11-22T10:00:00.000Z',
}

describe('modelhub publish', () => {
  test('a refusal has the words of the API, check by check: exit 1', async () => {
    const refusal = {
      code: 'publish_refused',
      detail: 'acme/tiny@1 cannot be published. Security scan: A file calls code when it is loaded.',
      remedy: 'Resolve the checks above.',
      details: { checks: [scanCheck, { ...scanCheck, title: 'License', blocks: false, status: 'warn' }] },
    }
    hub.refuse('publishVersion', 409, refusal)
    const text = await run(['publish', 'acme/tiny@1'])
    expect(text).toMatchObject({ code: 1, out: '' })
    expect(text.err.split('\n')).toEqual([
      'modelhub: acme/tiny@1 cannot be published.',
      '  fail  Security scan — A file calls code when it is loaded.',
      '        fact: scan.openCritical = 1',
      '        remedy: Use a safetensors version of this model.',
      '        who can waive: Two approvers',
      '',
    ])
    expect(hub.seen[0]?.path).toBe('/api/v1/versions/acme/tiny@1/publish')
    const asJson = await run(['publish', 'acme/tiny@1', '--json'])
    expect(asJson.code).toBe(1)
    expect(JSON.parse(asJson.out)).toMatchObject(refusal)
  })

  test('what the gates warn of is said, and that nothing here can run it', async () => {
    hub.on('publishVersion', sampleVersion({ state: 'published' }))
    const warning = { ...scanCheck, title: 'License', blocks: false, status: 'warn' as const, message: 'Not allowed.' }
    hub.on('getVersionReadiness', { ...readiness, checks: [...readiness.checks, warning] })
    hub.on('listDeployments', { items: [], nextCursor: null })
    const { out, code } = await run(['publish', 'acme/tiny@1'])
    expect(code).toBe(0)
    expect(out).toContain('warn  License — Not allowed.')
    expect(out).not.toContain('Nothing found.')
    expect(out).toContain('No engine here can run it')
    expect(out).not.toContain('Call it')
  })

  test('a model stands for its only version', async () => {
    hub.on('getModel', sampleModel())
    hub.on('publishVersion', sampleVersion({ state: 'published' }))
    hub.on('getVersionReadiness', readiness)
    hub.on('listDeployments', { items: [deployment], nextCursor: null })
    const done = await run(['publish', 'acme/tiny', '--no-evidence-because', 'known answer'])
    expect(done.code).toBe(0)
    expect(done.out).toContain('Call it: modelhub chat')
    expect(hub.seen.find(({ method }) => method === 'POST')).toMatchObject({
      path: `/api/v1/versions/${versionId}/publish`,
      body: { noEvidenceBecause: 'known answer' },
    })
  })

  test('a model with several versions is asked back', async () => {
    hub.on('getModel', sampleModel({ versionCount: 3 }))
    const refused = await run(['publish', 'acme/tiny'])
    expect(refused.code).toBe(1)
    expect(refused.err).toContain('modelhub versions acme/tiny')
    expect(hub.seen).toHaveLength(1)
  })

  test("without a token the hub's 401 comes with the way to get one", async () => {
    hub.refuse('publishVersion', 401, { kind: 'unauthenticated', code: 'no_token', detail: 'Sign in first.' })
    expect((await run(['publish', 'a@1'])).err).toContain('MODELHUB_TOKEN')
  })
})

describe('modelhub show', () => {
  test('a model: state, verdict, license, facts with origin, readiness', async () => {
    hub.on('getModel', sampleModel({ name: 'acme/tiny' }))
    hub.on('getVersionReadiness', readiness)
    const shown = await run(['show', 'acme/tiny'])
    expect(shown.code).toBe(0)
    for (const words of [
      'verified, since 3 min ago',
      'Unknown (unknown)',
      '1 file, 1.2 MB',
      'architecture  llama  derived  header of tiny.gguf',
      'Readiness: Ready to publish (1 of 1 checks pass)',
      'ok  Security scan — Nothing found.',
    ]) {
      expect(shown.out).toContain(words)
    }
  })

  test('a scan: what was not read and why, and what scanners elsewhere say, before the findings', async () => {
    hub.on('getVersion', sampleVersion({ state: 'needs_attention', verdict: 'incomplete' }))
    hub.on(
      'getVersionScan',
      sampleScan({
        verdict: 'incomplete',
        trigger: 'rescan',
        confirmed: { ruleset: '2', at: '2026-11-23T11:57:00.000Z' },
        stale: 'The files are to be inspected again.',
        skipped: [
          { reason: 'no_inspector', sentence: 'Nothing here looks.', files: 3, bytes: 2_000_000, paths: ['a.rknn'] },
          { reason: 'antivirus', sentence: 'ClamAV was not reachable.', files: 1, bytes: 0, paths: ['b.txt'] },
        ],
        imported: [
          {
            scanner: 'huggingface',
            origin: 'imported',
            status: 'issues',
            summary: '1 file with issues; scans finished',
            files: [{ path: 'c.pkl', status: 'unsafe', message: 'it calls os.system' }],
            filesTotal: null,
            source: 'acme/tiny@main',
            at: '2026-11-23T11:57:00.000Z',
          },
        ],
      }),
    )
    const { out } = await run(['show', 'acme/tiny@1', '--scan'])
    for (const words of [
      '1, confirmed by 2',
      'rescan',
      'The files are to be inspected again.',
      'not read  no inspector: 3 files, 2 MB unaccounted for. Nothing here looks.\n      a.rknn\n      and 2 more\n',
      'not read  antivirus: 1 file. ClamAV was not reachable.\n      b.txt\n',
      'elsewhere  huggingface: issues. 1 file with issues; scans finished (acme/tiny@main; not a verdict of this hub)',
      '      unsafe  c.pkl  it calls os.system',
    ]) {
      expect(out).toContain(words)
    }
  })

  test('a hosted version: who hosts it, no files, no verdict, and what its users must know', async () => {
    hub.on('getVersion', sampleHosted())
    hub.on('getVersionReadiness', {
      ...readiness,
      checks: [{ ...scanCheck, status: 'not_applicable', blocks: false, message: 'Not applicable: hosted.' }],
    })
    hub.on('getVersionScan', sampleHostedScan('Anthropic'))
    const { out } = await run(['show', 'acme/tiny@1'])
    for (const words of [
      'Anthropic (anthropic), there are no files here',
      'answers since 2026-11-01 at https://api.anthropic.com',
      'not applicable: hosted',
      'deprecated, ends on 2027-01-31; instead: claude-y (list of Anthropic)',
      'n/a  Security scan — Not applicable: hosted.',
    ]) {
      expect(out).toContain(words)
    }
    for (const words of ['0 files', 'not known yet', 'not scanned', 'fact:']) expect(out, words).not.toContain(words)
    expect((await run(['show', 'acme/tiny@1', '--scan'])).out).toBe(
      'Not applicable: hosted by Anthropic. There are no files here to scan.\n',
    )
  })

  test('publishing what the gateway cannot call says so, and offers no call', async () => {
    hub.on('getVersion', sampleHosted())
    hub.on('publishVersion', sampleHosted({ state: 'published' }))
    hub.on('getVersionReadiness', readiness)
    const { out, code } = await run(['publish', 'acme/tiny@1'])
    expect(code).toBe(0)
    expect(out).toContain('The gateway does not speak the dialect of Anthropic yet.')
    expect(out).not.toContain('Call it')
  })

  test('a version by name@number; --json is the answer of the API', async () => {
    hub.on('getVersion', sampleVersion())
    const shown = await run(['show', 'acme/tiny@1', '--json'])
    expect(JSON.parse(shown.out)).toEqual(sampleVersion())
  })
})

describe('modelhub rm', () => {
  test('asks on a terminal, and without one only --yes counts', async () => {
    hub.on('getModel', sampleModel())
    hub.on('deleteModel', undefined)
    expect((await run(['rm', 'acme/tiny'])).code).toBe(3)
    expect((await run(['rm', 'acme/tiny'], { terminal: true, answers: ['n'] })).code).toBe(1)
    expect(hub.seen.some((seen) => seen.method === 'DELETE')).toBe(false)
    expect((await run(['rm', 'acme/tiny', '--yes'])).code).toBe(0)
    expect(hub.seen.at(-1)).toMatchObject({ method: 'DELETE', path: '/api/v1/models/mdl_1' })
  })
})

describe('audit verify', () => {
  test('a broken chain is exit 1 and names the event', async () => {
    const firstBad = { seq: 7, problem: 'altered', message: 'Its hash does not fit.' }
    hub.on('verifyAudit', { ok: false, events: 9, head: 'ff', firstBad, message: 'The chain is broken.' })
    const broken = await run(['audit', 'verify'])
    expect(broken.code).toBe(1)
    expect(broken.out).toContain('event #7 altered: Its hash does not fit.')
    hub.on('verifyAudit', { ok: true, events: 9, head: 'ff', firstBad: null, message: 'The chain holds.' })
    expect((await run(['audit', 'verify'])).code).toBe(0)
  })
})

describe('generated commands', () => {
  const token = {
    id: 'tok_1',
    name: 'ci',
    prefix: 'hf_abc',
    roles: ['admin'],
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
    createdBy: 'usr_1',
    createdAt: '2026-11-23T11:57:00.000Z',
  }
  test('ls prints a table of the plain fields and says that there is more', async () => {
    hub.on('listTokens', { items: [token], nextCursor: 'next' })
    const listed = await run(['tokens', 'ls', '--limit', '1'])
    expect(listed.out.split('\n').slice(0, 2)).toEqual([
      'ID     NAME  PREFIX  ROLES  CREATED AT',
      'tok_1  ci    hf_abc  admin  3 min ago',
    ])
    expect(listed.err).toContain('--cursor next')
    expect(hub.seen[0]?.query.get('limit')).toBe('1')
  })

  test('update turns options into the body by their types', async () => {
    hub.on('updateModel', sampleModel())
    const done = await run(['models', 'update', 'acme/tiny', '--tags', 'a', '--tags', 'b', '--description', 'x'])
    expect(done.code).toBe(0)
    expect(hub.seen[0]).toMatchObject({
      method: 'PATCH',
      path: '/api/v1/models/acme/tiny',
      body: { tags: ['a', 'b'], description: 'x' },
    })
    expect((await run(['models', 'update', 'acme/tiny'])).code).toBe(3)
  })

  test('create names what is missing; rm sends nothing back', async () => {
    expect((await run(['offerings', 'create'])).err).toContain('needs --provider')
    hub.on('revokeToken', undefined)
    expect(await run(['tokens', 'rm', 'tok_1', '--yes'])).toMatchObject({ code: 0, out: 'tok_1 is removed.\n' })
  })
})

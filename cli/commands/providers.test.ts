import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/index.ts'
import { type FakeHub, startFakeHub } from '../testing/fake-hub.ts'
import { runCommand } from '../testing/test-context.ts'

const at = '2026-11-23T11:57:00.000Z'
const secret = 'a-secret-of-nobody-0001'
const folder = temporaryFolder('catalog')
let hub: FakeHub
beforeAll(async () => {
  hub = await startFakeHub()
})
afterAll(async () => {
  await hub.close()
  folder.remove()
})
const variables = () => ({ MODELHUB_URL: hub.url, MODELHUB_TOKEN: 'token', OTHER_KEY: 'from-the-environment-01' })
const run = (argv: string[], input?: string) =>
  runCommand(argv, { variables: variables(), ...(input === undefined ? {} : { input }) })

const field = (name: string, more: object = {}) => ({
  name,
  title: name,
  secret: true,
  required: true,
  multiline: false,
  example: null,
  help: null,
  ...more,
})
const provider = (kind: string, fields: object[]) => ({
  kind,
  title: kind.toUpperCase(),
  homepage: null,
  defined: true,
  sells: true,
  dialect: 'openai',
  api: null,
  fields,
  proof: 'x',
  docs: [],
  offerings: 3,
  credentials: 0,
  lastSync: null,
})
const credential = (more: object = {}) => ({
  id: 'crd_1',
  kind: 'openai',
  name: 'team',
  projectId: 'prj_1',
  fields: {},
  secrets: [{ name: 'apiKey', hint: '0001' }],
  lastTest: { at, ok: true, code: 'ok', message: 'It holds.', remedy: null },
  lastUsedAt: null,
  rotatedAt: null,
  usedBy: [],
  usedByCount: 0,
  syncs: [],
  createdBy: 'Ada',
  createdAt: at,
  updatedAt: at,
  ...more,
})

beforeEach(() => {
  hub.seen.length = 0
  hub.on('listProviders', {
    items: [
      provider('openai', [field('apiKey')]),
      provider('bedrock', [field('region', { secret: false }), field('accessKeyId'), field('secretAccessKey')]),
      provider('vllm', [field('endpoint', { secret: false }), field('apiKey', { required: false })]),
    ],
    nextCursor: null,
  })
  hub.on('createCredential', credential())
  hub.on('getCredential', credential())
  hub.on('rotateCredential', credential())
})
const sent = (method: string) => hub.seen.find((one) => one.method === method && one.path.includes('credentials'))?.body

describe('providers sync', () => {
  test('says what a value was and what it is', async () => {
    hub.on('syncProvider', {
      credentialId: 'crd_1',
      at,
      listed: 2,
      created: 1,
      changed: 1,
      unchanged: 0,
      notVisible: 0,
      problems: [],
      diff: {
        created: ['new-one'],
        changed: [
          {
            model: 'old-one',
            fields: ['inputPrice', 'regions'],
            values: [
              { field: 'inputPrice', before: 1, after: 1.5 },
              { field: 'regions', before: null, after: ['eu', 'us'] },
            ],
          },
        ],
        notVisible: [],
      },
    })
    const { out } = await run(['providers', 'sync', 'openai', '-c', 'crd_1'])
    expect(out).toContain('2 models: 1 new, 1 changed, 0 as before.')
    expect(out).toContain('changed  old-one: inputPrice 1 → 1.5, regions unknown → eu+us')
  })
})

describe('credentials create', () => {
  test('takes the one secret that is needed from standard input', async () => {
    const { code, out } = await run(['credentials', 'create', 'openai', '--name', 'team'], `${secret}\n`)
    expect(code).toBe(0)
    expect(sent('POST')).toEqual({ kind: 'openai', name: 'team', fields: { apiKey: secret }, force: false })
    expect(out).toContain('stored, ends in 0001')
    expect(out).not.toContain(secret)
  })

  test('takes it from the environment without reading anything', async () => {
    await run(['credentials', 'create', 'openai', '--env', 'apiKey=OTHER_KEY', '--force'], 'not this')
    expect(sent('POST')).toMatchObject({ name: 'openai', fields: { apiKey: 'from-the-environment-01' }, force: true })
  })

  test('takes several as lines', async () => {
    const lines = 'accessKeyId=AKIA1\nsecretAccessKey=a/b=c\n'
    await run(['credentials', 'create', 'bedrock', '-f', 'region=eu-central-1'], lines)
    expect(sent('POST')).toMatchObject({
      fields: { region: 'eu-central-1', accessKeyId: 'AKIA1', secretAccessKey: 'a/b=c' },
    })
  })

  test('reads an optional one only when told', async () => {
    const open = await run(['credentials', 'create', 'vllm', '-f', 'endpoint=http://gpu:8000'], secret)
    expect(open.err).toContain('--stdin apiKey')
    expect(sent('POST')).toMatchObject({ fields: { endpoint: 'http://gpu:8000' } })
    hub.seen.length = 0
    await run(['credentials', 'create', 'vllm', '-f', 'endpoint=http://gpu:8000', '--stdin', 'apiKey'], secret)
    expect(sent('POST')).toMatchObject({ fields: { endpoint: 'http://gpu:8000', apiKey: secret } })
  })

  test.each([
    [['openai', '-f', `apiKey=${secret}`]],
    [['openai', '-f', secret]],
    [['openai', '--env', 'apiKey=NOT_SET']],
    [['openai']],
    [['nobody']],
    [['openai', '--stdin', 'other']],
    [['bedrock', '-f', 'region=x']],
  ])('refuses %j and repeats no secret', async (args) => {
    const { code, out, err } = await run(
      ['credentials', 'create', ...args],
      args.includes('region=x') ? 'accessKeyId=A' : '',
    )
    expect(code).toBe(3)
    expect(out + err).not.toContain(secret)
    expect(sent('POST')).toBeUndefined()
  })
})

describe('credentials rotate and test', () => {
  test('replaces the secret from standard input', async () => {
    expect((await run(['credentials', 'rotate', 'crd_1'], secret)).code).toBe(0)
    expect(sent('PUT')).toEqual({ fields: { apiKey: secret }, force: false })
  })

  test('a test that fails ends with 1 and says what to do', async () => {
    const lastTest = { at, ok: false, code: 'key_refused', message: 'Not accepted.', remedy: 'Store another.' }
    hub.on('testCredential', credential({ lastTest }))
    const { code, out, err } = await run(['credentials', 'test', 'crd_1'])
    expect(code).toBe(1)
    expect(out).toContain('key_refused')
    expect(err).toContain('Store another.')
  })

  test('the list shows no more than the last characters', async () => {
    hub.on('listCredentials', {
      items: [credential(), credential({ secrets: [{ name: 'x', hint: null }] })],
      nextCursor: null,
    })
    const { out } = await run(['credentials', 'ls', '--kind', 'openai'])
    expect(out).toContain('…0001')
    expect(out).toContain('****')
  })
})

const offering = (more: object = {}) => ({
  id: 'off_1',
  provider: 'openai',
  providerTitle: 'OpenAI',
  model: 'gpt-x',
  unlisted: false,
  visible: null,
  name: null,
  family: null,
  price: { input: 0, output: null, cacheRead: null, cacheWrite: null },
  context: null,
  outputLimit: null,
  inputModalities: null,
  outputModalities: null,
  endpoints: null,
  tools: null,
  json: null,
  reasoning: null,
  openWeights: null,
  regions: null,
  retention: null,
  released: null,
  status: null,
  deprecation: null,
  facts: {},
  disagreements: [],
  probe: null,
  usedBy: [],
  createdAt: at,
  updatedAt: at,
  ...more,
})

describe('offerings', () => {
  test('a price of zero is a price, and an unknown one is none', async () => {
    hub.on('listOfferings', {
      items: [offering(), offering({ price: { input: null, output: 2, cacheRead: null, cacheWrite: null } })],
      nextCursor: null,
      total: 2,
    })
    const { out } = await run(['offerings', 'ls', 'gpt', 'x', '--max-price', '3', '--provider', 'openai'])
    const lines = out.split('\n')
    expect(lines[1]).toMatch(/\$0 +– +–/)
    expect(lines[2]).toMatch(/– +\$2 +–/)
    expect(Object.fromEntries(hub.seen[0]?.query ?? [])).toEqual({
      limit: '50',
      q: 'gpt x',
      maxPrice: '3',
      provider: 'openai',
    })
  })

  test('shows where each value is from and who says otherwise', async () => {
    const human = { value: 0.5, origin: 'human', source: 'Ada', at, reason: 'contract' }
    const other = { value: 1, origin: 'catalog', source: 'models.dev', at }
    hub.on(
      'getOffering',
      offering({
        unlisted: true,
        facts: { inputPrice: human },
        disagreements: [{ field: 'inputPrice', values: [human, other] }],
        deprecation: { date: '2026-12-31', replacement: 'gpt-y' },
        usedBy: [{ versionId: 'ver_1', name: 'acme/x@1', state: 'published' }],
      }),
    )
    const { out } = await run(['offerings', 'show', 'off_1'])
    for (const text of ['(unlisted)', '0.5  (Ada, 3 m', '1  (models.dev', 'ends 2026-12-31, use gpt-y', 'acme/x@1']) {
      expect(out).toContain(text)
    }
  })

  test('a probe that gets no answer ends with 1', async () => {
    const probe = {
      at,
      credentialId: 'crd_1',
      live: false,
      ms: null,
      code: 'unknown_model',
      message: 'No such model.',
      capabilities: { streaming: null, tools: null, json: null, vision: null },
      capabilitiesAt: null,
    }
    hub.on('probeOffering', offering({ probe }))
    const { code, out } = await run(['offerings', 'probe', 'off_1', '-c', 'crd_1', '--try', 'tools'])
    expect([code, out.includes('No such model.')]).toEqual([1, true])
    expect((await run(['offerings', 'probe', 'off_1'])).code).toBe(3)
    expect((await run(['offerings', 'probe', 'off_1', '-c', 'crd_1', '--try', 'magic'])).code).toBe(3)
  })
})

describe('catalog import', () => {
  test('sends the file and names what did not fit', async () => {
    const file = join(folder.path, 'providers.json')
    writeFileSync(file, '{"acme":{"id":"acme","models":{}}}')
    hub.on('importOfferings', {
      source: 'models.dev',
      at,
      providers: 1,
      offerings: 2,
      created: 2,
      changed: 0,
      unchanged: 0,
      gone: 1,
      deprecated: 0,
      problemCount: 3,
      problems: [{ provider: 'acme', model: 'bad', problem: 'its price is no number' }],
      changes: [],
      goneModels: [],
      deprecatedInUse: [],
    })
    const { code, out, err } = await run(['catalog', 'import', file, '--date', '2026-07-02'])
    expect(code, 'something was left out').toBe(1)
    expect(out).toContain('2 offerings of 1 provider: 2 new')
    expect(err).toContain('acme/bad: its price is no number')
    expect(err).toContain('… and 2 more')
    expect(hub.seen[0]).toMatchObject({ path: '/api/v1/offerings/import', body: { acme: { id: 'acme' } } })
    expect(hub.seen[0]?.query.get('date')).toBe('2026-07-02')
  })

  test.each(['[]', 'text', ''])('does not send %j', async (text) => {
    const file = join(folder.path, 'bad.json')
    writeFileSync(file, text)
    expect((await run(['catalog', 'import', file])).code).toBe(3)
    expect((await run(['catalog', 'import', join(folder.path, 'missing')])).code).toBe(3)
    expect(hub.seen).toEqual([])
  })
})

test('providers says what a credential holds', async () => {
  const { out } = await run(['providers'])
  expect(out).toContain('endpoint [apiKey]')
  expect(hub.seen[0]?.query.get('defined')).toBe('true')
})

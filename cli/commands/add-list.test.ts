import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type FakeHub, startFakeHub } from '../testing/fake-hub.ts'
import { sampleJob, sampleModel, sampleVersion } from '../testing/samples.ts'
import { runCommand } from '../testing/test-context.ts'

let hub: FakeHub
let folder: string
beforeEach(async () => {
  hub = await startFakeHub()
  folder = mkdtempSync(join(tmpdir(), 'modelhub-list-'))
})
afterEach(async () => {
  await hub.close()
  rmSync(folder, { recursive: true })
})

const add = (list: string, argv: string[] = []) => {
  writeFileSync(join(folder, 'models.txt'), list)
  return runCommand(['add', '--list', 'models.txt', ...argv], {
    folder,
    variables: { MODELHUB_URL: hub.url, MODELHUB_TOKEN: 'secret' },
  })
}

const known = [{ modelName: 'acme/here', number: 2, versionId: 'ver_9', state: 'verified' }]

/** The hub says of `acme/here` that it is there already. */
function expandsAll(): void {
  hub.on('expandSources', ({ body }) => ({
    candidates: (body as { sources: { repo?: string }[] }).sources.map((source, index) => ({
      text: '',
      index,
      source: null,
      address: null,
      suggestedName: null,
      known: source.repo === 'acme/here' ? known : [],
      problem: null,
    })),
    truncated: false,
  }))
}

const registered = () => hub.seen.filter(({ path }) => path === '/api/v1/models').map(({ body }) => body)

const list = `# what we want
acme/one
hf:acme/two@v1   # pinned
acme/here

not a source at all
https://files.example/m.gguf?sig=geheim
`

describe('modelhub add --list', () => {
  test('one job each: bare ids are repositories, a bad line and a refusal are named and stop nothing', async () => {
    expandsAll()
    hub.raw('POST /api/v1/models', ({ body }, _request, response) => {
      const refused = ['acme/two', 'm'].includes((body as { name: string }).name)
      const problem = { code: 'name_taken', detail: 'The name belongs to another project.', remedy: 'Take another.' }
      const made = { model: sampleModel(), version: sampleVersion({ state: 'draft' }), job: null }
      response.writeHead(refused ? 409 : 202, { 'content-type': 'application/json' })
      response.end(JSON.stringify(refused ? problem : made))
    })
    const run = await add(list, ['--draft'])
    expect(registered()).toMatchObject([
      { name: 'acme/one', source: { type: 'huggingface', repo: 'acme/one', revision: 'main' }, start: false },
      { name: 'acme/two', source: { type: 'huggingface', repo: 'acme/two', revision: 'v1' } },
      { name: 'm', source: { type: 'url', url: 'https://files.example/m.gguf?sig=geheim' } },
    ])
    expect(run.code).toBe(1)
    expect(run.out).toContain('line 4: here already as acme/here@2 verified; left out')
    expect(run.out).toContain('line 3: hf:acme/two@v1: The name belongs to another project.')
    expect(run.out).toContain('  remedy: Take another.')
    expect(run.out).toContain('line 7: https://files.example/m.gguf: The name')
    expect(run.out).toContain('line 6: not a source at all:')
    expect(run.out + run.err).not.toContain('geheim')
  })

  test('--again takes what is here already as well', async () => {
    expandsAll()
    hub.on('createModel', { model: sampleModel(), version: sampleVersion(), job: null })
    expect((await add('acme/here', ['--again', '--draft'])).code).toBe(0)
    expect(registered()).toHaveLength(1)
  })

  test('--no-wait leaves the jobs running', async () => {
    expandsAll()
    hub.on('createModel', { model: sampleModel(), version: sampleVersion({ state: 'draft' }), job: sampleJob() })
    expect((await add('acme/one', ['--no-wait'])).code).toBe(0)
    expect(hub.seen.some(({ path }) => path.includes('/jobs/'))).toBe(false)
  })

  test('--dry-run registers nothing and says what all would need', async () => {
    expandsAll()
    const check = (repo: string) => ({
      ok: repo !== 'acme/two',
      address: `hf:${repo}@main`,
      suggestedName: repo,
      suggestedModality: null,
      fileCount: 2,
      totalBytes: 3_000_000,
      files: [],
      licenseTag: null,
      formats: [],
      disk: { neededBytes: repo === 'acme/one' ? 3_000_000 : null, freeBytes: 9_000_000, alreadyStoredBytes: 0 },
      remote: null,
      hosted: null,
      known: [],
      notes: repo === 'acme/two' ? [{ level: 'blocker', message: 'It is gated.', remedy: 'Accept the terms.' }] : [],
    })
    hub.on('checkSource', ({ body }) => check((body as { source: { repo: string } }).source.repo))
    const run = await add('acme/one\nacme/two\nacme/three\n???', ['--dry-run'])
    expect(run.code).toBe(1)
    expect(registered()).toEqual([])
    expect(run.out).toContain('line 2: acme/two: It is gated.')
    expect(run.out).toContain('line 4: ???:')
    expect(run.out).toMatch(/2 models to add: .*, and what 1 source of unknown size will need, of .* free/)
  })

  test('the list is read from standard input, and with --json it is one document', async () => {
    expandsAll()
    hub.on('createModel', { model: sampleModel(), version: sampleVersion(), job: null })
    const run = await runCommand(['add', '--list', '-', '--json', '--draft'], {
      folder,
      input: 'acme/one\nacme/here\nx y z\n',
      variables: { MODELHUB_URL: hub.url, MODELHUB_TOKEN: 'secret' },
    })
    const { rows } = JSON.parse(run.out) as { rows: { line: number; version: unknown; problem: unknown }[] }
    expect(rows.map(({ line, version, problem }) => [line, version !== null, problem !== null])).toEqual([
      [1, true, false],
      [2, false, false],
      [3, false, true],
    ])
  })

  test.each([
    ['a list with a source beside it', 'acme/one', ['hf:acme/two']],
    ['a list with one name', 'acme/one', ['--name', 'x']],
    ['an empty list', '# nothing\n\n', []],
    ['more than 200 sources', 'acme/x\n'.repeat(201), []],
  ])('%s is wrong use: exit 3, and nothing is asked', async (_what, content, argv) => {
    expect((await add(content, argv)).code).toBe(3)
    expect(hub.seen).toEqual([])
  })
})

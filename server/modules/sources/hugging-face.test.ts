import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { HuggingFaceSource, type SourceNote } from '../../../contract/index.ts'
import {
  commitOf,
  type FakeHuggingFace,
  type FakeRepo,
  hubErrorOf,
  sha256Of,
  startFakeHuggingFace,
} from '../../../test/support/index.ts'
import { createNet, type Net, parseAllowList } from '../../platform/net/index.ts'
import { huggingFaceSource as kind } from './kinds/hugging-face.ts'
import type { RemoteFile, SourceContext } from './source-kind.ts'

const first = commitOf('first')
const second = commitOf('second')
const weights = Buffer.alloc(2_000, 7)
const repo = (over: Partial<FakeRepo> = {}): FakeRepo => ({
  commits: { [first]: { 'model.safetensors': weights, 'config.json': '{}' } },
  refs: { main: first, 'release/1.0': first },
  ...over,
})

let hub: FakeHuggingFace
let net: Net
let context: SourceContext
beforeAll(() => {
  net = createNet({ allow: parseAllowList('127.0.0.1') })
})
beforeEach(async () => {
  hub = await startFakeHuggingFace(
    {
      'acme/tiny': repo({ license: 'apache-2.0', task: 'text-generation' }),
      gpt2: repo({ movedTo: 'openai-community/gpt2' }),
      'openai-community/gpt2': repo(),
      'acme/gated': repo({ gated: 'manual' }),
      'acme/private': repo({ private: true }),
    },
    { accounts: { hf_reader: { accepted: true }, hf_other: { accepted: false } }, prefix: '/hf', pageSize: 2 },
  )
  context = {
    roots: [],
    net,
    huggingFaceEndpoint: hub.url,
    credential: (id) =>
      Promise.resolve(
        id === 'crd_openai'
          ? { kind: 'openai', fields: { token: 'sk-secret' } }
          : { kind: 'huggingface', fields: { token: id.replace('crd_', 'hf_') } },
      ),
  }
  return () => hub.close()
})
afterAll(() => net.close())

const source = (over: Record<string, unknown>): HuggingFaceSource =>
  HuggingFaceSource.parse({ type: 'huggingface', repo: 'acme/tiny', ...over })
const resolve = (over: Record<string, unknown> = {}) => kind.resolve(source(over), null, context)
async function list(over: Record<string, unknown> = {}): Promise<{ files: RemoteFile[]; notes: SourceNote[] }> {
  const notes: SourceNote[] = []
  const files: RemoteFile[] = []
  for await (const file of kind.list(await resolve(over), context, (note) => notes.push(note))) files.push(file)
  return { files, notes }
}
const paths = async (files: Record<string, Buffer | string>, over: Record<string, unknown> = {}) => {
  hub.repos['acme/tiny'] = repo({ commits: { [first]: files } })
  const listed = await list(over)
  return { ...listed, paths: listed.files.map(({ path }) => path) }
}

test('a revision is pinned to its commit, with license, task and access; a slash in it is no path', async () => {
  expect(await resolve()).toMatchObject({
    source: { repo: 'acme/tiny', revision: 'main', commit: first },
    secret: null,
    pin: { license: 'apache-2.0', task: 'text-generation', gated: false, private: false },
  })
  expect((await resolve({ revision: 'release/1.0' })).source.commit).toBe(first)
  expect((await resolve({ commit: first, revision: 'gone' })).source.commit).toBe(first)
})

test('files come page by page with the digest that the repository states; a mirror that names the hub is still the one asked', async () => {
  const { files } = await paths({
    'a.json': '1',
    'b.json': '2',
    'c/d.json': '3',
    'model.safetensors': weights,
    'e.txt': 'x',
  })
  expect(files).toHaveLength(5)
  expect(files.find(({ path }) => path === 'model.safetensors')?.ref).toEqual({
    size: 2_000,
    sha256: sha256Of(weights),
  })
  expect(files.find(({ path }) => path === 'a.json')?.ref).toEqual({
    size: 1,
    gitSha1: '56a6051ca2b02b04ef92d5150c9ef600403cb1de',
  })
  expect(hub.seen.filter(({ path }) => path.includes('/tree/'))).toHaveLength(3)
})

test('a one-part name and one that was renamed are followed, and the new name is said', async () => {
  expect((await resolve({ repo: 'gpt2' })).pin.movedTo).toBe('openai-community/gpt2')
})

describe('access', () => {
  test.each([
    ['a gated repository', { repo: 'acme/gated' }, 'gated', 'store a token'],
    [
      'one whose terms the account has not accepted',
      { repo: 'acme/gated', credential: 'crd_other' },
      'gated',
      'Accept the terms on',
    ],
    ['a private repository', { repo: 'acme/private' }, 'token_needed', 'store a token'],
    ['no repository', { repo: 'acme/none' }, 'token_needed', 'Check the name'],
    [
      'no repository, with a token',
      { repo: 'acme/none', credential: 'crd_reader' },
      'repo_not_found',
      'Check the name',
    ],
    ['a revoked token', { credential: 'crd_revoked' }, 'token_refused', 'test the credential'],
    ['no such revision', { revision: 'v9' }, 'revision_not_found', 'branch, tag or commit'],
    ['a credential of another kind', { credential: 'crd_openai' }, 'credential_elsewhere', 'Name a credential'],
  ])('%s says so', async (_what, over, code, remedy) => {
    const probe = async () => {
      const resolved = await resolve(over)
      await kind.probe(resolved, { path: 'config.json', ref: { size: 2 } }, context)
    }
    const error = await hubErrorOf(probe())
    expect(error).toMatchObject({ code })
    expect(error.remedy).toContain(remedy)
    expect(hub.seen.some(({ headers }) => headers.authorization?.includes('sk-') === true)).toBe(false)
  })

  test('a token that may read gets through, and goes to the hub only', async () => {
    const resolved = await resolve({ repo: 'acme/gated', credential: 'crd_reader' })
    expect(await kind.probe(resolved, { path: 'model.safetensors', ref: { size: 1 } }, context)).toEqual({
      ranges: true,
    })
    const cdn = hub.seen.filter(({ host }) => host === 'cdn')
    expect(cdn.length).toBeGreaterThan(0)
    for (const { headers } of cdn) expect(headers.authorization).toBeUndefined()
    expect((await kind.request(resolved, { path: 'config.json', ref: { size: 2 } }, context)).headers).toMatchObject({
      authorization: 'Bearer hf_reader',
    })
  })

  test('nothing asks for Xet', async () => {
    await list()
    await kind.probe(await resolve(), { path: 'model.safetensors', ref: { size: 1 } }, context)
    for (const { path, headers } of hub.seen) expect(`${path} ${JSON.stringify(headers)}`).not.toMatch(/xet/i)
  })
})

describe('the choice of files', () => {
  const small = Buffer.from('x')
  test('leaves pickles of the same weights, other frameworks and leftovers of a training run out, and says so', async () => {
    const { paths: taken, notes } = await paths({
      'model-00001-of-00002.safetensors': small,
      'model-00002-of-00002.safetensors': small,
      'pytorch_model-00001-of-00002.bin': small,
      'tf_model.h5': small,
      'optimizer.pt': small,
      'original/consolidated.00.pth': small,
      'vision/tower.pt': small,
      'unet/diffusion_pytorch_model.fp16.safetensors': small,
      'unet/diffusion_pytorch_model.bin': small,
      'config.json': small,
    })
    expect(taken).toEqual([
      'model-00001-of-00002.safetensors',
      'model-00002-of-00002.safetensors',
      'vision/tower.pt',
      'unet/diffusion_pytorch_model.fp16.safetensors',
      'config.json',
    ])
    expect(notes.map(({ message }) => message)).toEqual([
      expect.stringContaining('4 files (4 bytes) that hold the same weights'),
      expect.stringContaining('1 file (1 bytes) that only a training run needs: optimizer.pt'),
    ])
  })

  test('takes pickles where there is nothing else, and whatever include names', async () => {
    expect((await paths({ 'pytorch_model.bin': small, 'config.json': small })).paths).toContain('pytorch_model.bin')
    const named = await paths({ 'model.safetensors': small, 'pytorch_model.bin': small }, { include: ['*.bin'] })
    expect(named.paths).toEqual(['pytorch_model.bin'])
    const without = await paths({ 'a.gguf': small, 'b.gguf': small, 'c.txt': small }, { exclude: ['{a,b}.gguf'] })
    expect(without.paths).toEqual(['c.txt'])
  })

  test('says how many variants there are', async () => {
    const { notes } = await paths({
      'm-Q4_K_M.gguf': small,
      'm-Q8_0-00001-of-00002.gguf': small,
      'm-Q8_0-00002-of-00002.gguf': small,
    })
    expect(notes[0]).toMatchObject({ level: 'doubt', remedy: expect.stringContaining('m-Q4_K_M.gguf') })
    expect(notes[0]?.message).toContain('2 GGUF files or sets')
  })
})

describe('a repository', () => {
  test('a path out of the folder is refused by name, and may be left out', async () => {
    hub.repos['acme/tiny'] = repo({ commits: { [first]: { '../../etc/passwd': 'x', 'a.txt': '1' } } })
    expect(await hubErrorOf(list())).toMatchObject({ code: 'bad_file_name' })
    expect((await list({ exclude: ['passwd'] })).files.map(({ path }) => path)).toEqual(['a.txt'])
  })

  test('the commit of another time is kept', async () => {
    hub.repos['acme/tiny'] = repo({
      commits: { [first]: { 'a.txt': '1' }, [second]: { 'a.txt': '2' } },
      refs: { main: second },
    })
    expect((await resolve()).source.commit).toBe(second)
    expect((await resolve({ commit: first })).source.commit).toBe(first)
  })
})

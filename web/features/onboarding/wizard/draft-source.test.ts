import { expect, test } from 'vitest'
import { type Draft, emptyDraft, memoryLimitBytes } from './draft.ts'
import { bodyOf, draftFrom, labelOf, sourceOf } from './draft-source.ts'

const draft = (change: Partial<Draft>): Draft => ({ ...emptyDraft, ...change })
const { huggingface, url, disk, cloud } = emptyDraft

test('a repository with its patterns, its token and the commit that was looked at', () => {
  const given = {
    ...huggingface,
    repo: ' acme/tiny ',
    commit: 'a'.repeat(40),
    include: '*.gguf  {a,b}.json',
    exclude: '*.bin',
    credential: 'crd_1',
    watch: true,
  }
  expect(sourceOf(draft({ source: 'huggingface', huggingface: given }))).toEqual({
    source: {
      type: 'huggingface',
      repo: 'acme/tiny',
      revision: 'main',
      commit: 'a'.repeat(40),
      include: ['*.gguf', '{a,b}.json'],
      exclude: ['*.bin'],
      credential: 'crd_1',
      watch: true,
    },
  })
})

test.each([
  ['nothing chosen', draft({}), false],
  ['no repository yet', draft({ source: 'huggingface' }), false],
  ['half a repository', draft({ source: 'huggingface', huggingface: { ...huggingface, repo: 'acme/' } }), true],
  ['half an address', draft({ source: 'url', url: { ...url, url: 'https://' } }), true],
  ['another scheme', draft({ source: 'url', url: { ...url, url: 'file:///etc/passwd' } }), true],
  ['half a digest', draft({ source: 'url', url: { ...url, url: 'https://a.example/m', sha256: 'ab' } }), true],
  ['an upload that is not whole', draft({ source: 'disk', disk: { ...disk, from: 'upload', upload: 'upl_1' } }), true],
  ['a provider without a model', draft({ source: 'cloud', cloud: { ...cloud, provider: 'openai' } }), false],
])('%s is not asked for', (_what, given, started) => {
  expect(sourceOf(given)).toMatchObject({ started })
})

test('a digest as publishers write it', () => {
  const given = { ...url, url: 'https://a.example/m.gguf?sig=1', sha256: `SHA256: ${'AB'.repeat(32)}` }
  expect(sourceOf(draft({ source: 'url', url: given }))).toMatchObject({
    source: { sha256: 'ab'.repeat(32), url: 'https://a.example/m.gguf?sig=1' },
  })
})

test('a form that begins with a source in words', () => {
  expect(draftFrom('cloud:openai/gpt-5')).toMatchObject({
    source: 'cloud',
    cloud: { provider: 'openai', model: 'gpt-5' },
  })
  expect(draftFrom('hf:acme/tiny@v1')).toMatchObject({
    source: 'huggingface',
    huggingface: { repo: 'acme/tiny', revision: 'v1' },
  })
  expect(draftFrom('nonsense')).toBeNull()
})

test('what a form is called never holds a query', () => {
  const given = draft({ source: 'url', url: { ...url, url: 'https://a.example/x/m.gguf?X-Amz-Signature=geheim#frag' } })
  expect(labelOf(given)).toBe('a.example/x/m.gguf')
})

test('a hosted model is registered without what only files have', () => {
  const given = draft({
    source: 'cloud',
    name: 'acme/x',
    cloud: { ...cloud, provider: 'openai', model: 'gpt-5' },
    preference: 'gpu',
    memoryLimit: '8',
    publish: true,
  })
  const state = sourceOf(given)
  if (!('source' in state)) throw new Error('no source')
  const body = bodyOf(given, state.source, true)
  expect(body).toMatchObject({ onboarding: { benchmark: false, evaluate: false, publish: true } })
  expect(body).not.toHaveProperty('hardware')
})

test.each([
  ['8', 8 * 2 ** 30],
  ['0,5', 2 ** 29],
  ['', null],
  ['eight', null],
  ['0', null],
  ['-1', null],
])('a memory limit of "%s" GiB is %s bytes', (typed, bytes) => {
  expect(memoryLimitBytes(typed)).toBe(bytes)
})

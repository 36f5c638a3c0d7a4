import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { HuggingFaceSource, type SourceNote } from '../../../../contract/index.ts'
import { commitOf, type FakeHuggingFace, startFakeHuggingFace } from '../../../../test/support/index.ts'
import { createNet, type Net, parseAllowList } from '../../../platform/net/index.ts'
import { huggingFaceSource } from '../kinds/hugging-face.ts'
import type { SourceContext } from '../source-kind.ts'

const commit = commitOf('first')
let hub: FakeHuggingFace
let net: Net
let context: SourceContext
beforeAll(() => {
  net = createNet({ allow: parseAllowList('127.0.0.1') })
})
beforeEach(async () => {
  hub = await startFakeHuggingFace({})
  context = { roots: [], net, huggingFaceEndpoint: hub.url }
})
afterEach(() => hub.close())
afterAll(() => net.close())

const source = HuggingFaceSource.parse({ type: 'huggingface', repo: 'acme/tiny' })
const resolve = (security: unknown) => {
  hub.repos['acme/tiny'] = { commits: { [commit]: { 'config.json': '{}' } }, refs: { main: commit }, security }
  return huggingFaceSource.resolve(source, null, context)
}
const said = async (security: unknown) => (await resolve(security)).pin.security
const many = Array.from({ length: 150 }, (_, i) => ({ path: `file-${i}.bin`, level: 'suspicious' }))

// Written by hand, in the form that `Security` in api.ts names the source of; not recorded.
test.each<[string, unknown, unknown]>([
  ['nothing found, finished', { scansDone: true, filesWithIssues: [] }, { scansDone: true, issues: 0, files: [] }],
  ['not finished', { scansDone: false, filesWithIssues: [] }, { scansDone: false, issues: 0, files: [] }],
  [
    'files with their level, and fields that are new',
    { scansDone: true, filesWithIssues: [{ path: 'a.pkl', level: 'unsafe', why: 'x' }], more: 1 },
    { scansDone: true, issues: 1, files: [{ path: 'a.pkl', level: 'unsafe' }] },
  ],
  [
    'more files than are named',
    { scansDone: true, filesWithIssues: many },
    { scansDone: true, issues: 150, files: many.slice(0, 100) },
  ],
])('what the hub’s scanners say is taken as it stands: %s', async (_what, security, expected) => {
  expect(await said(security)).toEqual(expected)
})

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a text', 'all is well'],
  ['no list', { scansDone: true }],
  ['another list', { scansDone: true, filesWithIssues: 'none' }],
  ['a file without a level', { scansDone: true, filesWithIssues: [{ path: 'a.pkl' }] }],
  ['whether it is finished in words', { scansDone: 'yes', filesWithIssues: [] }],
  [
    'too many',
    { scansDone: true, filesWithIssues: Array.from({ length: 100_001 }, () => ({ path: 'a', level: 'b' })) },
  ],
])('what is not understood is not known, and not none: %s', async (_what, security) => {
  expect(await said(security)).toBeUndefined()
})

test('files with issues are told before anything is fetched', async () => {
  const resolved = await resolve({ scansDone: true, filesWithIssues: [{ path: 'a.pkl', level: 'unsafe' }] })
  const notes: SourceNote[] = []
  await huggingFaceSource.look(resolved, [], context, (note) => notes.push(note))
  expect(notes.map(({ message }) => message)).toContainEqual(expect.stringMatching(/name a file: a\.pkl \(unsafe\)/))
})

import { expect, test } from 'vitest'
import type { BulkRow } from './bulk-rows.ts'
import { isChosen, rowsFrom, sharedNames, totalOf, withScheme } from './bulk-rows.ts'

type Candidate = Parameters<typeof rowsFrom>[0][number]
type Found = Extract<BulkRow['check'], { state: 'done' }>['found']

const candidate = (change: Partial<Candidate>): Candidate => ({
  text: 'x',
  index: 0,
  source: { type: 'huggingface', repo: 'acme/x', revision: 'main' },
  address: 'hf:acme/x@main',
  suggestedName: 'acme/x',
  known: [],
  problem: null,
  ...change,
})

const found = (change: Partial<Found['disk']>, ok = true): BulkRow['check'] => ({
  state: 'done',
  found: {
    ok,
    address: 'x',
    suggestedName: 'x',
    suggestedModality: null,
    fileCount: 1,
    totalBytes: 100,
    files: [],
    licenseTag: null,
    formats: [],
    disk: { neededBytes: 100, freeBytes: 1_000, alreadyStoredBytes: 0, ...change },
    remote: null,
    hosted: null,
    known: [],
    notes: [],
  },
})

test('a bare id of a repository is one, with a comment after it too; everything else stays', () => {
  expect(withScheme('acme/x\n acme/y@v1 # why\n/models/a\nhttps://h/a/b\n# acme/z\ntwo words')).toBe(
    'hf:acme/x\nhf:acme/y@v1 # why\n/models/a\nhttps://h/a/b\n# acme/z\ntwo words',
  )
})

test('an address is registered as it was given: the hub gives it back without its query', () => {
  const [row] = rowsFrom(
    [
      candidate({
        index: 1,
        text: 'https://h.example/m.gguf',
        address: 'https://h.example/m.gguf',
        source: { type: 'url', url: 'https://h.example/m.gguf', unpack: true },
      }),
    ],
    '# list\nhttps://h.example/m.gguf?sig=geheim # comment',
    'in_place',
  )
  expect(row?.source).toMatchObject({ url: 'https://h.example/m.gguf?sig=geheim' })
  expect(row?.label).not.toContain('geheim')
})

test('what is here already, twice in the list or unreadable is not taken by itself', () => {
  const known: Candidate['known'] = [{ modelName: 'acme/x', number: 1, versionId: 'ver_1', state: 'verified' }]
  const problem = { code: 'source_not_understood', message: 'No.', remedy: null }
  const rows = rowsFrom(
    [
      candidate({}),
      candidate({}),
      candidate({ address: 'hf:acme/k@main', known }),
      candidate({ address: null, source: null, problem }),
    ],
    '',
    'copy',
  )
  expect(rows.map(({ take, twice }) => [take, twice])).toEqual([
    [true, false],
    [false, true],
    [false, false],
    [false, false],
  ])
})

test('the total counts what is chosen and can be taken; an unknown size is not zero', () => {
  const [one, two, three] = rowsFrom(
    [candidate({ address: 'a' }), candidate({ address: 'b' }), candidate({ address: 'c' })],
    '',
    'copy',
  )
  if (one === undefined || two === undefined || three === undefined) throw new Error('three rows')
  one.check = found({})
  two.check = found({ neededBytes: null })
  three.check = found({}, false)
  const rows = [one, two, three]
  expect(totalOf(rows)).toMatchObject({ chosen: 2, needed: 100, unknown: 1, free: 1_000, checking: false })
  expect(isChosen(three)).toBe(false)
  expect([...sharedNames(rows)]).toEqual(['acme/x'])
  expect(totalOf([{ ...one, name: 'not a name' }]).badName).toBe(true)
  expect(totalOf([{ ...one, check: { state: 'running' } }]).checking).toBe(true)
})

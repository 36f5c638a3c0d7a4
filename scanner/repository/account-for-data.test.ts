import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { judge } from '../judge.ts'
import { look } from '../testing/look.ts'
import { externalTensor, onnxBytes } from '../testing/onnx-bytes.ts'
import { emptyTuple, global, pickle, reduce } from '../testing/pickle-bytes.ts'
import { bundleIndexBytes } from '../testing/tensorflow-bundle-bytes.ts'
import { graphBytes, plainNodes, savedModelBytes } from '../testing/tensorflow-bytes.ts'
import { zipBytes } from '../testing/zip-bytes.ts'
import { accountForData } from './account-for-data.ts'
import { createDataClaims } from './data-claims.ts'
import { judgeRepository, type RepositoryFile } from './judge-repository.ts'

/** Weights as they look: no format begins like this. */
const floats = (length: number, first = 0xc3): Buffer => Buffer.alloc(length, Uint8Array.of(first, 0x8f, 0x91, 0xbe))
const file = (path: string, bytes: Uint8Array): RepositoryFile => ({ path, facts: look(bytes, path).facts })
const verdicts = (...files: RepositoryFile[]): Record<string, string> =>
  Object.fromEntries(accountForData(files).map(({ path, facts }) => [path, judge(facts, { path }).verdict]))
const rulesOf = (...files: RepositoryFile[]): string[] =>
  judgeRepository(files).map(({ path, ruleId }) => `${path} ${ruleId}`)
/** A model whose one tensor of two floats has eight bytes in another file. */
const onnx = (location: string, more: [string, string][] = []): Buffer =>
  onnxBytes({ tensors: [externalTensor(location, more)] })
const net = (offset: number, size: number, shape = '1,2'): Buffer =>
  Buffer.from(
    `<?xml version="1.0"?><net name="m" version="11"><layers><layer id="0" type="Const" version="opset1"><data element_type="f32" shape="${shape}" offset="${offset}" size="${size}"/></layer></layers></net>`,
  )

test('a SavedModel folder passes as a whole', () => {
  const index = bundleIndexBytes([
    { name: '_CHECKPOINTABLE_OBJECT_GRAPH', type: 7, shape: [], offset: 0, size: 24 },
    { name: 'dense/kernel', shape: [2, 2], offset: 24, size: 16 },
  ])
  const folder = [
    file('m/saved_model.pb', savedModelBytes(graphBytes(plainNodes))),
    file('m/variables/variables.index', index),
    file('m/variables/variables.data-00000-of-00001', floats(40)),
  ]
  expect(new Set(Object.values(verdicts(...folder)))).toEqual(new Set(['pass']))
  expect(rulesOf(...folder)).toEqual([])
  const [, , data] = accountForData(folder)
  expect(data?.facts).toMatchObject({
    format: 'external-weights',
    title: 'Weights of variables.index',
    coverage: { tensorBytes: 40, unaccountedBytes: 0 },
  })
})

test('data of an ONNX model, in a folder of its own, and of two models', () => {
  const one = file('onnx/a.onnx', onnx('data/w.bin'))
  const two = file(
    'onnx/b.onnx',
    onnx('./data/w.bin', [
      ['offset', '8'],
      ['length', '8'],
    ]),
  )
  expect(verdicts(one, two, file('onnx/data/w.bin', floats(16)))['onnx/data/w.bin']).toBe('pass')
  expect(verdicts(one, file('onnx/data/w.bin', floats(8)))['onnx/data/w.bin']).toBe('pass')
})

test('weights beside an OpenVINO graph', () => {
  expect(verdicts(file('m/x.xml', net(0, 8)), file('m/x.bin', floats(8)))['m/x.bin']).toBe('pass')
  // The same graph under another name has its weights under that name.
  expect(verdicts(file('m/y.xml', net(0, 8)), file('m/x.bin', floats(8)))['m/x.bin']).toBe('incomplete')
})

test('padding that aligns the next tensor is accounted for, other gaps are not', () => {
  const joined = (...starts: [number, number][]): number | undefined => {
    const claims = createDataClaims()
    for (const [offset, length] of starts) claims.add('w', offset, length)
    return claims.finish()[0]?.ranges.length
  }
  expect(joined([0, 100], [4096, 10], [104, 1])).toBe(1)
  expect(joined([0, 100], [101, 10])).toBe(2)
  expect(joined([0, 10], [65_536 * 3, 10])).toBe(2)
  expect(joined([0, 10], [5, 100], [105, 1])).toBe(1)
})

test.each<[string, RepositoryFile, number]>([
  ['one byte more than the tensors', file('a.onnx', onnx('w')), 9],
  ['one byte less', file('a.onnx', onnx('w')), 7],
  ['a tensor that begins later', file('a.onnx', onnx('w', [['offset', '8']])), 16],
  ['a tensor that begins behind the end', file('a.onnx', onnx('w', [['offset', '8']])), 8],
  ['a length that the shape does not make', file('a.onnx', onnx('w', [['length', '16']])), 8],
  [
    'an entry given twice',
    file(
      'a.onnx',
      onnx(
        'w',
        ['8', '0'].map((at): [string, string] => ['offset', at]),
      ),
    ),
    8,
  ],
  ['a model with more behind it', file('a.onnx', Buffer.concat([onnx('w'), Buffer.of(0xff)])), 8],
  ['a size that the shape does not make', file('w.xml', net(0, 16)), 16],
  ['data of another folder', file('x/a.onnx', onnx('w')), 8],
])('%s leaves the data incomplete', (_name, model, bytes) => {
  const path = model.path === 'w.xml' ? 'w.bin' : 'w'
  expect(verdicts(model, file(path, floats(bytes)))[path]).toBe('incomplete')
})

test('what is a program, an archive or a pickle stays what it is, whatever claims it', () => {
  const elf = Buffer.alloc(64)
  Buffer.from('7f454c4602010100', 'hex').copy(elf)
  for (const bytes of [
    elf,
    pickle(2, global('os', 'system'), emptyTuple, reduce),
    zipBytes([{ name: 'a', data: 'x' }]),
  ]) {
    const claims = createDataClaims()
    claims.add('w', 0, bytes.length)
    const model = file('a.onnx', onnx('w'))
    const data = file('w', bytes)
    const files = [{ ...model, facts: { ...model.facts, claims: claims.finish() } }, data]
    expect(accountForData(files)[1]).toBe(data)
    expect(accountForData(files)[1]?.facts.format).not.toBe('external-weights')
  }
  // An archive behind the weights is found by its end.
  const behind = Buffer.concat([floats(8), zipBytes([{ name: 'a', data: 'x' }])])
  expect(verdicts(file('a.onnx', onnx('w')), file('w', behind))['w']).not.toBe('pass')
})

test('weights that are missing or cut short are told', () => {
  expect(rulesOf(file('a.onnx', onnx('w')))).toEqual(['a.onnx REPO-DATA-001'])
  expect(rulesOf(file('a.onnx', onnx('w')), file('w', floats(7)))).toEqual(['a.onnx REPO-DATA-002'])
  expect(rulesOf(file('a.onnx', onnx('w')), file('w', floats(8)))).toEqual([])
})

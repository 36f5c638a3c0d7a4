import { expect, test } from 'vitest'
import { look } from '../testing/look.ts'
import { floats, proto } from '../testing/protobuf-bytes.ts'
import { graphBytes, plainNodes, savedModelBytes, textAttr } from '../testing/tensorflow-bytes.ts'
import { gradeTensorflowOp } from './ops.ts'
import type { TensorflowHeader } from './types.ts'

test('tells what the model is made of', () => {
  const bytes = savedModelBytes(graphBytes(plainNodes, [{ name: '__inference_f_1', nodes: [{ op: 'Relu' }] }]), [
    [5, proto([1, 'serving_default'], [2, proto([3, 'tensorflow/serving/predict'])])],
    [6, proto([2, 'vocab.txt'])],
  ])
  const { facts, verdict } = look(bytes, 'saved_model.pb')
  expect(verdict).toBe('pass')
  expect(facts.header as TensorflowHeader).toMatchObject({
    kind: 'tf-savedmodel',
    tensorflowVersion: '2.15.0',
    tags: ['serve'],
    signatures: ['serving_default'],
    nodes: plainNodes.length + 1,
    functions: 1,
    assets: ['vocab.txt'],
    operators: { Relu: 2, MatMul: 1, SaveV2: 1 },
  })
})

test.each([
  ['MatMul', 'plain'],
  ['SaveV2', 'plain'],
  ['DecodeRaw', 'plain'],
  ['PyFunc', 'python'],
  ['ReadFile', 'read'],
  ['WriteFile', 'write'],
  ['DataServiceDatasetV2', 'network'],
  ['LoadLibraryOp', 'run'],
  ['ExecuteCommand', 'run'],
  ['SentencepieceTokenizeOp', 'custom'],
  ['matmul', 'custom'],
  ['', 'custom'],
])('%s is %s', (name, grade) => {
  expect(gradeTensorflowOp(name)).toBe(grade)
})

test('printing: to the console is told, to a file is high', () => {
  const printing = (target: string): ReturnType<typeof look> =>
    look(
      savedModelBytes(graphBytes([{ op: 'PrintV2', attrs: [['output_stream', textAttr(target)]] }])),
      'saved_model.pb',
    )
  expect(printing('stderr')).toMatchObject({ verdict: 'pass', ids: ['TF-OP-009'] })
  expect(printing('file:///etc/x').findings[0]).toMatchObject({ ruleId: 'TF-OP-003', severity: 'high' })
  expect(printing('elsewhere').ids).toEqual(['TF-OP-008'])
})

test('constants are proved by shape and type', () => {
  const tensor = (...fields: Parameters<typeof proto>): ReturnType<typeof look> =>
    look(
      savedModelBytes(graphBytes([{ op: 'Const', attrs: [['value', proto([8, proto(...fields)])]] }])),
      'saved_model.pb',
    )
  const shape = (...dims: number[]): Buffer => proto(...dims.map((size): [number, Buffer] => [2, proto([1, size])]))
  expect(tensor([1, 1], [2, shape(2, 2)], [4, floats(1, 2, 3, 4)])).toMatchObject({
    verdict: 'pass',
    facts: { coverage: { tensorBytes: 16 } },
  })
  // One number stands for all of a tensor.
  expect(tensor([1, 1], [2, shape(1000)], [5, floats(1)]).verdict).toBe('pass')
  const long = floats(...Array.from({ length: 400 }, () => 1))
  expect(tensor([1, 1], [2, shape(400)], [5, long]).verdict).toBe('pass')
  expect(tensor([1, 1], [2, shape(2)], [5, long]).verdict).toBe('incomplete')
  for (const wrong of [
    tensor([1, 1], [2, shape(2)], [4, floats(1, 2, 3, 4)]),
    tensor([1, 1], [2, shape(-1)], [4, floats(1)]),
    tensor([1, 7], [2, shape(1)], [4, floats(1)]),
  ]) {
    expect(wrong.ids).toContain('TF-BOUNDS-001')
    expect(wrong.verdict).toBe('incomplete')
  }
})

test('the same operator many times is one finding', () => {
  const nodes = Array.from({ length: 500 }, (_none, i) => ({ op: 'ReadFile', name: `r${i}` }))
  const { findings } = look(savedModelBytes(graphBytes(nodes)), 'saved_model.pb')
  expect(findings).toHaveLength(1)
  expect(findings[0]?.message).toContain('used 500 times')
})

test('long lists of numbers in attributes are accounted for', () => {
  const list = proto([1, proto([4, floats(...Array.from({ length: 1000 }, () => 1))])])
  const bytes = savedModelBytes(graphBytes([{ op: 'MatMul', attrs: [['boundaries', list]] }]))
  expect(look(bytes, 'saved_model.pb')).toMatchObject({ verdict: 'pass', facts: { coverage: { tensorBytes: 4000 } } })
})

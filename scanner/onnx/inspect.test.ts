import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { look } from '../testing/look.ts'
import { externalTensor, onnxBytes, rawTensor } from '../testing/onnx-bytes.ts'
import { floats, proto } from '../testing/protobuf-bytes.ts'
import type { OnnxHeader } from './types.ts'

test('tells what the model is made of', () => {
  const { facts } = look(
    onnxBytes({
      nodes: [{ op: 'Conv' }, { op: 'Conv' }, { op: 'FusedConv', domain: 'com.microsoft' }],
      tensors: [rawTensor, externalTensor('w.bin', [['offset', '0']])],
      opsets: [
        ['', 17],
        ['com.microsoft', 1],
      ],
    }),
    'm.onnx',
  )
  expect(facts.header as OnnxHeader).toEqual({
    kind: 'onnx',
    irVersion: 8,
    producer: 'generated',
    producerVersion: '1.0',
    opsets: [
      { domain: '', version: 17 },
      { domain: 'com.microsoft', version: 1 },
    ],
    nodes: 3,
    initializers: 2,
    operators: { Conv: 2, 'com.microsoft::FusedConv': 1 },
    externalFiles: ['w.bin'],
    functions: [],
  })
})

test('operators of ONNX Runtime are told and pass', () => {
  const { verdict, findings } = look(onnxBytes({ nodes: [{ op: 'FusedConv', domain: 'com.microsoft' }] }), 'm.onnx')
  expect(verdict).toBe('pass')
  expect(findings).toMatchObject([{ ruleId: 'ONNX-OP-005', severity: 'info' }])
})

test('storage is proved by shape and type, in each form', () => {
  const tensor = (...fields: Parameters<typeof proto>): ReturnType<typeof look> =>
    look(onnxBytes({ tensors: [[[8, 'w'], ...fields]] }), 'm.onnx')
  expect(tensor([1, 3], [2, 22], [9, Uint8Array.of(1, 2)]).facts.coverage.tensorBytes).toBe(2)
  expect(tensor([1, 2], [2, 16], [9, Uint8Array.of(1, 2, 3, 4)]).facts.coverage.tensorBytes).toBe(4)
  const long = floats(...Array.from({ length: 500 }, (_none, i) => i))
  expect(tensor([1, 500], [2, 1], [4, long])).toMatchObject({
    verdict: 'pass',
    facts: { coverage: { tensorBytes: 2000 } },
  })
  for (const wrong of [
    tensor([1, -1], [2, 1], [9, Buffer.alloc(4)]),
    tensor([1, 2 ** 40], [1, 2 ** 40], [2, 1], [9, Buffer.alloc(4)]),
    tensor([1, 1], [2, 8], [9, Buffer.alloc(4)]),
    tensor([1, 1], [2, 99], [9, Buffer.alloc(4)]),
    // Two values for one tensor: readers take the last, and the first is a place to hide.
    tensor([1, 1], [2, 1], [9, Buffer.alloc(4)], [9, Buffer.alloc(4)]),
    tensor([1, 400], [2, 1], [4, long]),
  ]) {
    expect(wrong.ids).toContain('ONNX-BOUNDS-001')
    expect(wrong.verdict).not.toBe('pass')
  }
})

test('a file with nothing but a name is no model', () => {
  const { facts } = look(Buffer.from('\x08\x01\x12\x10some content 123', 'latin1'), 'm.onnx')
  expect(facts.format).toBe('unknown')
})

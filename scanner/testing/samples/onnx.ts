import type { Buffer } from 'node:buffer'
import { externalTensor, type OnnxSpec, onnxBytes, rawTensor } from '../onnx-bytes.ts'
import { proto } from '../protobuf-bytes.ts'
import type { FormatSamples, Sample } from './types.ts'

const sample = (name: string, spec: OnnxSpec, ...rules: string[]): Sample => ({
  name,
  path: 'm.onnx',
  bytes: onnxBytes(spec),
  rules,
})
const location = (path: string): OnnxSpec => ({ tensors: [externalTensor(path)] })
const evil: Buffer = onnxBytes(location('../../../etc/passwd'))

export const onnxSamples: FormatSamples = {
  kind: 'onnx',
  malicious: [
    ...[
      '/etc/passwd',
      '../x',
      'a/../../x',
      '..\\x',
      'C:\\x',
      '\\\\host\\x',
      'https://host.invalid/x',
      '~/x',
      '%2e%2e/x',
    ].map((path) => sample(`weights at ${path}`, location(path), 'ONNX-EXT-001')),
    sample('weights at a name with a backslash', location('dir\\x'), 'ONNX-EXT-002'),
    sample('weights without a name', location(''), 'ONNX-EXT-002'),
    sample('a negative offset', { tensors: [externalTensor('w.bin', [['offset', '-8']])] }, 'ONNX-EXT-003'),
    sample(
      'an enormous length',
      { tensors: [externalTensor('w.bin', [['length', '99999999999999999999']])] },
      'ONNX-EXT-003',
    ),
    sample('a Python operator', { nodes: [{ op: 'PyOp', domain: 'ai.onnx.contrib' }] }, 'ONNX-OP-002'),
    sample('a custom operator', { nodes: [{ op: 'RunShell', domain: 'com.evil' }] }, 'ONNX-OP-001'),
    sample('an unknown standard operator', { nodes: [{ op: 'ReluX' }] }, 'ONNX-OP-001'),
    sample('an operator library', { nodes: [{ op: 'X', domain: 'com.microsoft.extensions' }] }, 'ONNX-OP-003'),
    sample('a compiled engine', { nodes: [{ op: 'EPContext', domain: 'com.microsoft' }] }, 'ONNX-OP-004'),
    sample('code in the metadata', { metadata: [['hook', '__import__("os").system("id")']] }, 'ONNX-META-001'),
    sample(
      'an attribute with a tensor elsewhere',
      {
        nodes: [
          { op: 'Constant', more: [[5, proto([1, 'value'], [5, proto(...externalTensor('/dev/mem'))], [20, 4])]] },
        ],
      },
      'ONNX-EXT-001',
    ),
    sample(
      'a tensor of another size',
      {
        tensors: [
          [
            [1, 400],
            [2, 1],
            [9, Uint8Array.of(1, 2, 3, 4)],
          ],
        ],
      },
      'ONNX-BOUNDS-001',
    ),
    sample(
      'a subgraph with a custom operator',
      {
        nodes: [
          {
            op: 'If',
            more: [[5, proto([1, 'then_branch'], [6, proto([1, proto([4, 'Evil'], [7, 'x.y'])])], [20, 5])]],
          },
        ],
      },
      'ONNX-OP-001',
    ),
  ],
  benign: [
    sample('usual operators', {
      nodes: [
        { op: 'Conv' },
        { op: 'Relu' },
        { op: 'Gemm', domain: 'ai.onnx' },
        { op: 'LabelEncoder', domain: 'ai.onnx.ml' },
      ],
    }),
    sample('weights in the file', { tensors: [rawTensor] }),
    sample('weights beside the file', {
      tensors: [
        externalTensor('model.onnx_data', [
          ['offset', '4096'],
          ['length', '64'],
        ]),
      ],
    }),
    sample('a function of its own', {
      nodes: [{ op: 'Mine', domain: 'local' }],
      functions: [
        [
          [1, 'Mine'],
          [7, proto([4, 'Relu'])],
          [10, 'local'],
        ],
      ],
    }),
    sample('metadata of people', {
      metadata: [
        ['author', 'Somebody'],
        ['class_names', "{0: 'cat', 1: 'system'}"],
      ],
    }),
  ],
  truncated: { name: 'cut', path: 'm.onnx', bytes: onnxBytes({ tensors: [rawTensor] }).subarray(0, 80) },
  mutations: [
    { name: 'without a name', bytes: evil, rules: ['ONNX-EXT-001'] },
    // The graph first, which every reader accepts.
    {
      name: 'fields in another order',
      path: 'm.onnx',
      bytes: proto([7, proto([1, proto([4, 'PyOp'], [7, 'x'])], [2, 'g'])], [1, 8], [8, proto([2, 17])]),
      rules: ['ONNX-OP-002'],
    },
    {
      name: 'the operator given twice',
      path: 'm.onnx',
      bytes: onnxBytes({ nodes: [{ op: 'PyOp', more: [[4, 'Relu']] }] }),
      rules: ['ONNX-OP-002'],
    },
    { name: 'named as text', path: 'notes.txt', bytes: evil, rules: ['ONNX-EXT-001'] },
    {
      name: 'a large unknown field',
      path: 'm.onnx',
      bytes: onnxBytes({ more: [[99, new Uint8Array(5000).fill(0x41)]] }),
    },
  ],
}

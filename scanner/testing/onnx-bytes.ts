import type { Buffer } from 'node:buffer'
import { floats, type ProtoField, proto } from './protobuf-bytes.ts'

export type OnnxSpec = {
  nodes?: { op: string; domain?: string; more?: ProtoField[] }[]
  /** Fields of TensorProto. */
  tensors?: ProtoField[][]
  metadata?: [key: string, value: string][]
  opsets?: [domain: string, version: number][]
  functions?: ProtoField[][]
  /** Further fields of ModelProto. */
  more?: ProtoField[]
}

/** The bytes of an ONNX model, right or wrong as asked. */
export function onnxBytes(spec: OnnxSpec = {}): Buffer {
  const { nodes = [{ op: 'Relu' }], tensors = [], metadata = [], opsets = [['', 17]] } = spec
  const value = proto([1, 'x'], [2, proto([1, proto([1, 1], [2, proto([1, proto([1, 4])])])])])
  const graph = proto(
    ...nodes.map(
      ({ op, domain, more = [] }): ProtoField => [
        1,
        proto(
          [1, 'x'],
          [2, 'y'],
          [3, 'n'],
          [4, op],
          ...more,
          ...(domain === undefined ? [] : [[7, domain] as ProtoField]),
        ),
      ],
    ),
    [2, 'g'],
    ...tensors.map((tensor): ProtoField => [5, proto(...tensor)]),
    [11, value],
    [12, value],
  )
  return proto(
    [1, 8],
    [2, 'generated'],
    [3, '1.0'],
    [7, graph],
    ...opsets.map(
      ([domain, version]): ProtoField => [
        8,
        proto(...(domain === '' ? [] : [[1, domain] as ProtoField]), [2, version]),
      ],
    ),
    ...metadata.map(([key, text]): ProtoField => [14, proto([1, key], [2, text])]),
    ...(spec.functions ?? []).map((fields): ProtoField => [25, proto(...fields)]),
    ...(spec.more ?? []),
  )
}

/** Fields of a tensor of four floats that is stored in the file. */
export const rawTensor: ProtoField[] = [
  [1, 4],
  [2, 1],
  [8, 'w'],
  [9, floats(1, 2, 3, 4)],
]

/** Fields of a tensor whose values are in another file. */
export function externalTensor(location: string, more: [string, string][] = []): ProtoField[] {
  const entries: [string, string][] = [['location', location], ...more]
  return [
    [1, 2],
    [2, 1],
    [8, 'w'],
    ...entries.map(([key, value]): ProtoField => [13, proto([1, key], [2, value])]),
    [14, 1],
  ]
}

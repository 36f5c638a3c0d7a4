import type { Buffer } from 'node:buffer'
import { floats, type ProtoField, proto } from './protobuf-bytes.ts'

export type NodeSpec = { op: string; name?: string; inputs?: string[]; attrs?: [string, Buffer][] }

/** An attribute that holds text. */
export const textAttr = (text: string): Buffer => proto([2, text])
/** An attribute that holds a constant text. */
export const stringConst = (text: string): Buffer => proto([8, proto([1, 7], [2, proto()], [8, text])])
/** An attribute that holds four floats. */
export const floatConst = (): Buffer =>
  proto([8, proto([1, 1], [2, proto([2, proto([1, 2])], [2, proto([1, 2])])], [4, floats(1, 2, 3, 4)])])

export function nodeBytes({ op, name = 'n', inputs = [], attrs = [] }: NodeSpec): Buffer {
  return proto(
    [1, name],
    [2, op],
    ...inputs.map((input): ProtoField => [3, input]),
    ...attrs.map(([key, value]): ProtoField => [5, proto([1, key], [2, value])]),
  )
}

/** A GraphDef. */
export function graphBytes(nodes: NodeSpec[], functions: { name: string; nodes: NodeSpec[] }[] = []): Buffer {
  const library = proto(
    ...functions.map(
      (fn): ProtoField => [
        1,
        proto([1, proto([1, fn.name])], ...fn.nodes.map((node): ProtoField => [3, nodeBytes(node)])),
      ],
    ),
  )
  return proto(
    ...nodes.map((node): ProtoField => [1, nodeBytes(node)]),
    ...(functions.length === 0 ? [] : [[2, library] as ProtoField]),
    [4, proto([1, 1882])],
  )
}

/** A SavedModel with one graph. */
export function savedModelBytes(graph: Buffer, more: ProtoField[] = []): Buffer {
  const info = proto([4, 'serve'], [5, '2.15.0'])
  return proto([1, 1], [2, proto([1, info], [2, graph], ...more)])
}

/** The nodes of a small model with the usual way of saving. */
export const plainNodes: NodeSpec[] = [
  { op: 'Placeholder', name: 'x' },
  { op: 'Const', name: 'w', attrs: [['value', floatConst()]] },
  { op: 'MatMul', name: 'm', inputs: ['x', 'w'] },
  { op: 'Relu', name: 'r', inputs: ['m'] },
  { op: 'Placeholder', name: 'saver_filename' },
  { op: 'Const', name: 'part', attrs: [['value', stringConst('/part')]] },
  { op: 'StringJoin', name: 'prefix', inputs: ['saver_filename', 'part'] },
  { op: 'SaveV2', name: 'save', inputs: ['prefix', 'part', 'part', 'w'] },
  { op: 'RestoreV2', name: 'restore', inputs: ['saver_filename', 'part', 'part'] },
]

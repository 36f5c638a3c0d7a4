import { isName, topFields } from '../protobuf/probe.ts'

/**
 * True when the bytes begin as an onnx.ModelProto. Fields may come in any order and unknown ones between them, so no fixed bytes tell:
 * there must be a graph or sets of operators, and a version. SavedModel and Core ML begin alike, but have
 * a message where ONNX has the name of the producer. Source: onnx.proto3.
 */
export function isOnnx(head: Uint8Array, size: number): boolean {
  const fields = topFields(head, size)
  const version = fields.find(({ number }) => number === 1)
  if (version !== undefined && (version.wire !== 0 || version.value < 1 || version.value > 64)) return false
  for (const field of fields) if (field.number === 2 && (field.wire !== 2 || !isName(head, field))) return false
  const graph = fields.find(({ number, wire }) => (number === 7 || number === 25) && wire === 2)
  const opset = fields.find(({ number, wire }) => number === 8 && wire === 2)
  const isOpset = opset !== undefined && (opset.length === 0 || [0x0a, 0x10].includes(head[opset.start] ?? 0x10))
  if (graph !== undefined && graph.number === 7 && !isGraph(head, graph.start, graph.length)) return false
  if (graph !== undefined) return version !== undefined || isOpset
  return version !== undefined && isOpset
}

/** First tags of a GraphProto: node, name, initializer, doc_string, input, output, value_info, annotation, sparse, metadata. */
function isGraph(head: Uint8Array, start: number, length: number): boolean {
  const first = head[start]
  return length === 0 || first === undefined || topFields(head, start + length, start)[0]?.wire === 2
}

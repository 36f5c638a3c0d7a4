import { isName, type TopField, topFields } from '../protobuf/probe.ts'
import { gradeTensorflowOp } from './ops.ts'

/** Names of operators and functions. */
const opName = /^[A-Za-z_>.][\w>./-]{0,159}$/

/** True when the bytes begin as a SavedModel: schema version 1 and graphs that show what a graph holds, in either order. */
export function isSavedModel(head: Uint8Array, size: number): boolean {
  const fields = topFields(head, size)
  const graphs = fields.filter(({ number, wire }) => number === 2 && wire === 2)
  const versions = fields.filter(({ number }) => number === 1)
  if (graphs.length === 0 || versions.some(({ value, wire }) => wire !== 0 || value !== 1)) return false
  // Core ML begins alike; its kinds of models have high numbers.
  if (fields.some(({ number }) => number >= 200 && number <= 3000)) return false
  return graphs.some((graph) => isMetaGraph(head, graph, versions.length > 0))
}

/**
 * True when the bytes begin as a GraphDef: nodes with a name and an operator, or what belongs to them. A map of texts begins alike, so
 * one of the nodes must have an attribute or an operator that TensorFlow knows, or the versions must follow.
 */
export function isGraph(head: Uint8Array, size: number): boolean {
  const fields = topFields(head, size)
  const first = fields[0]
  if (first === undefined || ![1, 2, 4].includes(first.number) || first.wire !== 2) return false
  if (!isGraphFields(head, fields)) return false
  return fields.some((field) => {
    if (field.wire !== 2) return false
    if (field.number === 4) return inner(head, field).some(({ number, wire }) => number <= 3 && wire === 0)
    if (field.number === 2) return true
    const op = messageAt(head, field, 2)
    return messageAt(head, field, 5) !== undefined || (op !== undefined && isKnownOp(head, op))
  })
}

/** True when the bytes begin as a MetaGraphDef, which TensorFlow 1 stores as `.meta`. */
export function isMetaGraphFile(head: Uint8Array, size: number): boolean {
  const fields = topFields(head, size)
  const info = fields[0]
  if (info === undefined || info.wire !== 2 || info.number > 7) return false
  const graph = fields.find(({ number, wire }) => number === 2 && wire === 2)
  if (graph !== undefined) return isGraphFields(head, inner(head, graph))
  // The list of operators comes first and may fill the head.
  return info.number === 1 && info.start + info.length > head.length && isInfo(head, info)
}

/** True when the bytes begin as what Keras saves beside a graph: nodes with an identifier of Keras. */
export function isKerasMetadata(head: Uint8Array, size: number): boolean {
  const nodes = topFields(head, size).filter(({ number, wire }) => number === 1 && wire === 2)
  return nodes.some((node) =>
    inner(head, node).some((field) => field.number === 4 && field.wire === 2 && isName(head, field, /^_tf_keras_/)),
  )
}

/**
 * Almost any protobuf has a message in field 2, so a graph is believed by what it shows: a node, a function, or what its description
 * says of TensorFlow. Tags alone count only behind the version of the schema.
 */
function isMetaGraph(head: Uint8Array, field: TopField, versioned: boolean): boolean {
  const fields = inner(head, field)
  const first = fields[0]
  if (first === undefined || first.number > 7 || fields.some(({ wire }) => wire !== 2)) return false
  return fields.some((part) => {
    if (part.number === 2) return isGraphFields(head, inner(head, part))
    return part.number === 1 && (isInfo(head, part) || hasVersion(head, part) || (versioned && hasTag(head, part)))
  })
}

/** Holds a node with a name and an operator, or a function with a name. */
function isGraphFields(head: Uint8Array, fields: readonly TopField[]): boolean {
  const nodes = fields.filter(({ number, wire }) => number === 1 && wire === 2)
  if (nodes.length > 0) return nodes.some((node) => isNode(head, node))
  const library = fields.find(({ number, wire }) => number === 2 && wire === 2)
  const made = library === undefined ? undefined : messageAt(head, library, 1)
  const signature = made === undefined ? undefined : messageAt(head, made, 1)
  const name = signature === undefined ? undefined : messageAt(head, signature, 1)
  return name !== undefined && name.length > 0 && isName(head, name, opName)
}

function isNode(head: Uint8Array, node: TopField): boolean {
  const fields = inner(head, node)
  if (fields.some(({ number, wire }) => number > 7 || wire !== 2)) return false
  const op = fields.find(({ number }) => number === 2)
  const name = fields.find(({ number }) => number === 1)
  if (op === undefined || name === undefined || op.length === 0 || name.length === 0) return false
  return isName(head, op, opName) && isName(head, name, /^[\w./>\\-]{1,160}$/)
}

/** The list of operators, which TensorFlow 1 writes first. */
function isInfo(head: Uint8Array, info: TopField): boolean {
  const list = messageAt(head, info, 2)
  const op = list === undefined ? undefined : messageAt(head, list, 1)
  const name = op === undefined ? undefined : messageAt(head, op, 1)
  return name !== undefined && name.length > 0 && isName(head, name, opName)
}

function isKnownOp(head: Uint8Array, op: TopField): boolean {
  const name = new TextDecoder().decode(head.subarray(op.start, op.start + Math.min(op.length, 160)))
  return op.length > 0 && op.length <= 160 && gradeTensorflowOp(name) !== 'custom'
}

function hasVersion(head: Uint8Array, info: TopField): boolean {
  const version = messageAt(head, info, 5)
  return version !== undefined && isName(head, version, /^\d{1,3}\.\d{1,4}[\w.+-]{0,60}$/)
}

function hasTag(head: Uint8Array, info: TopField): boolean {
  const tag = messageAt(head, info, 4)
  return tag !== undefined && tag.length > 0 && isName(head, tag, /^[\w.-]{1,64}$/)
}

/** The first delimited field of a number. */
function messageAt(head: Uint8Array, field: TopField, number: number): TopField | undefined {
  return inner(head, field).find((part) => part.number === number && part.wire === 2)
}

function inner(head: Uint8Array, field: TopField): TopField[] {
  return topFields(head, field.start + field.length, field.start)
}

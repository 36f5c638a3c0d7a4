import type { InspectContext, Inspected } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { createFlatReader, FlatBroken, type FlatReader, type FlatTable } from '../flatbuffers/reader.ts'
import { partOf } from '../nested/part-of.ts'
import { hasAt } from '../probe.ts'
import { isPlainText } from '../protobuf/plain-text.ts'
import { gradeTensorflowOp } from '../tensorflow/ops.ts'
import { elementBits } from './element-bits.ts'
import type { TfliteHeader } from './types.ts'

const maxListed = 100
const maxMetadata = 64 * 1024
const maxElements = 2 ** 40
const custom = 32
/** Operators outside the numbered list that the runtime registers itself. Source: tflite kernels/register.cc. */
const registered: ReadonlySet<string> = new Set([
  'TFLite_Detection_PostProcess',
  'Mfcc',
  'AudioSpectrogram',
  'NumericVerify',
])

type TensorUse = { buffer: number; bytes: number | undefined; sparse: boolean; name: string; text: boolean }

/** Reads a TensorFlow Lite model: operators, and that each buffer is the storage of a tensor. Source: tflite schema.fbs, version 3c. */
export function inspectTflite(context: InspectContext): Inspected {
  const { offset, length, observe } = context
  const flat = createFlatReader(context)
  const header: TfliteHeader = {
    kind: 'tflite',
    version: 0,
    description: '',
    subgraphs: 0,
    tensors: 0,
    operators: 0,
    customOperators: [],
    metadata: [],
    signatures: [],
  }
  let dataEnd = offset
  try {
    const model = flat.root()
    const version = model.field(0)
    if (version !== undefined) header.version = flat.u32(version)
    header.description = flat.text(model.field(3)).slice(0, 200)
    readCodes(model, flat, header, context)
    const uses = readSubgraphs(model, flat, header, context)
    const metadata = readMetadata(model, flat, header)
    readSignatures(model, flat, header)
    dataEnd = readBuffers(model, flat, context, uses, metadata)
  } catch (error) {
    if (!(error instanceof FlatBroken)) throw error
    observe({ code: 'tflite.malformed', offset: error.offset, detail: error.message })
    flat.finish()
    return { header, end: offset + length }
  }
  // The buffer ends where its last value ends; files of labels may be packed behind it.
  const end = Math.min(Math.max(flat.finish(), dataEnd), offset + length)
  return { header, end: readPacked(end, context) }
}

/** Lists of labels and the like are packed behind the model as an archive, which is part of the format. Source: TFLite metadata. */
function readPacked(end: number, context: InspectContext): number {
  const { reader, offset, length } = context
  const rest = offset + length - end
  if (rest === 0 || !hasAt(reader.read(end, 4), 0, [0x50, 0x4b, 0x03, 0x04])) return end
  const packed = context.nested({ name: 'packed files', reader: partOf(reader, end, rest), offset: end })
  if (packed.complete) context.cover(end, rest, 'parsed')
  return packed.complete ? offset + length : end
}

function readCodes(model: FlatTable, flat: FlatReader, header: TfliteHeader, { observe }: InspectContext): void {
  for (const code of flat.tables(model.field(1))) {
    const old = code.field(0)
    const current = code.field(3)
    const number = Math.max(old === undefined ? 0 : flat.u8(old), current === undefined ? 0 : flat.i32(current))
    const name = flat.text(code.field(1))
    if (number !== custom && name === '') continue
    if (header.customOperators.length < maxListed) header.customOperators.push(name.slice(0, 100))
    if (registered.has(name)) continue
    const isFlex = name.startsWith('Flex')
    const grade = gradeTensorflowOp(isFlex ? name.slice(4) : name)
    const runs = ['python', 'read', 'write', 'network', 'run'].includes(grade)
    observe({
      code: runs ? 'tflite.op-runs' : isFlex ? 'tflite.op-flex' : 'tflite.op-custom',
      offset: code.at,
      evidence: escapeText(name),
      detail: name === '' ? 'an operator without a name' : escapeText(name, 120),
    })
  }
}

function readSubgraphs(model: FlatTable, flat: FlatReader, header: TfliteHeader, context: InspectContext): TensorUse[] {
  const uses: TensorUse[] = []
  for (const subgraph of flat.tables(model.field(2))) {
    header.subgraphs += 1
    flat.text(subgraph.field(4))
    flat.vector(subgraph.field(1), 4)
    flat.vector(subgraph.field(2), 4)
    for (const tensor of flat.tables(subgraph.field(0))) {
      header.tensors += 1
      uses.push(readTensor(tensor, flat, context))
    }
    for (const operator of flat.tables(subgraph.field(3))) {
      header.operators += 1
      readOperator(operator, flat, context)
    }
  }
  return uses
}

function readTensor(tensor: FlatTable, flat: FlatReader, { observe }: InspectContext): TensorUse {
  const name = flat.text(tensor.field(3)).slice(0, 200)
  const dims = flat.numbers(tensor.field(0), 64)
  const typeAt = tensor.field(1)
  const type = typeAt === undefined ? 0 : flat.u8(typeAt)
  const bufferAt = tensor.field(2)
  flat.vector(tensor.field(7), 4)
  readQuantization(flat.table(tensor.field(4)), flat)
  const sparsity = flat.table(tensor.field(6))
  readSparsity(sparsity, flat)
  for (const variant of flat.tables(tensor.field(9))) flat.vector(variant.field(0), 4)
  const elements = dims.reduce((product, size) => product * size, 1)
  if (dims.some((size) => size < 0) || elements > maxElements)
    observe({ code: 'tflite.shape', offset: tensor.at, member: name, detail: `shape ${dims.slice(0, 8).join(' x ')}` })
  const bits = elementBits(type)
  return {
    buffer: bufferAt === undefined ? 0 : flat.u32(bufferAt),
    bytes: bits === undefined ? undefined : Math.ceil((elements * bits) / 8),
    sparse: sparsity !== undefined,
    text: type === 5,
    name,
  }
}

function readQuantization(table: FlatTable | undefined, flat: FlatReader): void {
  if (table === undefined) return
  for (const field of [0, 1, 2]) flat.vector(table.field(field), 4)
  flat.vector(table.field(3), 8)
  const kind = table.field(4)
  const details = flat.table(table.field(5))
  if (details !== undefined && kind !== undefined && flat.u8(kind) === 1) flat.vector(details.field(0), 1)
}

function readSparsity(table: FlatTable | undefined, flat: FlatReader): void {
  if (table === undefined) return
  flat.vector(table.field(0), 4)
  flat.vector(table.field(1), 4)
  for (const dimension of flat.tables(table.field(2))) {
    for (const field of [2, 4]) {
      const kind = dimension.field(field)
      const values = flat.table(dimension.field(field + 1))
      const width = kind === undefined ? 0 : ([0, 4, 2, 1][flat.u8(kind)] ?? 0)
      if (values !== undefined && width > 0) flat.vector(values.field(0), width)
    }
  }
}

/** Lists within the options of an operator, by the number of the options: field and bytes of an element. */
const optionLists: ReadonlyMap<number, readonly (readonly [number, number])[]> = new Map([
  [
    6,
    [
      [1, 4],
      [2, 4],
    ],
  ], // ConcatEmbeddings
  [17, [[0, 4]]], // Reshape
  [30, [[0, 4]]], // Squeeze
  [
    111,
    [
      [0, 1],
      [1, 1],
    ],
  ], // VarHandle: container and name
  [118, [[0, 4]]], // Bucketize
])

function readOperator(operator: FlatTable, flat: FlatReader, context: InspectContext): void {
  for (const field of [1, 2, 8]) flat.vector(operator.field(field), 4)
  flat.vector(operator.field(7), 1)
  const kindAt = operator.field(3)
  const options = flat.table(operator.field(4))
  if (options !== undefined && kindAt !== undefined)
    for (const [field, width] of optionLists.get(flat.u8(kindAt)) ?? []) {
      if (width === 1) flat.text(options.field(field))
      else flat.vector(options.field(field), width)
    }
  flat.table(operator.field(12))
  const own = flat.vector(operator.field(5), 1, false)
  if (own === undefined) return
  if (own.length > maxMetadata) return
  flat.understand(own.at, own.length)
  // Operators of TensorFlow carry the whole node here, whose operator need not be the one that the name says.
  const text = Buffer.from(context.reader.read(own.at, own.length)).toString('latin1')
  const found =
    /\b(ReadFile|WriteFile|MatchingFiles|PyFunc(?:Stateless)?|EagerPyFunc|ImmutableConst|SaveV2|TFRecordDataset|RemoteCall)\b/.exec(
      text,
    )
  if (found !== null)
    context.observe({
      code: 'tflite.op-runs',
      offset: own.at,
      evidence: found[0],
      detail: `${found[0]} in the options of an operator`,
    })
}

function readMetadata(model: FlatTable, flat: FlatReader, header: TfliteHeader): ReadonlySet<number> {
  const buffers = new Set<number>()
  flat.vector(model.field(5), 4)
  for (const entry of flat.tables(model.field(6))) {
    const name = flat.text(entry.field(0))
    if (header.metadata.length < 64) header.metadata.push(name.slice(0, 100))
    const buffer = entry.field(1)
    if (buffer !== undefined && buffers.size < 1000) buffers.add(flat.u32(buffer))
  }
  return buffers
}

function readSignatures(model: FlatTable, flat: FlatReader, header: TfliteHeader): void {
  for (const signature of flat.tables(model.field(7))) {
    for (const field of [0, 1]) for (const entry of flat.tables(signature.field(field))) flat.text(entry.field(0))
    const key = flat.text(signature.field(2))
    flat.text(signature.field(3))
    if (header.signatures.length < 64) header.signatures.push(key.slice(0, 100))
  }
}

/** Proves buffers by the tensors that use them. Returns the end of the data that lies behind the structure. */
function readBuffers(
  model: FlatTable,
  flat: FlatReader,
  context: InspectContext,
  uses: readonly TensorUse[],
  metadata: ReadonlySet<number>,
): number {
  const byBuffer = new Map<number, TensorUse[]>()
  for (const use of uses) {
    const list = byBuffer.get(use.buffer)
    if (list === undefined) byBuffer.set(use.buffer, [use])
    else list.push(use)
  }
  let index = -1
  let dataEnd = 0
  for (const buffer of flat.tables(model.field(4))) {
    index += 1
    const inside = flat.vector(buffer.field(0), 1, false)
    const offsetAt = buffer.field(1)
    const sizeAt = buffer.field(2)
    const outside =
      offsetAt === undefined || sizeAt === undefined
        ? undefined
        : { at: context.offset + flat.u64(offsetAt), length: flat.u64(sizeAt) }
    // Offset 1 marks a buffer that is written behind the structure but empty.
    const data = inside ?? (outside !== undefined && outside.length > 0 ? outside : undefined)
    if (data === undefined || data.length === 0) continue
    if (!(data.at + data.length <= context.offset + context.length)) {
      context.observe({ code: 'tflite.malformed', offset: buffer.at, detail: `buffer ${index} lies outside the file` })
      continue
    }
    if (outside !== undefined) dataEnd = Math.max(dataEnd, data.at + data.length)
    accountFor(index, data, byBuffer.get(index) ?? [], metadata.has(index), flat, context)
  }
  for (const number of byBuffer.keys())
    if (number > index)
      context.observe({
        code: 'tflite.malformed',
        offset: model.at,
        detail: `a tensor uses buffer ${number} of ${index + 1}`,
      })
  return dataEnd
}

function accountFor(
  index: number,
  data: { at: number; length: number },
  uses: readonly TensorUse[],
  isMetadata: boolean,
  flat: FlatReader,
  context: InspectContext,
): void {
  if (uses.length === 0) {
    if (isMetadata && data.length <= maxMetadata) flat.understand(data.at, data.length)
    return
  }
  const proven = uses.some(
    (use) => use.bytes === data.length || (use.sparse && use.bytes !== undefined && data.length <= use.bytes),
  )
  if (proven) flat.understand(data.at, data.length, 'tensor')
  else if (uses.some((use) => use.text) && data.length <= 16 * 1024 * 1024) coverTexts(data, flat, context)
  else {
    const wanted = uses[0]?.bytes
    context.observe({
      code: 'tflite.tensor-size',
      offset: data.at,
      member: uses[0]?.name ?? '',
      detail: `buffer ${index} has ${data.length} bytes, ${wanted === undefined ? 'the type gives no size' : `${wanted} by shape and type`}`,
    })
  }
}

/** A tensor of texts: their number, where each begins, and the texts. Source: tflite string_util.h. */
function coverTexts(data: { at: number; length: number }, flat: FlatReader, context: InspectContext): void {
  if (data.length < 8) return
  const count = flat.u32(data.at)
  const table = 4 + (count + 1) * 4
  if (!(table <= data.length)) return
  if (data.length === table || isPlainText(context.reader, data.at + table, data.length - table))
    flat.understand(data.at, data.length)
}

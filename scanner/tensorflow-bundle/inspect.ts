import type { InspectContext, Inspected } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { type TopField, topFields } from '../protobuf/probe.ts'
import { maxRead } from '../reader.ts'
import { createDataClaims, type DataClaims } from '../repository/data-claims.ts'
import { elementBytes } from '../tensorflow/element-bytes.ts'
import {
  type BlockHandle,
  BrokenTable,
  footerBytes,
  readBlock,
  readFooter,
  readHandle,
  type TableEntry,
  trailerBytes,
} from './read-table.ts'
import type { TensorflowBundleHeader } from './types.ts'

const maxTensors = 2_000_000
const maxShards = 100_000
const maxNames = 200
/** DataType of texts, whose length no shape gives. */
const stringType = 7

/**
 * Reads the index of a TensorFlow checkpoint in full: a table of names with type, shape and place of each tensor, which lie in files
 * beside it. Source: tensorflow, tensor_bundle.proto and tensor_bundle.cc, which writes tables without compression.
 */
export function inspectTensorflowBundle(context: InspectContext): Inspected {
  const { reader, offset, length, observe } = context
  const end = offset + length
  const claims = createDataClaims()
  const header: TensorflowBundleHeader = { kind: 'tf-bundle', shards: 0, tensors: 0, names: [] }

  function block({ offset: from, length: size }: BlockHandle): Uint8Array {
    if (!(from + size + trailerBytes <= length - footerBytes))
      throw new BrokenTable(`a block of ${size} bytes at ${from}`)
    if (size + trailerBytes > maxRead) {
      observe({ code: 'scan.limit', offset: offset + from, detail: `a block of ${size} bytes` })
      return Uint8Array.of(0, 0, 0, 0)
    }
    const bytes = reader.read(offset + from, size + trailerBytes).slice()
    if (bytes[size] !== 0) throw new BrokenTable('a compressed block, which TensorFlow does not write')
    context.cover(offset + from, size + trailerBytes, 'parsed')
    return bytes.subarray(0, size)
  }

  try {
    const { meta, index } = readFooter(reader.read(end - footerBytes, footerBytes))
    context.cover(end - footerBytes, footerBytes, 'parsed')
    block(meta)
    for (const { value } of readBlock(block(index))) {
      for (const entry of readBlock(block(readHandle(value)))) {
        if (entry.key === '') header.shards = shardsOf(entry.value)
        else {
          header.tensors += 1
          if (header.names.length < maxNames) header.names.push(escapeText(entry.key, 120))
          if (header.tensors > maxTensors) throw new BrokenTable(`more than ${maxTensors} tensors`)
          claimTensor(entry, header.shards, claims, context)
        }
      }
    }
    if (header.shards === 0) throw new BrokenTable('it does not say how many files of data there are')
  } catch (error) {
    if (!(error instanceof BrokenTable)) throw error
    observe({ code: 'tfb.malformed', offset, detail: error.message })
  }
  return { header, end, claims: claims.finish() }
}

/** BundleHeaderProto, the entry without a name. */
function shardsOf(value: Uint8Array): number {
  const fields = topFields(value, value.length)
  const shards = intOf(fields, 1)
  if (!(shards >= 1 && shards <= maxShards)) throw new BrokenTable(`${shards} files of data`)
  if (intOf(fields, 2) !== 0) throw new BrokenTable('numbers in big-endian order')
  return shards
}

/** BundleEntryProto: the place of a tensor, which its type and shape must fill. */
function claimTensor(
  { key, value }: TableEntry,
  shards: number,
  claims: DataClaims,
  { observe, offset }: InspectContext,
): void {
  const fields = topFields(value, value.length)
  // A tensor in slices has no place of its own: each slice has an entry.
  if (fields.some(({ number }) => number === 7)) return
  const [type, shard, from, size] = [1, 3, 4, 5].map((number) => intOf(fields, number)) as [
    number,
    number,
    number,
    number,
  ]
  const member = key.slice(0, 200)
  if (!(shard < shards && from <= Number.MAX_SAFE_INTEGER && size <= Number.MAX_SAFE_INTEGER)) {
    observe({ code: 'tfb.place', offset, member, detail: `byte ${from} of file ${shard}` })
    return
  }
  const each = elementBytes(type)
  const elements = elementsOf(value, fields)
  const wanted = each === undefined || elements === undefined ? undefined : each * elements
  if (wanted !== size && type !== stringType) {
    observe({
      code: 'tfb.tensor-size',
      offset,
      member,
      detail: `${size} bytes stored, ${wanted === undefined ? 'the shape and type give no size' : `${wanted} by shape and type`}`,
    })
    return
  }
  const number = (count: number): string => String(count).padStart(5, '0')
  claims.add(`*.data-${number(shard)}-of-${number(shards)}`, from, size)
}

function elementsOf(value: Uint8Array, fields: readonly TopField[]): number | undefined {
  const shape = fields.find(({ number, wire }) => number === 2 && wire === 2)
  if (shape === undefined) return 1
  const dims = topFields(value, shape.start + shape.length, shape.start).filter(({ number }) => number === 2)
  let product = 1
  for (const dim of dims) {
    product *= intOf(topFields(value, dim.start + dim.length, dim.start), 1)
    if (product > Number.MAX_SAFE_INTEGER) return undefined
  }
  return product
}

/** The last of a number field, which is the one that counts; 0 when there is none, as protobuf has it. */
function intOf(fields: readonly TopField[], number: number): number {
  return fields.findLast((field) => field.number === number && field.wire === 0)?.value ?? 0
}

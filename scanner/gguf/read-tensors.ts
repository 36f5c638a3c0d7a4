import type { Cursor } from '../cursor.ts'
import type { InspectContext } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { ggmlTypes } from './ggml-types.ts'
import { Malformed } from './malformed.ts'
import { readText } from './read-metadata.ts'
import type { GgufTensor } from './types.ts'

/** Name length, number of dimensions, one dimension, type, offset: the least an entry takes. */
const leastEntryBytes = 8 + 4 + 8 + 4 + 8
const maxTensors = 262_144
/** GGML_MAX_NAME - 1 and GGML_MAX_DIMS. Source: ggml.h. */
const maxNameBytes = 63
const maxDimensions = 4
const maxInt64 = 2n ** 63n - 1n

/**
 * Reads the tensor table. A tensor whose size cannot be told (unknown type, product beyond 64 bits) is noted and left out, because
 * the table itself stays readable. Throws `Malformed` or `PastEnd` where it does not.
 */
export function readTensors(cursor: Cursor, count: number, observe: InspectContext['observe']): GgufTensor[] {
  const start = cursor.position()
  if (count > cursor.remaining() / leastEntryBytes) {
    throw new Malformed('gguf.count', start, `${count} tensors claimed, ${cursor.remaining()} bytes left`)
  }
  if (count > maxTensors) throw new Malformed('scan.limit', start, `${count} tensors, at most ${maxTensors} are read`)
  const names = new Set<string>()
  const tensors: GgufTensor[] = []
  for (let i = 0; i < count; i++) {
    const tensor = readTensor(cursor, names, observe)
    if (tensor !== undefined) tensors.push(tensor)
  }
  return tensors
}

function readTensor(cursor: Cursor, names: Set<string>, observe: InspectContext['observe']): GgufTensor | undefined {
  const at = cursor.position()
  const name = readText(cursor, 65_535, 'tensor name')
  const member = escapeText(name)
  if (name.length > maxNameBytes)
    observe({ code: 'gguf.tensor-name', offset: at, member, detail: `${name.length} characters` })
  if (names.has(name)) observe({ code: 'gguf.duplicate-tensor', offset: at, member, detail: member })
  names.add(name)
  const dimensionsAt = cursor.position()
  const rank = cursor.u32()
  if (rank > maxDimensions) {
    throw new Malformed(
      'gguf.dimensions',
      dimensionsAt,
      `tensor ${member} has ${rank} dimensions, at most ${maxDimensions} are allowed`,
    )
  }
  const exact: bigint[] = []
  for (let i = 0; i < rank; i++) exact.push(cursor.u64Exact())
  const typeAt = cursor.position()
  const typeId = cursor.u32()
  const offsetAt = cursor.position()
  const offset = cursor.u64()

  // 64-bit products are what loaders overflow (CVE-2025-53630, CVE-2026-27940); here they are exact.
  const elements = exact.reduce((product, dimension) => product * dimension, 1n)
  const type = ggmlTypes.get(typeId)
  if (elements > maxInt64 || exact.some((dimension) => dimension > maxInt64)) {
    const shape = exact.join(' x ')
    observe({
      code: 'gguf.overflow',
      offset: dimensionsAt,
      member,
      detail: `dimensions ${shape} multiply beyond 64 bits`,
    })
    return undefined
  }
  if (type === undefined) {
    observe({ code: 'gguf.tensor-type', offset: typeAt, member, detail: `type ${typeId}` })
    return undefined
  }
  const row = exact[0] ?? 1n
  if (row % BigInt(type.blockElements) !== 0n) {
    const detail = `rows of ${row} elements do not divide into ${type.name} blocks of ${type.blockElements}`
    observe({ code: 'gguf.block-size', offset: dimensionsAt, member, detail })
    return undefined
  }
  const bytes = (elements / BigInt(type.blockElements)) * BigInt(type.blockBytes)
  if (bytes > BigInt(Number.MAX_SAFE_INTEGER) || !Number.isSafeInteger(offset)) {
    observe({
      code: 'gguf.tensor-range',
      offset: offsetAt,
      member,
      detail: `offset ${offset} and ${bytes} bytes are beyond any file`,
    })
    return undefined
  }
  return {
    name,
    entryOffset: at,
    dimensions: exact.map(Number),
    typeId,
    typeName: type.name,
    elements: Number(elements),
    bytes: Number(bytes),
    offset,
  }
}

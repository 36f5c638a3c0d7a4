import { createCursor, PastEnd } from '../cursor.ts'
import type { InspectContext, Inspected } from '../define-format.ts'
import { u32At } from '../probe.ts'
import type { FormatHeader } from '../types.ts'

/** How many tensors were proven. */
export type PaddleParametersHeader = FormatHeader & { kind: 'paddle-parameters'; tensors: number }

/** Bytes of an element by data type. Source: framework.proto, VarType.Type. */
const elementBytes: Readonly<Record<number, number>> = {
  0: 1,
  1: 2,
  2: 4,
  3: 8,
  4: 2,
  5: 4,
  6: 8,
  20: 1,
  21: 1,
  22: 2,
  23: 8,
  24: 16,
  32: 1,
  33: 1,
}

/** True when the bytes begin with a tensor: version 0, its levels, version 0, then a description of its type. */
export function beginsPaddleTensor(head: Uint8Array): boolean {
  const size = u32At(head, 16)
  return (
    head.length > 24 &&
    u32At(head, 0) === 0 &&
    u32At(head, 4) === 0 &&
    u32At(head, 8) === 0 &&
    u32At(head, 12) === 0 &&
    size >= 2 &&
    size <= 128 &&
    head[20] === 0x08 &&
    elementBytes[head[21] ?? 255] !== undefined &&
    (size === 2 || head[22] === 0x10 || head[22] === 0x12)
  )
}

/** Walks the tensors; the storage of each is proven by its type and shape. */
export function inspectPaddleParameters({ reader, offset, length, observe, cover }: InspectContext): Inspected {
  const cursor = createCursor(reader, offset, offset + length)
  const header: PaddleParametersHeader = { kind: 'paddle-parameters', tensors: 0 }
  try {
    while (cursor.remaining() > 0) {
      const start = cursor.position()
      if (cursor.u32() !== 0 || cursor.u64() !== 0 || cursor.u32() !== 0) throw new PastEnd(start, 0)
      const size = cursor.u32()
      if (size > 1024) throw new PastEnd(start, size)
      const data = described(cursor.bytes(size))
      if (data === undefined) throw new PastEnd(start, 0)
      const from = cursor.position()
      cursor.skip(data)
      cover(start, from - start, 'parsed')
      cover(from, data, 'tensor')
      header.tensors += 1
    }
  } catch (error) {
    if (!(error instanceof PastEnd)) throw error
    observe({ code: 'paddle.tensor', offset: error.offset, detail: `tensor ${header.tensors + 1}` })
  }
  return { header, end: header.tensors > 0 ? cursor.position() : offset + length }
}

/** Bytes of the tensor that a description is for: field 1 is the type, field 2 the sizes. */
function described(bytes: Uint8Array): number | undefined {
  let each: number | undefined
  let items = 1
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let scale = 1; at < bytes.length; scale *= 128) {
      const byte = bytes[at++] ?? 0
      value += (byte & 0x7f) * scale
      if (byte < 0x80) break
    }
    return value
  }
  while (at < bytes.length) {
    const tag = bytes[at++]
    if (tag === 0x08) each = elementBytes[varint()]
    else if (tag === 0x10) items *= varint()
    else if (tag === 0x12) {
      const end = varint() + at
      if (end > bytes.length) return undefined
      while (at < end) items *= varint()
    } else return undefined
  }
  return each === undefined ? undefined : items * each
}

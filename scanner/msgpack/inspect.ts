import { PastEnd } from '../cursor.ts'
import { type BigCursor, createBigCursor } from '../cursor-big.ts'
import type { InspectContext, Inspected } from '../define-format.ts'
import { escapeText, hexOf } from '../evidence.ts'
import { partOf } from '../nested/part-of.ts'
import { codeIn, isInsideName } from '../text/code-like.ts'
import { decodeText } from '../text/decode.ts'
import type { FormatHeader } from '../types.ts'
import { itemBytes } from './dtypes.ts'

/** What a MessagePack file holds. */
export type MsgpackHeader = FormatHeader & {
  kind: 'msgpack'
  /** The first 100 keys of the outermost map. */
  keys: string[]
  /** Arrays of numbers whose length fits shape and type. */
  tensors: number
}

const maxDepth = 128
/** Blobs that are looked into; a checkpoint has none, or one for each of its parts. */
const maxBlobs = 64

/** A map or list that is being read: how much of it is to come, and what is known of it. */
type Frame = { left: number; map: boolean; key: string; facts: Map<string, unknown> | undefined }

/** Walks MessagePack item by item: lengths against what is left, arrays of Flax and msgpack-numpy against shape and type. */
export function inspectMsgpack(context: InspectContext): Inspected | undefined {
  const { reader, offset, length, observe, cover, nested } = context
  const end = offset + length
  const cursor = createBigCursor(reader, offset, end)
  const header: MsgpackHeader = { kind: 'msgpack', keys: [], tensors: 0 }
  const frames: Frame[] = []
  let parsedFrom = offset
  let blobs = 0

  const accounted = (from: number, count: number, kind: 'tensor' | 'parsed' | undefined): void => {
    cover(parsedFrom, from - parsedFrom, 'parsed')
    if (kind !== undefined) cover(from, count, kind)
    parsedFrom = from + count
  }
  const name = (): string =>
    frames
      .map((frame) => frame.key)
      .filter((key) => key !== '')
      .join('.')
      .slice(0, 200)

  function blob(count: number): void {
    const from = cursor.position()
    const frame = frames.at(-1)
    cursor.skip(count)
    const dtype = frame?.facts?.get('type')
    if (frame?.key === 'data' && frame.facts?.get('nd') === true && typeof dtype === 'string') {
      array(dtype, frame.facts.get('shape'), from, count, frame.facts.get('kind'))
      return
    }
    if (count < 2) return
    if (++blobs > maxBlobs) {
      accounted(from, count, undefined)
      return
    }
    const inner = nested({ name: name() || `bytes-${from}`, reader: partOf(reader, from, count), offset: from })
    accounted(from, count, inner.complete ? 'parsed' : undefined)
  }

  /** Numbers of a stated type and shape: storage of a tensor when the length is right. */
  function array(dtype: string, shape: unknown, from: number, count: number, kind?: unknown): void {
    if (/^[|<>=]?O|object/.test(dtype) || kind === 'O') {
      observe({ code: 'msgpack.object-array', offset: from, member: name(), evidence: dtype })
      const inner = nested({ name: name() || `bytes-${from}`, reader: partOf(reader, from, count), offset: from })
      accounted(from, count, inner.complete ? 'parsed' : undefined)
      return
    }
    const each = itemBytes(dtype)
    const items =
      Array.isArray(shape) && shape.every((size) => typeof size === 'number')
        ? (shape as number[]).reduce((product, size) => product * size, 1)
        : undefined
    if (each !== undefined && items !== undefined && items * each === count) {
      header.tensors += 1
      accounted(from, count, 'tensor')
    } else {
      observe({
        code: 'msgpack.array-size',
        offset: from,
        member: name(),
        detail: `${count} bytes for ${escapeText(dtype, 40)} ${JSON.stringify(shape)?.slice(0, 80)}`,
      })
      accounted(from, count, undefined)
    }
  }

  function text(count: number): string | undefined {
    const from = cursor.position()
    if (count > 1024 * 1024) {
      blob(count)
      return undefined
    }
    const bytes = cursor.bytes(count)
    const value = count === 0 ? '' : decodeText(bytes, true)
    if (value === undefined) {
      observe({ code: 'msgpack.text', offset: from, member: name(), evidence: hexOf(bytes) })
      accounted(from, count, undefined)
      return undefined
    }
    const code = codeIn(value)
    if (code !== undefined) observe({ code: 'msgpack.code-text', offset: from, member: name(), evidence: code })
    return value
  }

  function extension(count: number): void {
    const type = cursor.i8()
    const from = cursor.position()
    if (count > cursor.remaining()) throw new PastEnd(from, count)
    if (type === -1 && (count === 4 || count === 8 || count === 12)) return cursor.skip(count)
    const array3 = type === 1 || type === 3 ? readArray(createBigCursor(reader, from, from + count)) : undefined
    if (array3 !== undefined) {
      cursor.skip(array3.at - from)
      array(array3.dtype, array3.shape, array3.at, array3.bytes)
      cursor.skip(from + count - cursor.position())
      return undefined
    }
    if (type === 2 && count <= 32) return cursor.skip(count)
    observe({
      code: 'msgpack.extension',
      offset: from,
      member: name(),
      evidence: hexOf(reader.read(from, Math.min(16, count))),
      detail: `type ${type}, ${count} bytes`,
    })
    const inner =
      ++blobs <= maxBlobs
        ? nested({ name: name() || `bytes-${from}`, reader: partOf(reader, from, count), offset: from })
        : undefined
    cursor.skip(count)
    accounted(from, count, inner?.complete === true ? 'parsed' : undefined)
    return undefined
  }

  function open(count: number, map: boolean): void {
    // Each item takes a byte at least.
    if (count * (map ? 2 : 1) > cursor.remaining()) throw new PastEnd(cursor.position(), count)
    if (frames.length >= maxDepth) throw new TooDeep()
    frames.push({ left: map ? count * 2 : count, map, key: '', facts: undefined })
  }

  try {
    for (;;) {
      const frame = frames.at(-1)
      const isKey = frame?.map === true && frame.left % 2 === 0
      if (frame !== undefined) frame.left -= 1
      const depth = frames.length
      const value = item(cursor, { open, text, blob, extension })
      if (frame !== undefined && isKey) {
        frame.key = typeof value === 'string' ? value.slice(0, 128) : ''
        if (isInsideName(frame.key))
          observe({ code: 'msgpack.code-text', offset: cursor.position(), member: name(), evidence: frame.key })
        if (depth === 1 && header.keys.length < 100) header.keys.push(escapeText(frame.key, 128))
      } else if (frame !== undefined && /^(nd|type|kind|shape)$/.test(frame.key)) {
        frame.facts ??= new Map()
        if (frames.length > depth && frame.key === 'shape') frame.facts.set('shape', shapeAhead(frames, cursor))
        else frame.facts.set(frame.key, value)
      }
      while ((frames.at(-1)?.left ?? -1) === 0) frames.pop()
      if (frames.length === 0) break
    }
  } catch (error) {
    if (error instanceof PastEnd)
      observe({
        code: 'msgpack.past-end',
        offset: error.offset,
        member: name(),
        detail: `${error.wanted} bytes or items wanted at ${error.offset}`,
      })
    else if (error instanceof TooDeep)
      observe({ code: 'msgpack.depth', offset: cursor.position(), detail: `deeper than ${maxDepth}` })
    else if (error instanceof Unused) observe({ code: 'msgpack.unused-byte', offset: cursor.position() - 1 })
    else throw error
    accounted(cursor.position(), 0, undefined)
    return { header, end }
  }
  accounted(cursor.position(), 0, undefined)
  return { header, end: cursor.position() }
}

class TooDeep extends Error {}
class Unused extends Error {}

type Handlers = {
  open: (count: number, map: boolean) => void
  text: (count: number) => string | undefined
  blob: (count: number) => void
  extension: (count: number) => void
}

/** One item; its value when it is short and plain. Source: the MessagePack specification. */
function item(cursor: BigCursor, { open, text, blob, extension }: Handlers): unknown {
  const byte = cursor.u8()
  if (byte <= 0x7f) return byte
  if (byte >= 0xe0) return byte - 256
  if (byte <= 0x8f) return open(byte & 0x0f, true)
  if (byte <= 0x9f) return open(byte & 0x0f, false)
  if (byte <= 0xbf) return text(byte & 0x1f)
  switch (byte) {
    case 0xc0:
      return null
    case 0xc2:
      return false
    case 0xc3:
      return true
    case 0xc4:
      return blob(cursor.u8())
    case 0xc5:
      return blob(cursor.u16())
    case 0xc6:
      return blob(cursor.u32())
    case 0xc7:
      return extension(cursor.u8())
    case 0xc8:
      return extension(cursor.u16())
    case 0xc9:
      return extension(cursor.u32())
    case 0xca:
      return cursor.skip(4)
    case 0xcb:
      return cursor.f64()
    case 0xcc:
      return cursor.u8()
    case 0xcd:
      return cursor.u16()
    case 0xce:
      return cursor.u32()
    case 0xcf:
      return cursor.u64()
    case 0xd0:
      return cursor.i8()
    case 0xd1:
      return cursor.i16()
    case 0xd2:
      return cursor.i32()
    case 0xd3:
      return cursor.i64()
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
      return extension(2 ** (byte - 0xd4))
    case 0xd9:
      return text(cursor.u8())
    case 0xda:
      return text(cursor.u16())
    case 0xdb:
      return text(cursor.u32())
    case 0xdc:
      return open(cursor.u16(), false)
    case 0xdd:
      return open(cursor.u32(), false)
    case 0xde:
      return open(cursor.u16(), true)
    case 0xdf:
      return open(cursor.u32(), true)
    default:
      throw new Unused()
  }
}

/** The items of the list just opened, which is a shape, without waiting for them. */
function shapeAhead(frames: Frame[], cursor: BigCursor): number[] | undefined {
  const frame = frames.at(-1)
  if (frame === undefined || frame.map || frame.left > 32) return undefined
  const shape: number[] = []
  while (frame.left > 0) {
    frame.left -= 1
    const value = item(cursor, { open: refuse, text: refuse, blob: refuse, extension: refuse })
    if (typeof value !== 'number' || value < 0) return undefined
    shape.push(value)
  }
  return shape
}
function refuse(): never {
  throw new Unused()
}

/** The payload of a Flax array: [shape, dtype, bytes]. Source: flax serialization.py, _ndarray_to_bytes. */
function readArray(cursor: BigCursor): { dtype: string; shape: number[]; at: number; bytes: number } | undefined {
  try {
    if (cursor.u8() !== 0x93) return undefined
    const shape: number[] = []
    let left = listLength(cursor)
    for (; left > 0; left--) {
      const size = item(cursor, { open: refuse, text: refuse, blob: refuse, extension: refuse })
      if (typeof size !== 'number' || size < 0) return undefined
      shape.push(size)
    }
    let dtype = ''
    item(cursor, {
      open: refuse,
      blob: refuse,
      extension: refuse,
      text: (count) => {
        dtype = count > 64 ? refuse() : String.fromCharCode(...cursor.bytes(count))
        return undefined
      },
    })
    let bytes = -1
    item(cursor, {
      open: refuse,
      text: refuse,
      extension: refuse,
      blob: (count) => {
        bytes = count
      },
    })
    return bytes === cursor.remaining() ? { dtype, shape, at: cursor.position(), bytes } : undefined
  } catch (error) {
    if (error instanceof PastEnd || error instanceof Unused) return undefined
    throw error
  }
}

function listLength(cursor: BigCursor): number {
  const byte = cursor.u8()
  if (byte >= 0x90 && byte <= 0x9f) return byte & 0x0f
  return refuse()
}

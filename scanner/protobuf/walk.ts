import { type Cursor, createCursor, PastEnd } from '../cursor.ts'
import type { InspectContext } from '../define-format.ts'
import type { ByteRange } from '../types.ts'
import { isPlainText } from './plain-text.ts'
import type { Field, Schema } from './schema.ts'
import type { Message } from './types.ts'

const maxDepth = 100
const maxValues = 64
const maxText = 4096
const maxKeptPerField = 256
/** Messages alive at once; the rest of a hostile tree is checked but not kept. */
const maxKept = 50_000
/** Longest unknown field that is skipped as understood, and how much of such there may be. */
const maxUnknown = 1024
const maxUnknownInAll = 64 * 1024
/** Longest byte string that is taken as understood whatever it holds: a value of an attribute, an entry of a vocabulary. */
const maxOpaque = 1024
/** Characters of text alive at once. */
const maxKeptText = 16 * 1024 * 1024
const maxWork = 200_000_000

/** Stands for every map that nothing was put into: there are millions of messages, and most hold one kind of field. */
const none: Map<string, never> = new Map<string, never>()

/** Thrown where the bytes are not protobuf. */
class Broken extends Error {
  readonly offset: number
  constructor(offset: number, detail: string) {
    super(detail)
    this.offset = offset
  }
}

export type Walk = {
  /** Every field up to the end of the range was well formed. */
  whole: boolean
  /** End of the last whole field of the outermost message: where the structure ends when it is broken behind that. */
  end: number
  root: Message
}

export type WalkOptions = {
  schema: Schema
  /** Name of the outermost type. */
  root: string
  /** Code of the observation on bytes that are not protobuf. */
  malformed: string
  /** Called when a message of any type ends, innermost first. */
  leave: (message: Message) => void
}

/**
 * Reads a protobuf message by a schema, one field after the other, in bounded memory, and covers what it understood. `data` fields and
 * packed fixed numbers are left for the caller to prove and cover. Source: protobuf encoding, wire types 0, 1, 2 and 5.
 */
export function walkProtobuf(context: InspectContext, options: WalkOptions): Walk {
  const { reader, offset, observe } = context
  const fileEnd = offset + context.length
  const cursor = createCursor(reader, offset, fileEnd)
  const { schema, leave, malformed } = options
  let kept = 0
  let keptText = 0
  let unknownLeft = maxUnknownInAll
  let work = 0
  let runStart = offset
  let lastWhole = offset
  let limited = false

  /** Covers what was read since the last gap, and begins anew behind `to`. */
  function gap(from: number, to: number): void {
    if (from > runStart) context.cover(runStart, from - runStart, 'parsed')
    runStart = to
  }

  function limit(at: number, detail: string): void {
    if (!limited) observe({ code: 'scan.limit', offset: at, detail })
    limited = true
  }

  function count(message: Message, field: string, more: number): void {
    if ((message.counts as Map<string, unknown>) === none) message.counts = new Map()
    message.counts.set(field, (message.counts.get(field) ?? 0) + more)
  }

  function number(message: Message, field: string, value: number): void {
    count(message, field, 1)
    pushUpTo(message, 'ints', field, value, maxValues)
  }

  function readDelimited(message: Message, field: Field | undefined, length: number, depth: number): void {
    const start = cursor.position()
    const end = start + length
    if (field === undefined) {
      if (length <= maxUnknown && length <= unknownLeft) unknownLeft -= length
      else gap(start, end)
      cursor.seek(end)
    } else if (field.kind === 'message') {
      const inner = newMessage(field.of ?? '', field.name, message, start, length)
      const before = { kept, keptText }
      try {
        readMessage(inner, end, depth + 1)
      } catch (error) {
        // What was seen before the break counts.
        leave(inner)
        throw error
      }
      leave(inner)
      count(message, field.name, 1)
      if (field.streamed === true) ({ kept, keptText } = before)
      else if (kept < maxKept) {
        if (pushUpTo(message, 'messages', field.name, inner, maxKeptPerField)) kept += 1
      } else limit(start, `more than ${maxKept} messages inside one another`)
    } else if (field.kind === 'text') readText(message, field.name, start, length)
    else if (field.kind === 'data') {
      count(message, field.name, 1)
      pushUpTo(message, 'ranges', field.name, { offset: start, length }, maxValues)
      gap(start, end)
      cursor.seek(end)
    } else if (field.kind === 'int') {
      let elements = 0
      while (cursor.position() < end) {
        const value = varint(cursor, end)
        elements += 1
        if (elements <= maxValues) pushUpTo(message, 'ints', field.name, value, maxValues)
      }
      count(message, field.name, elements)
    } else {
      const width = field.kind === 'fixed32' ? 4 : 8
      if (length % width !== 0) throw new Broken(start, `${length} bytes of ${width}-byte numbers`)
      count(message, field.name, length / width)
      pushUpTo(message, 'ranges', field.name, { offset: start, length }, maxValues)
      // Short ones are read in passing; long ones are tensors, which the format proves.
      if (length > maxUnknown) gap(start, end)
      cursor.seek(end)
    }
  }

  function readText(message: Message, field: string, start: number, length: number): void {
    count(message, field, 1)
    const texts = message.texts.get(field)
    if (texts === undefined || texts.length < maxValues) {
      const text = decode(cursor.bytes(Math.min(length, maxText)))
      keptText += text.length
      if (keptText > maxKeptText) limit(start, `more than ${maxKeptText} characters of text in one message`)
      else pushUpTo(message, 'texts', field, text, maxValues)
    }
    // Long text is accounted for when it is text: a binary in its place is not.
    if (length > maxOpaque && !isPlainText(reader, start, length)) gap(start, start + length)
    cursor.seek(start + length)
  }

  function readMessage(message: Message, end: number, depth: number): void {
    if (depth > maxDepth) {
      limit(cursor.position(), `messages nest deeper than ${maxDepth}`)
      gap(cursor.position(), end)
      cursor.seek(end)
      return
    }
    const fields = schema.get(message.type)?.fields
    while (cursor.position() < end) {
      const at = cursor.position()
      work += 1
      if (work > maxWork) throw new Broken(at, `more than ${maxWork} fields`)
      const tag = varint(cursor, end)
      const known = fields?.get(Math.floor(tag / 8))
      const wire = tag % 8
      if (tag < 8 || tag > 0xffffffff) throw new Broken(at, 'a field without a number')
      if (wire === 0) {
        const value = varint(cursor, end)
        if (known?.kind === 'int') number(message, known.name, value)
      } else if (wire === 1 || wire === 5) {
        const width = wire === 1 ? 8 : 4
        if (cursor.position() + width > end) throw new Broken(at, 'a number runs over the end of its message')
        cursor.skip(width)
        if (known?.kind === (wire === 1 ? 'fixed64' : 'fixed32')) count(message, known.name, 1)
      } else if (wire === 2) {
        const length = varint(cursor, end)
        const start = cursor.position()
        if (!(length >= 0 && length <= end - start)) {
          // Cut short or a lie: what is there is still looked into, for what it may hold.
          if (known?.kind === 'message' && end - start > 0) readDelimited(message, known, end - start, depth)
          throw new Broken(at, `a field claims ${length} bytes, ${end - start} are left`)
        }
        readDelimited(message, known, length, depth)
      } else throw new Broken(at, `wire type ${wire}`)
      if (depth === 0) lastWhole = cursor.position()
    }
  }

  const root = newMessage(options.root, '', undefined, offset, context.length)
  let whole = true
  try {
    readMessage(root, fileEnd, 0)
  } catch (error) {
    if (!(error instanceof Broken) && !(error instanceof PastEnd)) throw error
    whole = false
    observe({ code: malformed, offset: error.offset, detail: error.message })
  }
  gap(whole ? cursor.position() : Math.max(lastWhole, runStart), fileEnd)
  leave(root)
  return { whole, end: whole ? fileEnd : Math.max(lastWhole, offset), root }
}

function newMessage(type: string, field: string, parent: Message | undefined, offset: number, length: number): Message {
  return {
    type,
    field,
    parent,
    range: { offset, length },
    ints: none,
    texts: none,
    ranges: none,
    messages: none,
    counts: none,
  }
}

type Lists = { ints: number; texts: string; ranges: ByteRange; messages: Message }
type ListsOf = { [K in keyof Lists]: Map<string, Lists[K][]> }

function pushUpTo<K extends keyof Lists>(
  message: ListsOf,
  lists: K,
  key: string,
  value: Lists[K],
  max: number,
): boolean {
  if ((message[lists] as Map<string, unknown>) === none) message[lists] = new Map() as ListsOf[K]
  const map: Map<string, Lists[K][]> = message[lists]
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else if (list.length < max) list.push(value)
  else return false
  return true
}

const decoder = new TextDecoder()

/** Names are short and ASCII, and there are millions of them. */
function decode(bytes: Uint8Array): string {
  if (bytes.length > 24) return decoder.decode(bytes)
  let text = ''
  for (const byte of bytes) {
    if (byte > 0x7f) return decoder.decode(bytes)
    text += String.fromCharCode(byte)
  }
  return text
}

/** A variable-length integer of at most ten bytes; those with the highest bit set are negative. */
function varint(cursor: Cursor, end: number): number {
  const at = cursor.position()
  let value = 0
  let scale = 1
  // The highest part is kept apart, because a negative number is near 2^64, where whole numbers are no longer exact.
  let low = 0
  for (let i = 0; i < 10; i++) {
    if (cursor.position() >= end) throw new Broken(at, 'a number runs over the end of its message')
    const byte = cursor.u8()
    value += (byte & 0x7f) * scale
    scale *= 128
    if (i === 3) {
      low = value
      value = 0
      scale = 1
    }
    if (byte < 0x80) {
      if (i < 3) return value
      const high = i === 9 ? value - 68_719_476_736 : value
      return high * 268_435_456 + low
    }
  }
  throw new Broken(at, 'a number of more than ten bytes')
}

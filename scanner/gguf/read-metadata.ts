import type { Cursor } from '../cursor.ts'
import type { InspectContext } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { findSecrets, secretOverlap } from '../text/secrets.ts'
import { startWithoutSecret } from '../text/without-secret.ts'
import { Malformed } from './malformed.ts'
import type { GgufValue } from './types.ts'

/** What the metadata says. `values` and `texts` are keyed as in the file and hold the first of each key. */
export type GgufMetadata = {
  values: Map<string, GgufValue>
  /** Templates in full, for analysis; `offset` is where the text begins in the file. */
  templates: { key: string; text: string; offset: number; bytes: number }[]
  count: number
}

const typeNames = [
  'u8',
  'i8',
  'u16',
  'i16',
  'u32',
  'i32',
  'f32',
  'bool',
  'string',
  'array',
  'u64',
  'i64',
  'f64',
] as const
const sizes = [1, 1, 2, 2, 4, 4, 4, 1, 8, 12, 8, 8, 8] as const
const stringType = 8
const arrayType = 9
/** Key length, type, one byte of value: the least an entry takes. */
const leastEntryBytes = 8 + 4 + 1
const maxEntries = 65_536
const maxKeyBytes = 65_535
const maxKeptText = 256
const maxArrayDepth = 4
/** More than the analysis of a template reads, so that it can tell that there was more. */
const maxTemplate = 256 * 1024 + 4
const maxTemplates = 64
/** Bytes of one text that are searched for credentials; honest texts of metadata are shorter. */
const maxTextLooked = 16 * 1024 * 1024
/** Lists of more texts are vocabularies, whose words are no credentials. */
const maxListLooked = 256
const textWindow = 64 * 1024

/** Reads `count` metadata entries. Notes what is odd and goes on; throws `Malformed` or `PastEnd` where the rest cannot be placed. */
export function readMetadata(cursor: Cursor, count: number, observe: InspectContext['observe']): GgufMetadata {
  const start = cursor.position()
  if (count > cursor.remaining() / leastEntryBytes) {
    throw new Malformed('gguf.count', start, `${count} metadata entries claimed, ${cursor.remaining()} bytes left`)
  }
  if (count > maxEntries)
    throw new Malformed('scan.limit', start, `${count} metadata entries, at most ${maxEntries} are read`)
  const metadata: GgufMetadata = { values: new Map(), templates: [], count }
  for (let i = 0; i < count; i++) readEntry(cursor, metadata, observe)
  return metadata
}

function readEntry(cursor: Cursor, metadata: GgufMetadata, observe: InspectContext['observe']): void {
  const at = cursor.position()
  const key = readText(cursor, maxKeyBytes, 'metadata key')
  const typeAt = cursor.position()
  const type = cursor.u32()
  const member = escapeText(key)
  findSecrets(key, at + 8, observe)
  if (metadata.values.has(key)) observe({ code: 'gguf.duplicate-key', offset: at, member, detail: member })
  if (type >= typeNames.length) {
    throw new Malformed('gguf.value-type', typeAt, `metadata key ${member} has value type ${type}`)
  }
  const valueAt = cursor.position()
  if (type === arrayType) {
    const described = skipArray(cursor, member, 0, observe)
    if (!metadata.values.has(key)) metadata.values.set(key, described)
    return
  }
  if (type === stringType) {
    const length = cursor.u64()
    const isTemplate = key.includes('chat_template')
    if (length > cursor.remaining()) {
      throw new Malformed(
        'gguf.string-length',
        valueAt,
        `value of ${member} claims ${length} bytes, ${cursor.remaining()} are left`,
      )
    }
    const textAt = cursor.position()
    const kept = Math.min(length, isTemplate ? maxTemplate : 4 * maxKeptText)
    const text = new TextDecoder().decode(cursor.bytes(kept))
    cursor.seek(textAt)
    noteSecrets(cursor, length, member, observe)
    cursor.seek(textAt + length)
    if (isTemplate && metadata.templates.length < maxTemplates) {
      metadata.templates.push({ key, text, offset: textAt, bytes: length })
    } else if (isTemplate)
      observe({ code: 'scan.limit', offset: textAt, member, detail: `more than ${maxTemplates} templates` })
    if (!metadata.values.has(key))
      metadata.values.set(startWithoutSecret(key, maxKeyBytes), startWithoutSecret(text, maxKeptText))
    return
  }
  const value = readScalar(cursor, type)
  if (type === 7 && value !== 0 && value !== 1) {
    observe({ code: 'gguf.bool', offset: valueAt, member, detail: `${member} is ${value}` })
  }
  if (!metadata.values.has(key)) metadata.values.set(key, type === 7 ? value !== 0 : value)
}

/** Looks for credentials in the text that the cursor stands at. */
function noteSecrets(cursor: Cursor, length: number, member: string, observe: InspectContext['observe']): void {
  const decoder = new TextDecoder()
  const most = Math.min(length, maxTextLooked)
  let carried = ''
  for (let done = 0; done < most; done += textWindow) {
    const at = cursor.position()
    const text = decoder.decode(cursor.bytes(Math.min(textWindow, most - done)), { stream: true })
    findSecrets(carried + text, at - carried.length, (seen) => observe({ ...seen, member }), carried.length)
    carried = text.slice(-secretOverlap)
  }
}

/** Text with its length before it. Throws `Malformed` when the length is beyond the bytes left or the bound. */
export function readText(cursor: Cursor, bound: number, what: string): string {
  const at = cursor.position()
  const length = cursor.u64()
  if (length > cursor.remaining()) {
    throw new Malformed('gguf.string-length', at, `${what} claims ${length} bytes, ${cursor.remaining()} are left`)
  }
  if (length > bound)
    throw new Malformed('gguf.string-length', at, `${what} has ${length} bytes, at most ${bound} are allowed`)
  return new TextDecoder().decode(cursor.bytes(length))
}

function readScalar(cursor: Cursor, type: number): number | string {
  switch (type) {
    case 0:
    case 7:
      return cursor.u8()
    case 1:
      return (cursor.u8() << 24) >> 24
    case 2:
      return cursor.u16()
    case 3:
      return (cursor.u16() << 16) >> 16
    case 4:
      return cursor.u32()
    case 5:
      return cursor.u32() | 0
    case 6:
    case 12: {
      const size = type === 6 ? 4 : 8
      const bytes = cursor.bytes(size)
      const view = new DataView(bytes.buffer, bytes.byteOffset, size)
      const value = size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true)
      return Number.isFinite(value) ? value : String(value)
    }
    default: {
      const exact = type === 11 ? BigInt.asIntN(64, cursor.u64Exact()) : cursor.u64Exact()
      return exact <= BigInt(Number.MAX_SAFE_INTEGER) && exact >= BigInt(Number.MIN_SAFE_INTEGER)
        ? Number(exact)
        : exact.toString()
    }
  }
}

/** Steps over an array by its structure alone: vocabularies are long and their words decide nothing here. */
function skipArray(
  cursor: Cursor,
  key: string,
  depth: number,
  observe: InspectContext['observe'],
): { array: string; count: number } {
  const at = cursor.position()
  const type = cursor.u32()
  const count = cursor.u64()
  const size = sizes[type]
  if (size === undefined) throw new Malformed('gguf.value-type', at, `array ${key} has elements of type ${type}`)
  if (count > cursor.remaining() / size) {
    throw new Malformed('gguf.count', at, `array ${key} claims ${count} elements, ${cursor.remaining()} bytes are left`)
  }
  if (type === arrayType) {
    observe({ code: 'gguf.nested-array', offset: at, member: key, detail: key })
    if (depth >= maxArrayDepth)
      throw new Malformed('gguf.array-depth', at, `array ${key} nests deeper than ${maxArrayDepth}`)
    for (let i = 0; i < count; i++) skipArray(cursor, key, depth + 1, observe)
  } else if (type === stringType) {
    for (let i = 0; i < count; i++) {
      const itemAt = cursor.position()
      const length = cursor.u64()
      if (length > cursor.remaining()) {
        throw new Malformed(
          'gguf.string-length',
          itemAt,
          `element ${i} of ${key} claims ${length} bytes, ${cursor.remaining()} are left`,
        )
      }
      const textAt = cursor.position()
      if (count <= maxListLooked) noteSecrets(cursor, length, key, observe)
      cursor.seek(textAt + length)
    }
  } else cursor.skip(count * size)
  return { array: typeNames[type] ?? 'unknown', count }
}

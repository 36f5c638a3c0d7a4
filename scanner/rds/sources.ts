import { createCursor, PastEnd } from '../cursor.ts'
import { createBigCursor } from '../cursor-big.ts'
import type { Reader } from '../reader.ts'

/** The three encodings of R's serialization, as the values they are made of. Every method throws `PastEnd` at the end. */
export type RdsSource = {
  position: () => number
  remaining: () => number
  int: () => number
  /** Passes over numbers of 4 or 8 bytes each; gives back where their storage begins and how long it is. */
  numbers: (count: number, each: 4 | 8) => void
  text: (length: number) => string
  raw: (length: number) => void
  /** The fewest bytes one value takes. */
  least: number
}

/** Big-endian words. */
export function xdrSource(reader: Reader, start: number, end: number): RdsSource {
  const cursor = createBigCursor(reader, start, end)
  return {
    position: cursor.position,
    remaining: cursor.remaining,
    int: cursor.i32,
    numbers: (count, each) => cursor.skip(count * each),
    text: (length) => textOf(cursor, length),
    raw: cursor.skip,
    least: 4,
  }
}

/** Words of the machine that wrote it, which is little-endian by now. */
export function nativeSource(reader: Reader, start: number, end: number): RdsSource {
  const cursor = createCursor(reader, start, end)
  return {
    position: cursor.position,
    remaining: cursor.remaining,
    int: () => cursor.u32() | 0,
    numbers: (count, each) => cursor.skip(count * each),
    text: (length) => textOf(cursor, length),
    raw: cursor.skip,
    least: 4,
  }
}

/** Lines of text: a number each, texts with escapes, raw bytes as pairs of digits. */
export function asciiSource(reader: Reader, start: number, end: number): RdsSource {
  const cursor = createCursor(reader, start, end)
  function line(): string {
    let text = ''
    for (let byte = cursor.u8(); byte !== 0x0a; byte = cursor.u8()) {
      if (text.length >= 64) throw new PastEnd(cursor.position(), 64)
      text += String.fromCharCode(byte)
    }
    return text
  }
  const int = (): number => {
    const text = line()
    return text === 'NA' ? -2_147_483_648 : Number.parseInt(text, 10) | 0
  }
  return {
    position: cursor.position,
    remaining: cursor.remaining,
    int,
    numbers: (count) => {
      if (count * 2 > cursor.remaining()) throw new PastEnd(cursor.position(), count)
      for (let i = 0; i < count; i++) line()
    },
    text: (length) => {
      if (length > cursor.remaining()) throw new PastEnd(cursor.position(), length)
      let text = ''
      for (let i = 0; i < length; i++) {
        const byte = cursor.u8()
        const digits = byte === 0x5c ? cursor.u8() : -1
        if (digits >= 0x30 && digits <= 0x37) cursor.skip(2)
        if (text.length < 4096) text += digits < 0 ? String.fromCharCode(byte) : '?'
      }
      if (cursor.u8() !== 0x0a) throw new PastEnd(cursor.position(), 1)
      return text
    },
    raw: (length) => {
      if (length * 3 > cursor.remaining()) throw new PastEnd(cursor.position(), length)
      cursor.skip(length * 3)
    },
    least: 2,
  }
}

function textOf(
  cursor: { bytes: (length: number) => Uint8Array; skip: (length: number) => void },
  length: number,
): string {
  if (length > 4096) {
    const text = String.fromCharCode(...cursor.bytes(4096))
    cursor.skip(length - 4096)
    return text
  }
  return length <= 0 ? '' : String.fromCharCode(...cursor.bytes(length))
}

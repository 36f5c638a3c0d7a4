import { PastEnd } from './cursor.ts'
import type { Reader } from './reader.ts'

/** Reads big-endian values one after the other from a range of the file. Every method throws `PastEnd` rather than read beyond it. */
export type BigCursor = {
  /** Offset in the file of the next byte. */
  position: () => number
  remaining: () => number
  skip: (length: number) => void
  u8: () => number
  /** The next byte, which stays the next. */
  peek: () => number
  i8: () => number
  u16: () => number
  i16: () => number
  u32: () => number
  i32: () => number
  /** Exact up to 2^53, else the nearest number above it, which no file can satisfy. */
  u64: () => number
  i64: () => number
  f64: () => number
  /** A view that later reads may invalidate; at most `maxRead` bytes. */
  bytes: (length: number) => Uint8Array
}

const windowSize = 256 * 1024

export function createBigCursor(reader: Reader, start: number, end: number): BigCursor {
  let position = start
  let windowStart = start
  let window = new Uint8Array(0)
  let view = new DataView(window.buffer, 0, 0)

  function need(length: number): number {
    if (!(length <= end - position)) throw new PastEnd(position, length)
    if (position < windowStart || position + length > windowStart + window.length) {
      windowStart = position
      window = reader.read(position, Math.max(length, Math.min(windowSize, end - position))) as Uint8Array<ArrayBuffer>
      view = new DataView(window.buffer, window.byteOffset, window.length)
      if (window.length < length) throw new PastEnd(position, length)
    }
    const at = position - windowStart
    position += length
    return at
  }
  // `need` may replace `view`, so it must run first.
  const number = (length: number, get: (at: number) => number) => (): number => get(need(length))

  return {
    position: () => position,
    remaining: () => end - position,
    skip: (length) => {
      if (!(length >= 0 && length <= end - position)) throw new PastEnd(position, length)
      position += length
    },
    u8: number(1, (at) => view.getUint8(at)),
    peek: () => {
      const at = need(1)
      position -= 1
      return view.getUint8(at)
    },
    i8: number(1, (at) => view.getInt8(at)),
    u16: number(2, (at) => view.getUint16(at)),
    i16: number(2, (at) => view.getInt16(at)),
    u32: number(4, (at) => view.getUint32(at)),
    i32: number(4, (at) => view.getInt32(at)),
    u64: number(8, (at) => view.getUint32(at) * 4_294_967_296 + view.getUint32(at + 4)),
    i64: number(8, (at) => Number(view.getBigInt64(at))),
    f64: number(8, (at) => view.getFloat64(at)),
    bytes: (length) => {
      const at = need(length)
      return window.subarray(at, at + length)
    },
  }
}

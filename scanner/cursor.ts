import type { Reader } from './reader.ts'

/** Thrown by a cursor when a structure wants more bytes than its range holds. */
export class PastEnd extends Error {
  readonly offset: number
  readonly wanted: number

  constructor(offset: number, wanted: number) {
    super(`${wanted} bytes wanted at ${offset}`)
    this.name = 'PastEnd'
    this.offset = offset
    this.wanted = wanted
  }
}

/** Reads little-endian values one after the other from a range of the file. Every method throws `PastEnd` rather than read beyond it. */
export type Cursor = {
  /** Offset in the file of the next byte. */
  position: () => number
  /** Bytes left in the range. */
  remaining: () => number
  seek: (offset: number) => void
  skip: (length: number) => void
  u8: () => number
  u16: () => number
  u32: () => number
  /** Exact up to 2^53, else the nearest number above it, which no file can satisfy. */
  u64: () => number
  u64Exact: () => bigint
  /** A view that later reads may invalidate; at most `maxRead` bytes. */
  bytes: (length: number) => Uint8Array
}

const windowSize = 64 * 1024

export function createCursor(reader: Reader, start: number, end: number): Cursor {
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
      // A file that shrinks while it is read.
      if (window.length < length) throw new PastEnd(position, length)
    }
    const at = position - windowStart
    position += length
    return at
  }

  return {
    position: () => position,
    remaining: () => end - position,
    seek: (offset) => {
      if (offset > end) throw new PastEnd(position, offset - position)
      position = offset
    },
    skip: (length) => {
      if (!(length <= end - position)) throw new PastEnd(position, length)
      position += length
    },
    // `need` may replace `view`, so it must run first.
    u8: () => {
      const at = need(1)
      return view.getUint8(at)
    },
    u16: () => {
      const at = need(2)
      return view.getUint16(at, true)
    },
    u32: () => {
      const at = need(4)
      return view.getUint32(at, true)
    },
    u64: () => {
      const at = need(8)
      return view.getUint32(at + 4, true) * 4294967296 + view.getUint32(at, true)
    },
    u64Exact: () => {
      const at = need(8)
      return view.getBigUint64(at, true)
    },
    bytes: (length) => {
      const at = need(length)
      return window.subarray(at, at + length)
    },
  }
}

import { joined } from '../nested/joined.ts'
import type { Reader } from '../reader.ts'
import { BrokenStream, type ByteStream } from './types.ts'

/** Packed bytes, one after the other. */
export type Input = {
  /** The next byte. Throws `BrokenStream` at the end. */
  byte: () => number
  /** The next byte, or -1 at the end. */
  tryByte: () => number
  /** Little-endian. */
  u16: () => number
  u32: () => number
  /** Exact up to 2^53, else the nearest number above. */
  u64: () => number
  /** Some of the next bytes, at most `max`, at least one; empty at the end. Valid until the next call. */
  some: (max: number) => Uint8Array
  /** Exactly `length` bytes in an array of their own, made only of what is there. */
  take: (length: number) => Uint8Array
  skip: (length: number) => void
  /** Puts back bytes that were read ahead of need. */
  unread: (bytes: Uint8Array) => void
  /** Bytes used so far. */
  used: () => number
}

const windowSize = 64 * 1024

/** The bytes of a reader from `offset` on, `length` at most. */
export function inputOf(reader: Reader, offset: number, length: number): Input {
  let position = offset
  const end = Math.min(reader.size, offset + length)
  return inputFrom({
    read: (max) => {
      const bytes = reader.read(position, Math.min(max, end - position))
      position += bytes.length
      return bytes
    },
  })
}

/** What another stream unpacks, as input of the next coder in a chain. */
export function inputFrom(source: ByteStream): Input {
  let bytes = new Uint8Array(0) as Uint8Array
  let at = 0
  let before = 0

  function more(): boolean {
    before += bytes.length
    at = 0
    bytes = source.read(windowSize)
    return bytes.length > 0
  }
  function byte(): number {
    if (at >= bytes.length && !more()) throw new BrokenStream('archive.broken', 'the compressed data end too early')
    return bytes[at++] as number
  }
  const u16 = (): number => byte() + byte() * 256
  const u32 = (): number => u16() + u16() * 65536
  function some(max: number): Uint8Array {
    if (at >= bytes.length && !more()) return bytes
    const part = bytes.subarray(at, at + max)
    at += part.length
    return part
  }
  return {
    byte,
    tryByte: () => (at >= bytes.length && !more() ? -1 : (bytes[at++] as number)),
    u16,
    u32,
    u64: () => u32() + u32() * 4294967296,
    some,
    take: (length) => {
      const parts: Uint8Array[] = []
      for (let left = length; left > 0; ) {
        const part = some(left)
        if (part.length === 0) throw new BrokenStream('archive.broken', 'the compressed data end too early')
        parts.push(part.slice())
        left -= part.length
      }
      return joined(parts, length)
    },
    skip: (length) => {
      for (let left = length; left > 0; ) {
        const part = some(left)
        if (part.length === 0) throw new BrokenStream('archive.broken', 'the compressed data end too early')
        left -= part.length
      }
    },
    unread: (back) => {
      const rest = bytes.subarray(at)
      before += at - back.length
      bytes = new Uint8Array(back.length + rest.length)
      bytes.set(back)
      bytes.set(rest, back.length)
      at = 0
    },
    used: () => before + at,
  }
}

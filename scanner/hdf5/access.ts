import type { InspectContext } from '../define-format.ts'
import { maxRead } from '../reader.ts'

/** Thrown where the file is not what HDF5 says it must be. */
export class Hdf5Broken extends Error {
  readonly offset: number
  constructor(offset: number, detail: string) {
    super(detail)
    this.offset = offset
  }
}

/** Little-endian values one after the other from a block that was read. Throws `Hdf5Broken` at its end. */
export type Block = {
  /** Where the block begins, as an address of the file. */
  address: number
  position: () => number
  remaining: () => number
  skip: (length: number) => void
  uint: (bytes: number) => number
  /** An address or `undefined` for the undefined one. */
  pointer: () => number | undefined
  /** A length. */
  length: () => number
  bytes: (length: number) => Uint8Array
}

/** Read access by address. Everything read is accounted for as parsed. */
export type Hdf5Access = {
  /** Addresses count from here in the file. */
  base: number
  /** Bytes from the base to the end. */
  size: number
  offsetSize: number
  lengthSize: number
  /** A block that is read whole. */
  block: (address: number, length: number) => Block
  /** Reads without accounting for it. */
  peek: (address: number, length: number) => Uint8Array
  cover: (address: number, length: number, kind: 'parsed' | 'tensor') => void
  /** Ranges covered so far, by address. */
  covered: () => readonly { address: number; end: number }[]
}

const maxBlock = maxRead
/** Structures are read once; only ones that overlap or repeat cost more than the file has bytes. */
const maxRepeats = 4
const alwaysRead = 64 * 1024 * 1024

export function createAccess(
  context: InspectContext,
  base: number,
  offsetSize: number,
  lengthSize: number,
): Hdf5Access {
  const size = context.offset + context.length - base
  const ranges: { address: number; end: number }[] = []
  let work = 0

  function cover(address: number, length: number, kind: 'parsed' | 'tensor'): void {
    if (!(length > 0) || !(address >= 0) || address >= size) return
    const last = ranges.at(-1)
    if (last !== undefined && last.end === address) last.end = address + length
    else ranges.push({ address, end: address + length })
    context.cover(base + address, Math.min(length, size - address), kind)
  }

  function peek(address: number, length: number): Uint8Array {
    work += length
    if (work > alwaysRead + maxRepeats * size)
      throw new Hdf5Broken(base, 'the same bytes are used by too many structures')
    if (!(address >= 0 && length >= 0 && length <= maxBlock && address + length <= size))
      throw new Hdf5Broken(
        base + Math.max(0, Math.min(address, size)),
        `${length} bytes wanted at ${address} of ${size}`,
      )
    return context.reader.read(base + address, length)
  }

  function block(address: number, length: number): Block {
    const bytes = peek(address, length)
    if (bytes.length < length) throw new Hdf5Broken(base + address, 'the file ends within a structure')
    cover(address, length, 'parsed')
    return blockOf(bytes, address, base, offsetSize, lengthSize)
  }

  return { base, size, offsetSize, lengthSize, block, peek, cover, covered: () => ranges }
}

/** A block over bytes that were read already. */
export function blockOf(
  bytes: Uint8Array,
  address: number,
  base: number,
  offsetSize: number,
  lengthSize: number,
): Block {
  // A copy, because the reader's cache may reuse what it gave.
  const own = bytes.slice()
  let at = 0

  function take(length: number): number {
    if (!(length >= 0 && length <= own.length - at))
      throw new Hdf5Broken(base + address + at, `${length} bytes wanted, ${own.length - at} are left in the structure`)
    const start = at
    at += length
    return start
  }
  function uint(count: number): number {
    const start = take(count)
    let value = 0
    for (let i = count - 1; i >= 0; i--) value = value * 256 + (own[start + i] ?? 0)
    return value
  }
  return {
    address,
    position: () => at,
    remaining: () => own.length - at,
    skip: (length) => void take(length),
    uint,
    pointer: () => {
      const start = at
      const value = uint(offsetSize)
      return own.subarray(start, start + offsetSize).every((byte) => byte === 0xff) ? undefined : value
    },
    length: () => uint(lengthSize),
    bytes: (length) => {
      const start = take(length)
      return own.subarray(start, start + length)
    },
  }
}

/** ASCII or UTF-8 up to the first zero byte. */
export function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end))
}

/** Throws unless the block begins with the four letters. */
export function expectSignature(block: Block, signature: string, base: number): void {
  const found = String.fromCharCode(...block.bytes(4))
  if (found !== signature) throw new Hdf5Broken(base + block.address, `"${signature}" is missing`)
}

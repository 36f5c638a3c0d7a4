import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Reader } from '../reader.ts'
import { type Crc64, crc64 } from './checksums.ts'
import { branchFilter, deltaFilter, filtered } from './filters.ts'
import { type Input, inputOf } from './input.ts'
import { lzma2Dictionary, lzma2StreamFrom } from './lzma2.ts'
import { BrokenStream, type UnpackStream } from './types.ts'

/** Bytes of each kind of check; those in between are reserved but have a length. Source: The .xz File Format, section 2.1.1.2. */
const checkSizes = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64]

/** Unpacks one xz stream. Source: The .xz File Format, version 1.2.1. */
export function xzStream(reader: Reader, offset: number, length: number): UnpackStream {
  const input = inputOf(reader, offset, length)
  const magic = input.take(6)
  const flags = input.take(2)
  if (Buffer.from(magic).toString('latin1') !== '\xfd7zXZ\0') throw brokenXz('it does not begin with its magic')
  if (input.u32() !== crc32(flags)) throw new BrokenStream('archive.checksum', 'the header of the xz stream is damaged')
  const kind = flags[1] as number
  if (flags[0] !== 0 || kind > 15) throw brokenXz('its flags do not exist')
  const sizes: { unpadded: number; unpacked: number }[] = []
  let block: Block | undefined
  let ended = false

  function next(max: number): Uint8Array {
    for (;;) {
      if (ended) return new Uint8Array(0)
      if (block === undefined) {
        const first = input.byte()
        if (first === 0) {
          readIndex(input, sizes, flags)
          ended = true
          continue
        }
        block = startBlock(input, first, kind)
      }
      const bytes = block.stream.read(max)
      if (bytes.length > 0) {
        block.check.update(bytes)
        block.unpacked += bytes.length
        return bytes
      }
      sizes.push(endBlock(input, block, kind))
      block = undefined
      if (sizes.length > 1_000_000) throw brokenXz('it has too many blocks')
    }
  }
  return { read: next, consumed: input.used }
}

type Check = { update: (bytes: Uint8Array) => void; matches: (stored: Uint8Array) => boolean }

type Block = {
  stream: UnpackStream
  check: Check
  begun: number
  headerSize: number
  packed: number | undefined
  claimed: number | undefined
  unpacked: number
}

function startBlock(input: Input, first: number, kind: number): Block {
  const headerSize = (first + 1) * 4
  const begun = input.used() - 1
  const header = Uint8Array.of(first, ...input.take(headerSize - 5))
  if (input.u32() !== crc32(header)) throw new BrokenStream('archive.checksum', 'the header of an xz block is damaged')
  const fields = fieldsOf(header)
  const flags = fields.byte()
  if ((flags & 0x3c) !== 0) throw brokenXz('reserved flags of a block are set')
  const packed = (flags & 0x40) === 0 ? undefined : fields.integer()
  const claimed = (flags & 0x80) === 0 ? undefined : fields.integer()
  const filters = Array.from({ length: (flags & 3) + 1 }, () => {
    const id = fields.integer()
    return { id, properties: fields.bytes(fields.integer()) }
  })
  const last = filters.pop()
  if (last?.id !== 0x21 || last.properties.length !== 1)
    throw new BrokenStream('archive.opaque', `packed with method ${last?.id ?? 0} of xz`)
  let stream = lzma2StreamFrom(input, lzma2Dictionary(last.properties[0] as number))
  for (const { id, properties } of filters.reverse()) {
    if (id === 3) stream = filtered(stream, deltaFilter((properties[0] ?? 0) + 1))
    else if (properties.length > 0)
      throw new BrokenStream('archive.opaque', 'packed with a branch converter that begins elsewhere')
    else stream = filtered(stream, branchFilter(id))
  }
  return { stream, check: checkOf(kind), begun, headerSize, packed, claimed, unpacked: 0 }
}

function endBlock(input: Input, block: Block, kind: number): { unpadded: number; unpacked: number } {
  const packed = input.used() - block.begun - block.headerSize
  if (block.packed !== undefined && block.packed !== packed)
    throw brokenXz('a block has another packed size than it says')
  if (block.claimed !== undefined && block.claimed !== block.unpacked)
    throw brokenXz('a block has another size than it says')
  zeros(input, -packed & 3)
  const size = checkSizes[kind] as number
  if (!block.check.matches(input.take(size)))
    throw new BrokenStream('archive.checksum', 'a block of the xz stream has another content than its check says')
  return { unpadded: block.headerSize + packed + size, unpacked: block.unpacked }
}

/** The index repeats every block's sizes, and the footer the stream's flags. */
function readIndex(input: Input, sizes: readonly { unpadded: number; unpacked: number }[], flags: Uint8Array): void {
  const seen: number[] = [0]
  let sum = crc32(Uint8Array.of(0))
  const fields = integersOf(() => {
    const byte = input.byte()
    seen[0] = (seen[0] as number) + 1
    sum = crc32(Uint8Array.of(byte), sum)
    return byte
  })
  if (fields() !== sizes.length) throw brokenXz('its index has another number of blocks')
  for (const { unpadded, unpacked } of sizes)
    if (fields() !== unpadded || fields() !== unpacked) throw brokenXz('its index has other sizes than its blocks')
  const padding = -((seen[0] as number) + 1) & 3
  zeros(input, padding)
  sum = crc32(new Uint8Array(padding), sum)
  if (input.u32() !== sum) throw new BrokenStream('archive.checksum', 'the index of the xz stream is damaged')
  const indexSize = (seen[0] as number) + 1 + padding + 4
  const footerSum = input.u32()
  const footer = input.take(6)
  if (footerSum !== crc32(footer)) throw new BrokenStream('archive.checksum', 'the footer of the xz stream is damaged')
  const backward = new DataView(footer.buffer).getUint32(0, true)
  if ((backward + 1) * 4 !== indexSize || footer[4] !== flags[0] || footer[5] !== flags[1])
    throw brokenXz('its footer disagrees with its header')
  if (input.byte() !== 0x59 || input.byte() !== 0x5a) throw brokenXz('it does not end with its magic')
}

function zeros(input: Input, count: number): void {
  for (let i = 0; i < count; i++) if (input.byte() !== 0) throw brokenXz('padding is not zero')
}

/** Integers of seven bits a byte, lowest first, nine bytes at most. Source: section 1.2. */
function integersOf(byte: () => number): () => number {
  return () => {
    let value = 0
    for (let i = 0; i < 9; i++) {
      const next = byte()
      value += (next & 127) * 2 ** (7 * i)
      if (next < 128) return value
    }
    throw brokenXz('an integer is too long')
  }
}

function fieldsOf(header: Uint8Array): {
  byte: () => number
  integer: () => number
  bytes: (length: number) => Uint8Array
} {
  let at = 1
  const byte = (): number => {
    const value = header[at++]
    if (value === undefined) throw brokenXz('the header of a block is too short')
    return value
  }
  return {
    byte,
    integer: integersOf(byte),
    bytes: (length) => {
      const part = header.subarray(at, at + length)
      if (part.length !== length) throw brokenXz('the header of a block is too short')
      at += length
      return part
    },
  }
}

function checkOf(kind: number): Check {
  if (kind === 1) {
    let sum = 0
    return {
      update: (bytes) => {
        sum = crc32(bytes, sum)
      },
      matches: (stored) => new DataView(stored.buffer).getUint32(0, true) === sum,
    }
  }
  if (kind === 4) {
    const sum: Crc64 = { low: 0, high: 0 }
    return {
      update: (bytes) => crc64(bytes, sum),
      matches: (stored) => {
        const view = new DataView(stored.buffer)
        return view.getUint32(0, true) === sum.low && view.getUint32(4, true) === sum.high
      },
    }
  }
  if (kind === 10) {
    const hash = createHash('sha256')
    return { update: (bytes) => void hash.update(bytes), matches: (stored) => hash.digest().equals(stored) }
  }
  // No check, or one that no reader knows.
  return { update: () => undefined, matches: () => true }
}

function brokenXz(what: string): BrokenStream {
  return new BrokenStream('archive.broken', `broken xz data: ${what}`)
}

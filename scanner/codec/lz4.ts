import type { Reader } from '../reader.ts'
import { type Input, inputOf } from './input.ts'
import { unpackLz4Block } from './lz4-block.ts'
import { BrokenStream, type UnpackStream } from './types.ts'
import { createWindow, streamFrom } from './window.ts'
import { createXxh32, xxh32 } from './xxhash32.ts'

const reach = 64 * 1024
const legacyBlock = 8 * 1024 * 1024

/** Unpacks one LZ4 frame, also of the legacy kind. Source: the LZ4 Frame Format description, version 1.6.4. */
export function lz4Stream(reader: Reader, offset: number, length: number): UnpackStream {
  const input = inputOf(reader, offset, length)
  const magic = input.u32()
  if (magic === 0x184c2102) return legacyFrame(input)
  if (magic !== 0x184d2204) throw brokenLz4('it does not begin with the magic number')
  return frame(input)
}

function frame(input: Input): UnpackStream {
  const flags = input.byte()
  const descriptor = input.byte()
  if (flags >> 6 !== 1 || (flags & 2) !== 0) throw brokenLz4('a version that does not exist')
  const sized = (flags & 8) !== 0
  const rest = input.take((sized ? 8 : 0) + (flags & 1) * 4)
  const headerSum = (xxh32(Uint8Array.of(flags, descriptor, ...rest)) >>> 8) & 0xff
  if (input.byte() !== headerSum) throw new BrokenStream('archive.checksum', 'the header of the LZ4 frame is damaged')
  if ((flags & 1) !== 0) throw new BrokenStream('archive.opaque', 'packed with a dictionary that is not in the file')
  const sizeCode = (descriptor >> 4) & 7
  if (sizeCode < 4) throw brokenLz4('a block size that does not exist')
  const blockSize = 1 << (8 + 2 * sizeCode)
  const claimed = sized ? Number(new DataView(rest.buffer).getBigUint64(0, true)) : undefined
  const independent = (flags & 32) !== 0
  const window = createWindow(reach)
  const hash = (flags & 4) !== 0 ? createXxh32() : undefined
  let made = 0

  function produce(): boolean {
    const word = input.u32()
    if (word === 0) {
      if (hash !== undefined && input.u32() !== hash.digest())
        throw new BrokenStream('archive.checksum', 'the content has another checksum than the LZ4 frame says')
      if (claimed !== undefined && claimed !== made) throw brokenLz4(`${made} bytes where ${claimed} are claimed`)
      return false
    }
    const length = word & 0x7fffffff
    if (length > blockSize) throw brokenLz4('a block is longer than its size')
    const packed = input.take(length)
    if ((flags & 16) !== 0 && input.u32() !== xxh32(packed))
      throw new BrokenStream('archive.checksum', 'a block of the LZ4 frame is damaged')
    window.room(mostOf(packed, blockSize))
    const from = window.at
    try {
      if (word >>> 31 === 1) {
        window.bytes.set(packed, from)
        window.at += length
      } else unpackLz4Block(packed, window, mostOf(packed, blockSize), independent ? 0 : reach)
    } finally {
      made += window.at - from
      hash?.update(window.bytes.subarray(from, window.at))
    }
    return true
  }
  return streamFrom(window, produce, input.used)
}

/** Blocks of 8 MiB without any checksum, up to the end of the file or to what cannot be a length. */
function legacyFrame(input: Input): UnpackStream {
  const window = createWindow(0)
  let over = 0
  function produce(): boolean {
    const first = input.tryByte()
    if (first < 0) return false
    const length = first + input.byte() * 256 + input.u16() * 65536
    // Another frame begins here; no block is that long.
    if (length > legacyBlock + legacyBlock / 255 + 16) {
      over = 4
      return false
    }
    const packed = input.take(length)
    window.room(mostOf(packed, legacyBlock))
    unpackLz4Block(packed, window, mostOf(packed, legacyBlock), 0)
    return true
  }
  return streamFrom(window, produce, () => input.used() - over)
}

/** A byte stands for 255 at most. */
function mostOf(packed: Uint8Array, blockSize: number): number {
  return Math.min(blockSize, packed.length * 255)
}

function brokenLz4(what: string): BrokenStream {
  return new BrokenStream('archive.broken', `broken LZ4 data: ${what}`)
}

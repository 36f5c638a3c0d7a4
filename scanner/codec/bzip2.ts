import type { Reader } from '../reader.ts'
import { createBitReader } from './bits-big.ts'
import { brokenBzip2, bzip2Block } from './bzip2-block.ts'
import { crc32Big } from './checksums.ts'
import { type Input, inputOf } from './input.ts'
import { BrokenStream, type UnpackStream } from './types.ts'
import { createWindow, growingChunk, streamFrom } from './window.ts'

/** Unpacks one bzip2 stream. Source: the format as bzip2's decompress.c reads it; there is no other specification. */
export function bzip2Stream(reader: Reader, offset: number, length: number): UnpackStream {
  return bzip2From(inputOf(reader, offset, length))
}

/** The same from an input that may go on behind the stream. */
export function bzip2From(input: Input): UnpackStream {
  const window = createWindow(0)
  const chunk = growingChunk()
  const bits = createBitReader(input)
  let room: Uint32Array | undefined
  let next: (() => number) | undefined
  let expected = 0
  let sum = -1
  let all = 0
  // Run-length state: after four equal bytes comes a count.
  let previous = -1
  let equal = 0
  let repeat = 0

  function startBlock(): boolean {
    if (room === undefined) {
      if (bits.read(24) !== 0x425a68) throw brokenBzip2('it does not begin with BZh')
      const level = bits.read(8) - 0x30
      if (level < 1 || level > 9) throw brokenBzip2('its block size does not exist')
      room = new Uint32Array(level * 100_000)
    }
    const magic = bits.read(24) * 16777216 + bits.read(24)
    expected = (bits.read(16) * 65536 + bits.read(16)) >>> 0
    if (magic === 0x177245385090) {
      if (expected !== all >>> 0)
        throw new BrokenStream('archive.checksum', 'the content has another CRC than bzip2 says')
      bits.giveBack()
      return false
    }
    if (magic !== 0x314159265359) throw brokenBzip2('a block begins with something else')
    next = bzip2Block(bits, room)
    sum = -1
    previous = -1
    equal = 0
    return true
  }

  function endBlock(): void {
    next = undefined
    const found = ~sum >>> 0
    if (found !== expected) throw new BrokenStream('archive.checksum', 'a block has another CRC than bzip2 says')
    all = ((all << 1) | (all >>> 31)) ^ found
  }

  function produce(): boolean {
    if (next === undefined && !startBlock()) return false
    const size = chunk()
    window.room(size)
    const { bytes } = window
    const from = window.at
    const limit = from + size
    let at = from
    let over = false
    const draw = next as () => number
    while (at < limit) {
      if (repeat > 0) {
        const count = Math.min(repeat, limit - at)
        bytes.fill(previous, at, at + count)
        at += count
        repeat -= count
        continue
      }
      const byte = draw()
      if (byte < 0) {
        over = true
        break
      }
      if (equal === 4) {
        repeat = byte
        equal = 0
        // What follows a run begins a new count even when it is the same byte.
        continue
      }
      equal = byte === previous ? equal + 1 : 1
      previous = byte
      bytes[at++] = byte
    }
    window.at = at
    sum = crc32Big(bytes.subarray(from, at), sum)
    if (over) endBlock()
    return true
  }
  return streamFrom(window, produce, () => input.used() - bits.heldBytes())
}

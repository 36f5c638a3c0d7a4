import type { Reader } from '../reader.ts'
import { type Input, inputOf } from './input.ts'
import { BrokenStream, maxDictionary, type UnpackStream } from './types.ts'
import { createWindow, streamFrom, type Window } from './window.ts'
import { createXxh64 } from './xxhash64.ts'
import { maxBlock, unpackZstdBlock, type ZstdState } from './zstd-block.ts'
import { brokenZstd } from './zstd-entropy.ts'

/** Unpacks one Zstandard frame (RFC 8878). */
export function zstdStream(reader: Reader, offset: number, length: number): UnpackStream {
  return zstdFrom(inputOf(reader, offset, length))
}

/** The same from an input that may go on behind the frame. */
export function zstdFrom(input: Input): UnpackStream {
  if (input.u32() !== 0xfd2fb528) throw brokenZstd('it does not begin with the magic number')
  const header = readHeader(input)
  if (header.window > maxDictionary)
    throw new BrokenStream('archive.opaque', `packed with a window of ${header.window} bytes`)
  const window = createWindow(Math.max(1024, header.window))
  const state: ZstdState = { recent: [1, 4, 8] }
  const hash = header.summed ? createXxh64() : undefined
  let last = false
  let made = 0

  function produce(): boolean {
    if (last) {
      if (hash !== undefined && input.u32() !== hash.low())
        throw new BrokenStream('archive.checksum', 'the content has another checksum than the zstd frame says')
      if (header.size !== undefined && header.size !== made)
        throw brokenZstd(`${made} bytes where ${header.size} are claimed`)
      return false
    }
    try {
      last = unpackBlock(input, window, state)
    } finally {
      const added = window.bytes.subarray(window.given, window.at)
      made += added.length
      hash?.update(added)
    }
    return true
  }
  return streamFrom(window, produce, input.used)
}

/** Adds one block; true when it is the last. */
function unpackBlock(input: Input, window: Window, state: ZstdState): boolean {
  const word = input.byte() + input.u16() * 256
  const kind = (word >> 1) & 3
  const size = word >> 3
  if (kind === 3 || size > maxBlock) throw brokenZstd('a block of an unknown kind or size')
  window.room(kind === 2 ? maxBlock : size)
  if (kind === 2) unpackZstdBlock(input.take(size), window, state)
  else if (kind === 1) {
    window.bytes.fill(input.byte(), window.at, window.at + size)
    window.at += size
  } else {
    window.bytes.set(input.take(size), window.at)
    window.at += size
  }
  return (word & 1) === 1
}

function readHeader(input: Input): { window: number; size: number | undefined; summed: boolean } {
  const descriptor = input.byte()
  if ((descriptor & 8) !== 0) throw brokenZstd('a reserved bit of the header is set')
  const single = (descriptor & 32) !== 0
  const shape = single ? 0 : input.byte()
  const base = 2 ** (10 + (shape >> 3))
  const dictionary = [0, 1, 2, 4][descriptor & 3] as number
  if (input.take(dictionary).some((byte) => byte !== 0))
    throw new BrokenStream('archive.opaque', 'packed with a dictionary that is not in the file')
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] as number
  const size =
    sizeBytes === 0
      ? undefined
      : sizeBytes === 1
        ? input.byte()
        : sizeBytes === 2
          ? input.u16() + 256
          : sizeBytes === 4
            ? input.u32()
            : input.u64()
  return {
    window: single ? (size ?? 0) : base + (base / 8) * (shape & 7),
    size,
    summed: (descriptor & 4) !== 0,
  }
}

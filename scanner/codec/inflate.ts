import type { Reader } from '../reader.ts'
import { type PrefixCode, prefixCode } from './huffman.ts'
import { type Input, inputOf } from './input.ts'
import { BrokenStream, type UnpackStream } from './types.ts'
import { createWindow, growingChunk, streamFrom } from './window.ts'

const longestMatch = 258

const lengthBase = Uint16Array.from([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
])
const lengthExtra = Uint8Array.from([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
])
const codeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

/** Base and number of extra bits of distance symbol `i`; source: RFC 1951, section 3.2.5. */
const distanceExtra = Uint8Array.from({ length: 30 }, (_none, i) => Math.max(0, (i >> 1) - 1))
const distanceBase = Uint16Array.from({ length: 30 }, (_none, i) =>
  i < 2 ? i + 1 : ((2 + (i & 1)) << ((i >> 1) - 1)) + 1,
)

const fixedLiterals = prefixCode(
  Uint8Array.from({ length: 288 }, (_none, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)),
)
const fixedDistances = prefixCode(new Uint8Array(30).fill(5))

/** Unpacks raw deflate (RFC 1951), such as a member of a ZIP. */
export function inflateRawStream(reader: Reader, offset: number, length: number): UnpackStream {
  return inflateFrom(inputOf(reader, offset, length))
}

/** Raw deflate from an input that may go on behind it: when the output ends, the input stands at the byte after the last block. */
export function inflateFrom(input: Input): UnpackStream {
  const window = createWindow(32 * 1024)
  const chunk = growingChunk()
  let held = 0
  let heldBits = 0
  let last = false
  let stored = 0
  let codes: { literals: PrefixCode; distances: PrefixCode } | undefined

  function bits(count: number): number {
    while (heldBits < count) {
      held |= input.byte() << heldBits
      heldBits += 8
    }
    const value = held & ((1 << count) - 1)
    held >>>= count
    heldBits -= count
    return value
  }

  /** Fewer bits than the longest code may be left at the very end of the data. */
  function symbol(code: PrefixCode): number {
    while (heldBits < code.bits) {
      const byte = input.tryByte()
      if (byte < 0) break
      held |= byte << heldBits
      heldBits += 8
    }
    const entry = code.table[held & (code.table.length - 1)] as number
    const used = entry & 15
    if (entry === 0 || used > heldBits) throw broken('a code that stands for nothing')
    held >>>= used
    heldBits -= used
    return entry >> 4
  }

  function startBlock(): void {
    last = bits(1) === 1
    const kind = bits(2)
    if (kind === 0) {
      held >>>= heldBits & 7
      heldBits -= heldBits & 7
      stored = bits(16)
      if ((bits(16) ^ 0xffff) !== stored) throw broken('the length of a stored block disagrees with its complement')
    } else if (kind === 1) codes = { literals: fixedLiterals, distances: fixedDistances }
    else if (kind === 2) codes = dynamicCodes()
    else throw broken('a block of an unknown kind')
  }

  function dynamicCodes(): { literals: PrefixCode; distances: PrefixCode } {
    const literals = bits(5) + 257
    const distances = bits(5) + 1
    const ordered = bits(4) + 4
    const ofLengths = new Uint8Array(19)
    for (let i = 0; i < ordered; i++) ofLengths[codeOrder[i] as number] = bits(3)
    const code = prefixCode(ofLengths)
    const lengths = new Uint8Array(literals + distances)
    for (let i = 0; i < lengths.length; ) {
      const next = symbol(code)
      if (next < 16) lengths[i++] = next
      else {
        if (next === 16 && i === 0) throw broken('a length is repeated before there is one')
        const value = next === 16 ? (lengths[i - 1] as number) : 0
        const times = next === 16 ? 3 + bits(2) : next === 17 ? 3 + bits(3) : 11 + bits(7)
        if (i + times > lengths.length) throw broken('more code lengths than symbols')
        lengths.fill(value, i, i + times)
        i += times
      }
    }
    return { literals: prefixCode(lengths.subarray(0, literals)), distances: prefixCode(lengths.subarray(literals)) }
  }

  function copyStored(limit: number): void {
    while (stored > 0 && window.at < limit) {
      const room = Math.min(stored, limit - window.at)
      // Whole bytes may still be held from a look ahead.
      const part = heldBits >= 8 ? Uint8Array.of(bits(8)) : input.some(room)
      if (part.length === 0) throw broken('the compressed data end too early')
      window.bytes.set(part, window.at)
      window.at += part.length
      stored -= part.length
    }
  }

  function produce(): boolean {
    const size = chunk()
    window.room(size + longestMatch)
    const limit = window.at + size
    while (window.at < limit) {
      if (stored > 0) copyStored(limit)
      else if (codes !== undefined) copyCoded(codes.literals, codes.distances, limit)
      else if (last) return finish()
      else startBlock()
    }
    return true
  }

  /** What was held beyond the last block belongs to whatever follows. */
  function finish(): false {
    held >>>= heldBits & 7
    const back = Uint8Array.of(held & 0xff, (held >> 8) & 0xff, (held >> 16) & 0xff).subarray(0, heldBits >> 3)
    if (back.length > 0) input.unread(back)
    held = 0
    heldBits = 0
    return false
  }

  function copyCoded(literals: PrefixCode, distances: PrefixCode, limit: number): void {
    const { bytes } = window
    const { table, bits: needed } = literals
    const mask = table.length - 1
    let at = window.at
    try {
      while (at < limit) {
        while (heldBits < needed) {
          const byte = input.tryByte()
          if (byte < 0) break
          held |= byte << heldBits
          heldBits += 8
        }
        const entry = table[held & mask] as number
        const used = entry & 15
        if (entry === 0 || used > heldBits) throw broken('a code that stands for nothing')
        held >>>= used
        heldBits -= used
        const value = entry >> 4
        if (value < 256) {
          bytes[at++] = value
          continue
        }
        if (value === 256) {
          codes = undefined
          return
        }
        if (value > 285) throw broken('a length that does not exist')
        const length = (lengthBase[value - 257] as number) + bits(lengthExtra[value - 257] as number)
        const from = symbol(distances)
        if (from > 29) throw broken('a distance that does not exist')
        const distance = (distanceBase[from] as number) + bits(distanceExtra[from] as number)
        window.at = at
        window.copy(distance, length)
        at = window.at
      }
    } finally {
      window.at = at
    }
  }

  return streamFrom(window, produce, () => input.used() - (heldBits >> 3))
}

function broken(what: string): BrokenStream {
  return new BrokenStream('archive.broken', `broken deflate data: ${what}`)
}

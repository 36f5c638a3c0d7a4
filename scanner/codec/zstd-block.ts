import type { Window } from './window.ts'
import { backBits, brokenZstd, type Fse, fseOf, fseOfOne, type Huffman, readFse, readHuffman } from './zstd-entropy.ts'

/** What a block leaves for the next one of its frame. */
export type ZstdState = {
  huffman?: Huffman
  lengths?: Fse
  offsets?: Fse
  matches?: Fse
  recent: [number, number, number]
}

/** The most a block unpacks to. */
export const maxBlock = 128 * 1024

/** Base and extra bits of the codes of literal lengths and match lengths. RFC 8878, section 3.1.1.3.2.1.1. */
const literalExtra = [...Array<number>(16).fill(0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]
const literalBase = basesOf(literalExtra, 0)
const matchExtra = [...Array<number>(32).fill(0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]
const matchBase = basesOf(matchExtra, 3)

/** Distributions in force where a block names none. Section 3.1.1.3.2.2. */
const usualLengths = fseOf(
  [4, 3, ...Array<number>(11).fill(2), 1, 1, 1, ...Array<number>(9).fill(2), 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1],
  6,
)
const usualMatches = fseOf([1, 4, 3, 2, 2, 2, 2, 2, 2, ...Array<number>(37).fill(1), -1, -1, -1, -1, -1, -1, -1], 6)
const usualOffsets = fseOf([1, 1, 1, 1, 1, 1, 2, 2, 2, ...Array<number>(15).fill(1), -1, -1, -1, -1, -1], 5)

/** Adds what a compressed block unpacks to, at most 128 KiB. */
export function unpackZstdBlock(bytes: Uint8Array, window: Window, state: ZstdState): void {
  const literals = readLiterals(bytes, state)
  const begun = window.at
  let at = literals.next
  const first = byteAt(bytes, at++)
  const count =
    first < 128
      ? first
      : first < 255
        ? (first - 128) * 256 + byteAt(bytes, at++)
        : byteAt(bytes, at++) + byteAt(bytes, at++) * 256 + 0x7f00
  let used = 0
  if (count > 0) {
    const modes = byteAt(bytes, at++)
    if ((modes & 3) !== 0) throw brokenZstd('reserved bits of a block are set')
    const coder = (mode: number, usual: Fse, before: Fse | undefined, maxLog: number, maxSymbol: number): Fse => {
      if (mode === 0) return usual
      if (mode === 1) {
        const symbol = byteAt(bytes, at++)
        if (symbol > maxSymbol) throw brokenZstd('a symbol that does not exist')
        return fseOfOne(symbol)
      }
      if (mode === 2) {
        const { fse, next } = readFse(bytes, at, bytes.length, maxLog, maxSymbol)
        at = next
        return fse
      }
      if (before === undefined) throw brokenZstd('a block repeats a distribution before there is one')
      return before
    }
    state.lengths = coder(modes >> 6, usualLengths, state.lengths, 9, 35)
    state.offsets = coder((modes >> 4) & 3, usualOffsets, state.offsets, 8, 31)
    state.matches = coder((modes >> 2) & 3, usualMatches, state.matches, 9, 52)
    used = runSequences(bytes, at, count, literals.bytes, window, state)
  } else if (at !== bytes.length) throw brokenZstd('bytes behind a block')
  const rest = literals.bytes.subarray(used)
  if (window.at - begun + rest.length > maxBlock) throw brokenZstd('a block unpacks to more than its size')
  window.bytes.set(rest, window.at)
  window.at += rest.length
}

/** Copies literals and matches in turn; returns how many literals that took. */
function runSequences(
  bytes: Uint8Array,
  start: number,
  count: number,
  literals: Uint8Array,
  window: Window,
  state: ZstdState,
): number {
  const { lengths, offsets, matches, recent } = state as Required<ZstdState>
  const bits = backBits(bytes, start, bytes.length)
  let lengthState = bits.read(lengths.log)
  let offsetState = bits.read(offsets.log)
  let matchState = bits.read(matches.log)
  const limit = window.at + maxBlock
  let used = 0
  for (let left = count; left > 0; left--) {
    const offsetCode = offsets.symbols[offsetState] as number
    const matchCode = matches.symbols[matchState] as number
    const lengthCode = lengths.symbols[lengthState] as number
    const value = offsetCode > 30 ? Number.POSITIVE_INFINITY : (1 << offsetCode) + bits.read(offsetCode)
    const length = (matchBase[matchCode] as number) + bits.read(matchExtra[matchCode] as number)
    const plain = (literalBase[lengthCode] as number) + bits.read(literalExtra[lengthCode] as number)
    if (bits.left() < 0) throw brokenZstd('the sequences of a block end too early')
    if (left > 1) {
      lengthState = (lengths.bases[lengthState] as number) + bits.read(lengths.bits[lengthState] as number)
      matchState = (matches.bases[matchState] as number) + bits.read(matches.bits[matchState] as number)
      offsetState = (offsets.bases[offsetState] as number) + bits.read(offsets.bits[offsetState] as number)
    }
    if (used + plain > literals.length) throw brokenZstd('a block uses more literals than it has')
    if (window.at + plain + length > limit) throw brokenZstd('a block unpacks to more than its size')
    const to = window.bytes
    for (let i = 0, at = window.at; i < plain; i++) to[at++] = literals[used++] as number
    window.at += plain
    window.copy(distanceOf(value, plain, recent), length)
  }
  if (bits.left() !== 0) throw brokenZstd('the sequences of a block leave bits behind')
  return used
}

/** The distance a sequence means, which may be one of the last three. Section 3.1.1.5. */
function distanceOf(value: number, plain: number, recent: [number, number, number]): number {
  const [first, second, third] = recent
  if (value > 3) {
    recent[2] = second
    recent[1] = first
    recent[0] = value - 3
    return value - 3
  }
  const which = plain === 0 ? value + 1 : value
  if (which === 1) return first
  const distance = which === 2 ? second : which === 3 ? third : first - 1
  if (which !== 2) recent[2] = second
  recent[1] = first
  recent[0] = distance
  return distance
}

function readLiterals(bytes: Uint8Array, state: ZstdState): { bytes: Uint8Array; next: number } {
  const first = byteAt(bytes, 0)
  const kind = first & 3
  const format = (first >> 2) & 3
  if (kind < 2) {
    const headerSize = format === 1 ? 2 : format === 3 ? 3 : 1
    const size = headerSize === 1 ? first >> 3 : littleEndian(bytes, headerSize) >>> 4
    if (size > maxBlock) throw brokenZstd('more literals than a block holds')
    if (kind === 1) return { bytes: new Uint8Array(size).fill(byteAt(bytes, headerSize)), next: headerSize + 1 }
    if (headerSize + size > bytes.length) throw brokenZstd('literals end too early')
    return { bytes: bytes.subarray(headerSize, headerSize + size), next: headerSize + size }
  }
  const headerSize = format < 2 ? 3 : format + 2
  const width = format < 2 ? 10 : format === 2 ? 14 : 18
  const header = littleEndian(bytes, headerSize)
  const size = Math.floor(header / 16) % 2 ** width
  const packed = Math.floor(header / 2 ** (4 + width)) % 2 ** width
  const end = headerSize + packed
  if (size > maxBlock) throw brokenZstd('more literals than a block holds')
  if (end > bytes.length) throw brokenZstd('literals end too early')
  let at = headerSize
  if (kind === 2) {
    const read = readHuffman(bytes, at, end)
    state.huffman = read.huffman
    at = read.next
  }
  const { huffman } = state
  if (huffman === undefined) throw brokenZstd('a block repeats a prefix code before there is one')
  const target = new Uint8Array(size)
  if (format === 0) unpackStream(bytes, at, end, huffman, target)
  else unpackFour(bytes, at, end, huffman, target)
  return { bytes: target, next: end }
}

function unpackFour(bytes: Uint8Array, start: number, end: number, huffman: Huffman, target: Uint8Array): void {
  if (start + 6 > end) throw brokenZstd('literals end too early')
  const part = (target.length + 3) >> 2
  let from = start + 6
  for (let i = 0; i < 4; i++) {
    const size = (bytes[start + i * 2] as number) + (bytes[start + i * 2 + 1] as number) * 256
    const to = i === 3 ? end : from + size
    if (to > end || part * 3 > target.length) throw brokenZstd('literals end too early')
    unpackStream(bytes, from, to, huffman, target.subarray(part * i, i === 3 ? target.length : part * (i + 1)))
    from = to
  }
}

function unpackStream(bytes: Uint8Array, start: number, end: number, huffman: Huffman, target: Uint8Array): void {
  const bits = backBits(bytes, start, end)
  const { table, bits: width } = huffman
  for (let i = 0; i < target.length; i++) {
    const entry = table[bits.read(width)] as number
    bits.back(width - (entry & 15))
    target[i] = entry >> 4
  }
  if (bits.left() !== 0) throw brokenZstd('literals have another length than they say')
}

function basesOf(extra: readonly number[], first: number): number[] {
  let base = first
  return extra.map((bits) => {
    const own = base
    base += 2 ** bits
    return own
  })
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at]
  if (byte === undefined) throw brokenZstd('a block ends too early')
  return byte
}

function littleEndian(bytes: Uint8Array, length: number): number {
  let value = 0
  for (let i = length - 1; i >= 0; i--) value = value * 256 + byteAt(bytes, i)
  return value
}

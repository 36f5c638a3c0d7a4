import { BrokenStream } from './types.ts'

/** Bits read from the end of a range to its start, highest first, as zstd's entropy coders write them. RFC 8878, section 4.1. */
export type BackBits = {
  /** The next `count` bits, at most 31; zeros behind the start. */
  read: (count: number) => number
  /** Bits left; negative when more were read than there are. */
  left: () => number
  /** Gives bits back. */
  back: (count: number) => void
}

export function backBits(bytes: Uint8Array, start: number, end: number): BackBits {
  const last = end > start ? (bytes[end - 1] as number) : 0
  // The highest set bit of the last byte marks where the bits begin.
  if (last === 0) throw brokenZstd('a bit stream without an end mark')
  let at = (end - start) * 8 - 1 - Math.clz32(last) + 24
  const byteAt = (index: number): number => (index < start ? 0 : (bytes[index] as number))

  function few(count: number): number {
    at -= count
    const index = start + (at >> 3)
    const shift = at & 7
    const word =
      index >= start && index + 4 <= bytes.length
        ? (bytes[index] as number) |
          ((bytes[index + 1] as number) << 8) |
          ((bytes[index + 2] as number) << 16) |
          ((bytes[index + 3] as number) << 24)
        : byteAt(index) | (byteAt(index + 1) << 8) | (byteAt(index + 2) << 16) | (byteAt(index + 3) << 24)
    return (word >>> shift) & ((1 << count) - 1)
  }
  return {
    read: (count) => (count <= 24 ? few(count) : few(count - 16) * 65536 + few(16)),
    left: () => at,
    back: (count) => {
      at += count
    },
  }
}

/** A finite-state coder: each state names a symbol and where to go from there. RFC 8878, section 4.1.1. */
export type Fse = { log: number; symbols: Uint8Array; bits: Uint8Array; bases: Uint16Array }

/** Reads a distribution; returns the coder and where the bytes after it begin. */
export function readFse(
  bytes: Uint8Array,
  start: number,
  end: number,
  maxLog: number,
  maxSymbol: number,
): { fse: Fse; next: number } {
  let at = start * 8
  const read = (count: number): number => {
    let value = 0
    for (let i = 0; i < count; i++, at++) {
      if (at >= end * 8) throw brokenZstd('a distribution ends too early')
      value |= (((bytes[at >> 3] as number) >> (at & 7)) & 1) << i
    }
    return value
  }
  const log = read(4) + 5
  if (log > maxLog) throw brokenZstd('a distribution is finer than allowed')
  const counts: number[] = []
  let remaining = 1 << log
  while (remaining > 0) {
    const bits = 32 - Math.clz32(remaining + 1)
    const low = read(bits - 1)
    const threshold = (1 << bits) - 2 - remaining
    let value = low
    if (low >= threshold && read(1) === 1) value = low + (1 << (bits - 1)) - threshold
    const count = value - 1
    remaining -= Math.abs(count)
    counts.push(count)
    if (count === 0) {
      for (let repeat = 3; repeat === 3; ) {
        repeat = read(2)
        for (let i = 0; i < repeat; i++) counts.push(0)
        if (counts.length > maxSymbol + 1) throw brokenZstd('a distribution has too many symbols')
      }
    }
    if (counts.length > maxSymbol + 1) throw brokenZstd('a distribution has too many symbols')
  }
  if (remaining < 0) throw brokenZstd('a distribution adds up to too much')
  return { fse: fseOf(counts, log), next: (at + 7) >> 3 }
}

export function fseOf(counts: readonly number[], log: number): Fse {
  const size = 1 << log
  const fse: Fse = { log, symbols: new Uint8Array(size), bits: new Uint8Array(size), bases: new Uint16Array(size) }
  const next = new Uint16Array(counts.length)
  let high = size
  for (const [symbol, count] of counts.entries()) {
    if (count !== -1) continue
    fse.symbols[--high] = symbol
    next[symbol] = 1
  }
  const step = (size >> 1) + (size >> 3) + 3
  let place = 0
  for (const [symbol, count] of counts.entries()) {
    if (count <= 0) continue
    next[symbol] = count
    for (let i = 0; i < count; i++) {
      fse.symbols[place] = symbol
      do place = (place + step) & (size - 1)
      while (place >= high)
    }
  }
  for (let state = 0; state < size; state++) {
    const symbol = fse.symbols[state] as number
    const number = next[symbol] as number
    next[symbol] = number + 1
    const bits = log - (31 - Math.clz32(number))
    fse.bits[state] = bits
    fse.bases[state] = (number << bits) - size
  }
  return fse
}

/** A coder that knows one symbol only. */
export function fseOfOne(symbol: number): Fse {
  return { log: 0, symbols: Uint8Array.of(symbol), bits: new Uint8Array(1), bases: new Uint16Array(1) }
}

/** A prefix code, highest bit first: `table[next bits]` is `symbol << 4 | length`. RFC 8878, section 4.2. */
export type Huffman = { bits: number; table: Uint16Array }

/** Reads the description of a prefix code; returns it and where the bytes after it begin. */
export function readHuffman(bytes: Uint8Array, start: number, end: number): { huffman: Huffman; next: number } {
  if (start >= end) throw brokenZstd('a prefix code is missing')
  const header = bytes[start] as number
  const weights: number[] = []
  let next: number
  if (header >= 128) {
    const count = header - 127
    next = start + 1 + ((count + 1) >> 1)
    if (next > end) throw brokenZstd('a prefix code ends too early')
    for (let i = 0; i < count; i++) {
      const pair = bytes[start + 1 + (i >> 1)] as number
      weights.push(i % 2 === 0 ? pair >> 4 : pair & 15)
    }
  } else {
    next = start + 1 + header
    if (next > end) throw brokenZstd('a prefix code ends too early')
    readWeights(bytes, start + 1, next, weights)
  }
  return { huffman: huffmanOf(weights), next }
}

/** Weights by two states in turn, until the bits are used up. */
function readWeights(bytes: Uint8Array, start: number, end: number, weights: number[]): void {
  const { fse, next } = readFse(bytes, start, end, 6, 255)
  const bits = backBits(bytes, next, end)
  const states = [bits.read(fse.log), bits.read(fse.log)]
  for (let turn = 0; ; turn ^= 1) {
    if (weights.length > 254) throw brokenZstd('a prefix code has too many symbols')
    const state = states[turn] as number
    weights.push(fse.symbols[state] as number)
    states[turn] = (fse.bases[state] as number) + bits.read(fse.bits[state] as number)
    if (bits.left() < 0) {
      weights.push(fse.symbols[states[turn ^ 1] as number] as number)
      return
    }
  }
}

function huffmanOf(weights: number[]): Huffman {
  let sum = 0
  for (const weight of weights) {
    if (weight > 12) throw brokenZstd('a prefix code is too long')
    if (weight > 0) sum += 1 << (weight - 1)
  }
  if (sum === 0) throw brokenZstd('a prefix code without symbols')
  const bits = 32 - Math.clz32(sum)
  const rest = (1 << bits) - sum
  if (bits > 11 || (rest & (rest - 1)) !== 0) throw brokenZstd('a prefix code that does not add up')
  weights.push(32 - Math.clz32(rest))
  const table = new Uint16Array(1 << bits)
  let at = 0
  for (let weight = 1; weight <= bits; weight++) {
    for (const [symbol, own] of weights.entries()) {
      if (own !== weight) continue
      const width = 1 << (weight - 1)
      table.fill((symbol << 4) | (bits + 1 - weight), at, at + width)
      at += width
    }
  }
  return { bits, table }
}

export function brokenZstd(what: string): BrokenStream {
  return new BrokenStream('archive.broken', `broken zstd data: ${what}`)
}

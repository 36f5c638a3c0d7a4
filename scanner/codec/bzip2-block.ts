import type { BitReader } from './bits-big.ts'
import { BrokenStream } from './types.ts'

const runA = 0
const runB = 1
const groupSize = 50

const longestCode = 20
const shortCode = 10

/**
 * One code of a block: codes of a length end at `limit[length]`, and `base[length] + code` is the place of the symbol in `order`.
 * `short` answers for the next ten bits where a code is no longer: `symbol << 5 | length`, else 0.
 */
type Code = { short: Uint16Array; limit: Int32Array; base: Int32Array; order: Uint16Array }

/**
 * Reads a block and undoes its sorting. Returns a function that gives its bytes one by one, then -1.
 * @param sorted room for the largest block of the stream's level; used until the last byte was given
 */
export function bzip2Block(bits: BitReader, sorted: Uint32Array): () => number {
  const most = sorted.length
  if (bits.read(1) === 1) throw brokenBzip2('a block is scrambled, as only versions before 0.9.5 did')
  const origin = bits.read(24)
  const symbols = readSymbols(bits)
  const alphabet = symbols.length + 2
  const codeCount = bits.read(3)
  if (codeCount < 2 || codeCount > 6) throw brokenBzip2('a block has an impossible number of codes')
  const selectors = readSelectors(bits, codeCount)
  const codes = Array.from({ length: codeCount }, () => readCode(bits, alphabet))

  const counts = new Uint32Array(256)
  let length = 0
  let run = 0
  let weight = 1
  let group = -1
  let inGroup = 0
  let code = codes[0] as Code
  const flush = (): void => {
    if (run === 0) return
    const value = symbols[0] as number
    if (length + run > most) throw brokenBzip2('a block is longer than its size')
    sorted.fill(value, length, length + run)
    counts[value] = (counts[value] as number) + run
    length += run
    run = 0
    weight = 1
  }
  for (;;) {
    if (inGroup === 0) {
      group += 1
      inGroup = groupSize
      if (group >= selectors.length) throw brokenBzip2('a block has more data than groups')
      code = codes[selectors[group] as number] as Code
    }
    inGroup -= 1
    const symbol = readSymbol(bits, code)
    if (symbol === runA || symbol === runB) {
      run += weight << symbol
      weight <<= 1
      if (run > most) throw brokenBzip2('a run is longer than its block')
      continue
    }
    flush()
    if (symbol === alphabet - 1) break
    const place = symbol - 1
    const value = symbols[place] as number
    symbols.copyWithin(1, 0, place)
    symbols[0] = value
    if (length >= most) throw brokenBzip2('a block is longer than its size')
    sorted[length++] = value
    counts[value] = (counts[value] as number) + 1
  }
  return unsorted(sorted, length, counts, origin)
}

/** Undoes the Burrows-Wheeler transform: the upper 24 bits of each entry become the link to the next. */
function unsorted(sorted: Uint32Array, length: number, counts: Uint32Array, origin: number): () => number {
  if (origin >= length) throw brokenBzip2('a block begins outside itself')
  for (let value = 0, sum = 0; value < 256; value++) {
    const count = counts[value] as number
    counts[value] = sum
    sum += count
  }
  for (let i = 0; i < length; i++) {
    const value = (sorted[i] as number) & 0xff
    const to = counts[value] as number
    counts[value] = to + 1
    sorted[to] = (sorted[to] as number) | (i << 8)
  }
  let place = (sorted[origin] as number) >>> 8
  let left = length
  return () => {
    if (left === 0) return -1
    left -= 1
    const entry = sorted[place] as number
    place = entry >>> 8
    return entry & 0xff
  }
}

function readSymbols(bits: BitReader): Uint8Array {
  const ranges = bits.read(16)
  const symbols: number[] = []
  for (let i = 0; i < 16; i++) {
    if ((ranges & (0x8000 >> i)) === 0) continue
    const present = bits.read(16)
    for (let j = 0; j < 16; j++) if ((present & (0x8000 >> j)) !== 0) symbols.push(i * 16 + j)
  }
  if (symbols.length === 0) throw brokenBzip2('a block uses no byte')
  return Uint8Array.from(symbols)
}

/** Which code each group of fifty symbols uses. More than 18,002 are read and ignored, as bzip2 does. */
function readSelectors(bits: BitReader, codeCount: number): Uint8Array {
  const count = bits.read(15)
  if (count === 0) throw brokenBzip2('a block has no groups')
  const recent = Uint8Array.of(0, 1, 2, 3, 4, 5)
  return Uint8Array.from({ length: count }, () => {
    let place = 0
    while (bits.read(1) === 1) if (++place >= codeCount) throw brokenBzip2('a group uses a code that does not exist')
    const chosen = recent[place] as number
    recent.copyWithin(1, 0, place)
    recent[0] = chosen
    return chosen
  })
}

function readCode(bits: BitReader, alphabet: number): Code {
  const lengths = new Uint8Array(alphabet)
  let length = bits.read(5)
  for (let i = 0; i < alphabet; i++) {
    for (;;) {
      if (length < 1 || length > 20) throw brokenBzip2('a code has an impossible length')
      if (bits.read(1) === 0) break
      length += bits.read(1) === 0 ? 1 : -1
    }
    lengths[i] = length
  }
  const order = new Uint16Array(alphabet)
  const limit = new Int32Array(longestCode + 1)
  const base = new Int32Array(longestCode + 1)
  const short = new Uint16Array(1 << shortCode)
  let code = 0
  let placed = 0
  for (let size = 1; size <= longestCode; size++) {
    base[size] = placed - code
    for (let symbol = 0; symbol < alphabet; symbol++) {
      if (lengths[symbol] !== size) continue
      order[placed++] = symbol
      const first = code << (shortCode - size)
      if (size <= shortCode) short.fill((symbol << 5) | size, first, first + (1 << (shortCode - size)))
      code += 1
    }
    limit[size] = code
    code <<= 1
  }
  return { short, limit, base, order }
}

function readSymbol(bits: BitReader, code: Code): number {
  const ahead = bits.peek(longestCode)
  const entry = code.short[ahead >> (longestCode - shortCode)] as number
  if (entry !== 0) {
    bits.use(entry & 31)
    return entry >> 5
  }
  for (let length = shortCode + 1; length <= longestCode; length++) {
    const value = ahead >> (longestCode - length)
    if (value >= (code.limit[length] as number)) continue
    const place = (code.base[length] as number) + value
    if (place < 0 || place >= code.order.length) break
    bits.use(length)
    return code.order[place] as number
  }
  throw brokenBzip2('a code that stands for nothing')
}

export function brokenBzip2(what: string): BrokenStream {
  return new BrokenStream('archive.broken', `broken bzip2 data: ${what}`)
}

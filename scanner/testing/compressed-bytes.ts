import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { crc32Big } from '../codec/checksums.ts'
import { xxh32 } from '../codec/xxhash32.ts'

/** Tiny encoders for the formats that Node cannot write. They compress nothing, or hardly, but every decoder takes their output. */

const u16 = (value: number): Buffer => Buffer.of(value & 255, value >>> 8)
const u32 = (value: number): Buffer => Buffer.of(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24)

/** Numbers from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296
  }
}

/** Bytes that do not compress. */
export function noiseOf(length: number, seed: number = 3): Buffer {
  const next = randomFrom(seed)
  return Buffer.from(Array.from({ length }, () => Math.floor(next() * 256)))
}

/** Text of a small vocabulary: repetitive like a model card, the same for the same seed. */
export function wordsOf(length: number, seed: number = 7): Buffer {
  const next = randomFrom(seed)
  const words = ['tensor', 'weights', 'layer', 'attention', 'the', 'of', 'bias', 'norm', '0.125', '\n']
  let text = ''
  while (text.length < length) text += `${words[Math.floor(next() * words.length)] ?? ''} `
  return Buffer.from(text.slice(0, length))
}

/** Bytes that look like calls and jumps of x86, close to one another, as the hard cases of its filter do. */
export function callsOf(length: number, seed: number = 5): Buffer {
  const next = randomFrom(seed)
  const bytes = [0xe8, 0xe9, 0, 0xff, 0, 0xff, 0x55, 0x10]
  return Buffer.from(Array.from({ length }, () => bytes[Math.floor(next() * bytes.length)] ?? 0))
}

/** Records whose fields repeat at changing distances: what repeated offsets are for. */
export function recordsOf(length: number, seed: number = 11): Buffer {
  const next = randomFrom(seed)
  const fields = [wordsOf(9, 1), wordsOf(14, 2), wordsOf(6, 3), wordsOf(21, 4)]
  const parts: Buffer[] = []
  for (let size = 0; size < length; ) {
    const part = next() < 0.4 ? Buffer.of(Math.floor(next() * 256)) : (fields[Math.floor(next() * 4)] ?? Buffer.of(0))
    parts.push(part)
    size += part.length
  }
  return Buffer.concat(parts).subarray(0, length)
}

/** One LZ4 frame of plain blocks. */
export function lz4Bytes(content: Uint8Array): Buffer {
  const descriptor = Buffer.of(0x64, 0x40)
  const blocks: Buffer[] = []
  for (let at = 0; at < content.length; at += 65_536) {
    const block = content.subarray(at, at + 65_536)
    blocks.push(u32((block.length | 0x80000000) >>> 0), Buffer.from(block))
  }
  return Buffer.concat([
    u32(0x184d2204),
    descriptor,
    Buffer.of((xxh32(descriptor) >>> 8) & 255),
    ...blocks,
    u32(0),
    u32(xxh32(content)),
  ])
}

/** A chunk sequence of LZMA2 without any compression. */
export function lzma2Bytes(content: Uint8Array): Buffer {
  const chunks: Buffer[] = []
  for (let at = 0; at < content.length; at += 65_536) {
    const chunk = content.subarray(at, at + 65_536)
    const size = chunk.length - 1
    chunks.push(Buffer.of(at === 0 ? 1 : 2, size >> 8, size & 255), Buffer.from(chunk))
  }
  return Buffer.concat([...chunks, Buffer.of(0)])
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)])
}

function integer(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Buffer.of(...bytes, rest)
}

/** One xz stream of one block, checked by CRC-32 or SHA-256. */
export function xzBytes(content: Uint8Array, check: 'crc32' | 'sha256' = 'crc32'): Buffer {
  const flags = Buffer.of(0, check === 'crc32' ? 1 : 10)
  const fields = Buffer.concat([Buffer.of(2, 0, 0x21, 1, 0), Buffer.alloc(3)])
  const header = Buffer.concat([fields, u32(crc32(fields))])
  const data = lzma2Bytes(content)
  const sum = check === 'crc32' ? u32(crc32(content)) : createHash('sha256').update(content).digest()
  const unpadded = header.length + data.length + sum.length
  const records = padded(Buffer.concat([Buffer.of(0), integer(1), integer(unpadded), integer(content.length)]))
  const index = Buffer.concat([records, u32(crc32(records))])
  const footer = Buffer.concat([u32(index.length / 4 - 1), flags])
  return Buffer.concat([
    Buffer.from('\xfd7zXZ\0', 'latin1'),
    flags,
    u32(crc32(flags)),
    header,
    padded(data),
    sum,
    index,
    u32(crc32(footer)),
    footer,
    Buffer.from('YZ'),
  ])
}

/** Data of LZMA (lc 3, lp 0, pb 2) made of literals only, with or without an end mark. */
export function lzmaData(content: Uint8Array, endMark: boolean): Buffer {
  const out: number[] = []
  const probs = new Map<number, number>()
  let low = 0n
  let range = 0xffffffffn
  let cache = 0
  let pending = 1
  const shift = (): void => {
    if (low < 0xff000000n || low > 0xffffffffn) {
      const carry = Number(low >> 32n)
      for (; pending > 0; pending--) {
        out.push((cache + carry) & 255)
        cache = 255
      }
      cache = Number((low >> 24n) & 255n)
    }
    pending += 1
    low = (low & 0x00ffffffn) << 8n
  }
  const bit = (index: number, value: number): void => {
    const prob = probs.get(index) ?? 1024
    const bound = (range >> 11n) * BigInt(prob)
    if (value === 0) {
      range = bound
      probs.set(index, prob + ((2048 - prob) >> 5))
    } else {
      low += bound
      range -= bound
      probs.set(index, prob - (prob >> 5))
    }
    if (range < 0x1000000n) {
      range <<= 8n
      shift()
    }
  }
  const tree = (base: number, bits: number, value: number): void => {
    let node = 1
    for (let i = bits - 1; i >= 0; i--) {
      bit(base + node, (value >> i) & 1)
      node = (node << 1) | ((value >> i) & 1)
    }
  }
  // Places of the probabilities as the decoder has them; only that they are distinct matters.
  const [isMatch, isRep, lengths, slots, align, literals] = [0, 1000, 2000, 3000, 4000, 5000]
  for (const [at, byte] of content.entries()) {
    bit(isMatch + (at & 3), 0)
    tree(literals + 0x300 * ((content[at - 1] ?? 0) >> 5), 8, byte)
  }
  if (endMark) {
    const posState = content.length & 3
    bit(isMatch + posState, 1)
    bit(isRep, 0)
    bit(lengths, 0)
    tree(lengths + 2 + posState * 8, 3, 0)
    tree(slots, 6, 63)
    for (let i = 0; i < 26; i++) {
      range >>= 1n
      low += range
      if (range < 0x1000000n) {
        range <<= 8n
        shift()
      }
    }
    for (let i = 0, node = 1; i < 4; i++, node = (node << 1) | 1) bit(align + node, 1)
  }
  for (let i = 0; i < 5; i++) shift()
  return Buffer.from(out)
}

/** An LZMA-alone file, as joblib writes for `.lzma`. */
export function lzmaBytes(content: Uint8Array, sized: boolean = false): Buffer {
  const size = sized ? Buffer.concat([u32(content.length), u32(0)]) : Buffer.alloc(8, 0xff)
  return Buffer.concat([Buffer.of(0x5d), u32(1 << 16), size, lzmaData(content, !sized)])
}

/** One bzip2 stream: one block of at most 100,000 bytes, sorted by comparison, coded with codes of equal length. */
export function bzip2Bytes(content: Uint8Array): Buffer {
  const bits: number[] = []
  const put = (value: number, count: number): void => {
    for (let i = count - 1; i >= 0; i--) bits.push(Math.floor(value / 2 ** i) % 2)
  }
  const sum = ~crc32Big(content, -1) >>> 0
  put(0x425a6831, 32)
  if (content.length > 0) putBlock(put, runLengths(content), sum)
  put(0x177245, 24)
  put(0x385090, 24)
  put(content.length > 0 ? sum : 0, 32)
  while (bits.length % 8 !== 0) bits.push(0)
  const bytes = Buffer.alloc(bits.length / 8)
  for (const [i, bit] of bits.entries()) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (bit << (7 - (i & 7)))
  return bytes
}

/** After four equal bytes comes a count of how many more there are. */
function runLengths(content: Uint8Array): Uint8Array {
  const out: number[] = []
  for (let at = 0; at < content.length; ) {
    let length = 1
    while (length < 255 && content[at + length] === content[at]) length += 1
    for (let i = 0; i < Math.min(4, length); i++) out.push(content[at] as number)
    if (length >= 4) out.push(length - 4)
    at += length
  }
  return Uint8Array.from(out)
}

function putBlock(put: (value: number, count: number) => void, data: Uint8Array, sum: number): void {
  const length = data.length
  const at = (i: number): number => data[i % length] as number
  const rotations = Array.from({ length }, (_none, i) => i).sort((a, b) => {
    for (let i = 0; i < length; i++) if (at(a + i) !== at(b + i)) return at(a + i) - at(b + i)
    return a - b
  })
  const used = [...new Set(data)].sort((a, b) => a - b)
  put(0x314159, 24)
  put(0x265359, 24)
  put(sum, 32)
  put(0, 1)
  put(rotations.indexOf(0), 24)
  for (let i = 0; i < 16; i++) put(used.some((byte) => byte >> 4 === i) ? 1 : 0, 1)
  for (let i = 0; i < 16; i++)
    if (used.some((byte) => byte >> 4 === i)) for (let j = 0; j < 16; j++) put(used.includes(i * 16 + j) ? 1 : 0, 1)
  // Places in the list of recent bytes; zeros are counted in numbers with the digits 1 and 2.
  const recent = [...used]
  const symbols: number[] = []
  let zeros = 0
  const flush = (): void => {
    for (let rest = zeros; rest > 0; rest = (rest - 1) >> 1) symbols.push((rest - 1) & 1)
    zeros = 0
  }
  for (const rotation of rotations) {
    const byte = at(rotation + length - 1)
    const place = recent.indexOf(byte)
    recent.splice(place, 1)
    recent.unshift(byte)
    if (place === 0) zeros += 1
    else {
      flush()
      symbols.push(place + 1)
    }
  }
  flush()
  const end = used.length + 1
  symbols.push(end)
  const width = Math.max(1, Math.ceil(Math.log2(end + 1)))
  const groups = Math.ceil(symbols.length / 50)
  put(2, 3)
  put(groups, 15)
  for (let i = 0; i < groups; i++) put(0, 1)
  for (let code = 0; code < 2; code++) {
    put(width, 5)
    for (let i = 0; i <= end; i++) put(0, 1)
  }
  for (const symbol of symbols) put(symbol, width)
}

export type SevenZipFile = { name: string; content: Uint8Array; attributes?: number; crc?: number }

export type SevenZipOptions = {
  method?: 'copy' | 'lzma2' | 'lzma' | 'deflate' | 'chain' | 'circle' | 'aes' | 'bcj2'
  /** Packs what the method needs; for `deflate`. */
  pack?: (content: Uint8Array) => Uint8Array
  /** Packs the header with the same method. */
  packHeader?: boolean
}

/** Coders of a folder with their number before them, and what binds them. `chain` is LZMA2 whose output goes through the filter of x86. */
const codersOf: { readonly [method: string]: Buffer } = {
  copy: Buffer.of(1, 1, 0),
  lzma2: Buffer.of(1, 0x21, 0x21, 1, 24),
  lzma: Buffer.of(1, 0x23, 3, 1, 1, 5, 0x5d, 0, 0, 1, 0),
  deflate: Buffer.of(1, 3, 4, 1, 8),
  chain: Buffer.of(2, 4, 3, 3, 1, 3, 0x21, 0x21, 1, 24, 0, 1),
  circle: Buffer.of(3, 1, 0, 1, 0, 1, 0, 0, 1, 1, 1),
  aes: Buffer.of(1, 0x24, 6, 0xf1, 7, 1, 2, 0, 0),
  bcj2: Buffer.of(1, 4, 3, 3, 1, 0x1b),
}

/** A 7-Zip archive with one solid folder. */
export function sevenZipBytes(files: readonly SevenZipFile[], options: SevenZipOptions = {}): Buffer {
  const { method = 'lzma2', packHeader = false } = options
  const pack = (content: Uint8Array): Buffer => {
    if (method === 'lzma2' || method === 'chain') return lzma2Bytes(content)
    if (method === 'lzma') return lzmaData(content, false)
    return Buffer.from(options.pack?.(content) ?? content)
  }
  const all = Buffer.concat(files.map(({ content }) => content))
  const packed = pack(all)
  const streams = Buffer.concat([
    streamsOf(0, packed.length, all.length, method),
    Buffer.of(8, 13),
    number(files.length),
    Buffer.of(9),
    ...files.slice(0, -1).map(({ content }) => number(content.length)),
    Buffer.of(10, 1),
    ...files.map(({ content, crc }) => u32(crc ?? crc32(content))),
    Buffer.of(0),
  ])
  const names = Buffer.from(`${files.map(({ name }) => name).join('\0')}\0`, 'utf16le')
  const attributes = Buffer.concat(files.map((file) => u32(file.attributes ?? 0x20)))
  const header = Buffer.concat([
    Buffer.of(1, 4),
    streams,
    Buffer.of(0, 5),
    number(files.length),
    Buffer.of(0x11),
    number(names.length + 1),
    Buffer.of(0),
    names,
    Buffer.of(0x15),
    number(attributes.length + 2),
    Buffer.of(1, 0),
    attributes,
    Buffer.of(0, 0),
  ])
  if (!packHeader) return assemble([packed], header)
  const packedHeader = pack(header)
  const outer = Buffer.concat([
    Buffer.of(0x17),
    streamsOf(packed.length, packedHeader.length, header.length, method),
    Buffer.of(0),
  ])
  return assemble([packed, packedHeader], outer)
}

function streamsOf(offset: number, packed: number, size: number, method: string): Buffer {
  const coders = codersOf[method] ?? Buffer.alloc(0)
  return Buffer.concat([
    Buffer.of(6),
    number(offset),
    Buffer.of(1, 9),
    number(packed),
    Buffer.of(0, 7, 11, 1, 0),
    coders,
    Buffer.of(12),
    // One for the output of each coder.
    ...Array.from({ length: coders[0] ?? 1 }, () => number(size)),
    Buffer.of(0),
  ])
}

function assemble(parts: readonly Buffer[], header: Buffer): Buffer {
  const offset = parts.reduce((sum, part) => sum + part.length, 0)
  const fields = Buffer.concat([u32(offset), u32(0), u32(header.length), u32(0), u32(crc32(header))])
  const start = Buffer.concat([
    Buffer.from('7z\xbc\xaf\x27\x1c', 'latin1'),
    Buffer.of(0, 4),
    u32(crc32(fields)),
    fields,
  ])
  return Buffer.concat([start, ...parts, header])
}

/** A number as 7z writes it, below 2^21. */
function number(value: number): Buffer {
  if (value < 0x80) return Buffer.of(value)
  if (value < 0x4000) return Buffer.of(0x80 | (value >> 8), value & 255)
  return Buffer.of(0xc0 | (value >> 16), value & 255, (value >> 8) & 255)
}

/** One gzip member with a file name, and an extra field, as its header allows. */
export function gzipNamed(deflated: Uint8Array, content: Uint8Array, name: string): Buffer {
  return Buffer.concat([
    Buffer.of(0x1f, 0x8b, 8, 8 | 4, 0, 0, 0, 0, 0, 3),
    u16(6),
    Buffer.from('ok\x02\0..', 'latin1'),
    Buffer.from(`${name}\0`, 'latin1'),
    deflated,
    u32(crc32(content)),
    u32(content.length),
  ])
}

import { Buffer } from 'node:buffer'
import { constants, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type Reader, readerOf } from '../reader.ts'
import {
  bzip2Bytes,
  lz4Bytes,
  lzmaBytes,
  noiseOf,
  randomFrom,
  recordsOf,
  wordsOf,
  xzBytes,
} from '../testing/compressed-bytes.ts'
import { compressedVectors, vectorContent } from '../testing/compressed-vectors.ts'
import { bzip2Stream } from './bzip2.ts'
import { concatenated } from './concatenate.ts'
import { gzipStream } from './gzip.ts'
import { inflateRawStream } from './inflate.ts'
import { lz4Stream } from './lz4.ts'
import { lzmaAloneStream, zipLzmaStream } from './lzma.ts'
import { BrokenStream, type ByteStream, type UnpackStream } from './types.ts'
import { createWindow } from './window.ts'
import { xzStream } from './xz.ts'
import { zlibStream } from './zlib.ts'
import { zstdStream } from './zstd.ts'

type Open = (reader: Reader, offset: number, length: number) => UnpackStream

const noise = noiseOf(70_000)
const contents: readonly [string, Buffer][] = [
  ['nothing', Buffer.alloc(0)],
  ['one byte', Buffer.from('x')],
  ['words', wordsOf(20_000)],
  ['noise', noise],
  ['records', recordsOf(400_000)],
  ['zeros', Buffer.alloc(100_000)],
  [
    'words, zeros and noise',
    Buffer.concat([wordsOf(30_000), Buffer.alloc(3000), noise.subarray(0, 9000), wordsOf(30_000, 9)]),
  ],
]

const level = (quality: number) => ({ params: { [constants.ZSTD_c_compressionLevel]: quality } })
const codecs: readonly [string, Open, (content: Uint8Array) => Buffer][] = [
  ['deflate 9', inflateRawStream, (content) => deflateRawSync(content, { level: 9 })],
  ['deflate fixed', inflateRawStream, (content) => deflateRawSync(content, { strategy: constants.Z_FIXED })],
  ['deflate stored', inflateRawStream, (content) => deflateRawSync(content, { level: 0 })],
  ['zlib', zlibStream, (content) => deflateSync(content, { level: 1 })],
  ['gzip', gzipStream, (content) => gzipSync(content)],
  ['zstd 1', zstdStream, (content) => zstdCompressSync(content, level(1))],
  [
    'zstd 19 with checksum',
    zstdStream,
    (content) =>
      zstdCompressSync(content, {
        params: { [constants.ZSTD_c_compressionLevel]: 19, [constants.ZSTD_c_checksumFlag]: 1 },
      }),
  ],
  ['lz4', lz4Stream, lz4Bytes],
  ['xz', xzStream, (content) => xzBytes(content)],
  ['lzma with end mark', lzmaAloneStream, (content) => lzmaBytes(content)],
  ['lzma with size', lzmaAloneStream, (content) => lzmaBytes(content, true)],
  ['bzip2', bzip2Stream, (content) => bzip2Bytes(content)],
]
const opens: { readonly [codec: string]: Open } = {
  bzip2: bzip2Stream,
  xz: xzStream,
  lzma: lzmaAloneStream,
  lz4: lz4Stream,
  zstd: zstdStream,
}

function all(stream: ByteStream, step: number = 65_536): Buffer {
  const parts: Buffer[] = []
  for (let part = stream.read(step); part.length > 0; part = stream.read(step)) {
    expect(part.length).toBeLessThanOrEqual(step)
    parts.push(Buffer.from(part))
  }
  expect(stream.read(step)).toHaveLength(0)
  return Buffer.concat(parts)
}

/** What comes before a break, and the break. */
function untilBroken(open: Open, bytes: Uint8Array): { made: Buffer; broken?: BrokenStream } {
  const parts: Buffer[] = []
  let size = 0
  try {
    const stream = open(readerOf(bytes), 0, bytes.length)
    for (let part = stream.read(65_536); part.length > 0; part = stream.read(65_536)) {
      parts.push(Buffer.from(part))
      size += part.length
      // What a few flipped bits turn into a bomb is the reader's business.
      if (size > 8_000_000) break
    }
    return { made: Buffer.concat(parts) }
  } catch (error) {
    if (!(error instanceof BrokenStream)) throw error
    return { made: Buffer.concat(parts), broken: error }
  }
}

describe.each(codecs)('%s', (name, open, pack) => {
  test.each(contents)('gives back %s, and says where it ends', (_what, whole) => {
    // The encoders of the tests are slow.
    const content = /bzip2|lzma/.test(name) ? whole.subarray(0, 6000) : whole
    const packed = pack(content)
    const reader = readerOf(Buffer.concat([Buffer.from('before'), packed, Buffer.from('behind')]))
    const stream = open(reader, 6, packed.length + 6)
    expect(all(stream).equals(content)).toBe(true)
    expect(stream.consumed()).toBe(packed.length)
    expect(all(open(readerOf(packed), 0, packed.length), 7).equals(content)).toBe(true)
  })

  test('a cut stream gives what came before and then breaks', () => {
    const content = wordsOf(600)
    const packed = pack(content)
    for (let length = 0; length < packed.length; length++) {
      const { made, broken } = untilBroken(open, packed.subarray(0, length))
      expect(content.subarray(0, made.length).equals(made), `${length} bytes`).toBe(true)
      expect(broken?.code, `${length} bytes`).toBe('archive.broken')
    }
  })

  test('flipped bits break it or change its content, and never anything else', () => {
    const next = randomFrom(name.length)
    const content = wordsOf(600)
    const packed = pack(content)
    for (let round = 0; round < 400; round++) {
      const changed = Buffer.from(packed)
      const at = Math.floor(next() * changed.length)
      changed[at] = (changed[at] ?? 0) ^ (1 << Math.floor(next() * 8))
      const started = performance.now()
      const { made, broken } = untilBroken(open, changed)
      expect(performance.now() - started).toBeLessThan(5000)
      // Formats with a checksum over the content notice every change of it.
      if (/gzip|zlib|checksum|lz4|xz|bzip2/.test(name) && broken === undefined)
        expect(made.length === 0 || made.equals(content), `${name}, round ${round}`).toBe(true)
    }
  })
})

test.each(compressedVectors.map((vector) => [`${vector.codec}: ${vector.made}`, vector] as const))(
  'what %s wrote',
  (_name, { codec, bytes }) => {
    const open = opens[codec] as Open
    const stream = concatenated({ open, begins: (head) => head[0] === bytes[0] }, readerOf(bytes), 0, bytes.length)
    expect(all(stream).equals(vectorContent())).toBe(true)
    expect(stream.end()).toBe(bytes.length)
    for (let length = 0; length < bytes.length - 1; length += 7) {
      const { made } = untilBroken(open, bytes.subarray(0, length))
      expect(vectorContent().subarray(0, made.length).equals(made)).toBe(true)
    }
    const next = randomFrom(bytes.length)
    for (let round = 0; round < 400; round++) {
      const changed = Buffer.from(bytes)
      const at = Math.floor(next() * changed.length)
      changed[at] = (changed[at] ?? 0) ^ (1 << Math.floor(next() * 8))
      expect(() => untilBroken(open, changed)).not.toThrow()
    }
  },
)

test('a match may reach the first byte of the history and no further', () => {
  const window = createWindow(100)
  window.room(200)
  expect(() => window.copy(1, 3)).toThrow(BrokenStream)
  window.bytes.set([1, 2], 0)
  window.at = 2
  window.copy(2, 4)
  expect([...window.bytes.subarray(0, window.at)]).toEqual([1, 2, 1, 2, 1, 2])
  expect(() => window.copy(7, 1)).toThrow(BrokenStream)
  window.at = 150
  expect(() => window.copy(101, 1)).toThrow(BrokenStream)
})

test('a match that begins before the data is broken, not memory of something else', () => {
  const dictionary = wordsOf(500)
  const packed = deflateRawSync(wordsOf(500), { dictionary })
  expect(untilBroken(inflateRawStream, packed).broken?.message).toContain('before the data')
  const block = Buffer.of(0x14, 0x61, 9, 0, 0x50, 1, 2, 3, 4, 5)
  const frame = Buffer.concat([lz4Bytes(Buffer.alloc(0)).subarray(0, 7), Buffer.of(block.length, 0, 0, 0), block])
  expect(untilBroken(lz4Stream, frame).broken?.message).toContain('before the data')
})

test('LZMA as ZIP stores it', () => {
  const alone = lzmaBytes(wordsOf(500))
  const packed = Buffer.concat([Buffer.of(9, 4, 5, 0), alone.subarray(0, 5), alone.subarray(13)])
  expect(all(zipLzmaStream(readerOf(packed), 0, packed.length, -1)).equals(wordsOf(500))).toBe(true)
  expect(all(zipLzmaStream(readerOf(packed), 0, packed.length, 500)).equals(wordsOf(500))).toBe(true)
  expect(() => all(zipLzmaStream(readerOf(packed), 0, packed.length, 400))).toThrow(BrokenStream)
})

test('dictionaries beyond the bound are opaque, whatever their content', () => {
  const lzma = Buffer.from(lzmaBytes(wordsOf(50)))
  lzma.writeUInt32LE(0x0c000000, 1)
  expect(untilBroken(lzmaAloneStream, lzma).broken?.code).toBe('archive.opaque')
  const zstd = Buffer.concat([Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x98, 0, 0, 0)])
  expect(untilBroken(zstdStream, zstd).broken?.code).toBe('archive.opaque')
})

test('a dictionary that is allowed takes memory only as output comes', () => {
  const lzma = Buffer.from(lzmaBytes(wordsOf(50)))
  lzma.writeUInt32LE(0x04000000, 1)
  const before = process.memoryUsage().arrayBuffers
  expect(all(lzmaAloneStream(readerOf(lzma), 0, lzma.length)).equals(wordsOf(50))).toBe(true)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4_000_000)
})

test('ten thousand members are the most', () => {
  const member = gzipSync('')
  const many = Buffer.concat(Array.from({ length: 10_001 }, () => member))
  const stream = concatenated({ open: gzipStream, begins: (head) => head[0] === 0x1f }, readerOf(many), 0, many.length)
  expect(() => stream.read(10)).toThrow(BrokenStream)
})

import { crc32 } from 'node:zlib'
import type { Reader } from '../reader.ts'
import { inflateFrom } from './inflate.ts'
import { type Input, inputOf } from './input.ts'
import { BrokenStream, type UnpackStream } from './types.ts'
import { verified } from './verified.ts'

export type GzipHeader = {
  /** Name of the file before it was packed, as latin1 text, at most 1,024 characters. */
  name?: string
}

const maxText = 1024

/** Unpacks one member of a gzip file (RFC 1952); `header` is called with what its header says. */
export function gzipStream(
  reader: Reader,
  offset: number,
  length: number,
  header?: (header: GzipHeader) => void,
): UnpackStream {
  const input = inputOf(reader, offset, length)
  const { name, isWellFormed } = readHeader(input)
  header?.(name === undefined ? {} : { name })
  let sum = 0
  let size = 0
  return verified(
    inflateFrom(input),
    (bytes) => {
      sum = crc32(bytes, sum)
      size = (size + bytes.length) % 4294967296
    },
    () => {
      // Said last, so that the content is inspected all the same: loaders pass over the field without a look.
      if (!isWellFormed) throw new BrokenStream('archive.broken', 'the extra field of the gzip header is malformed')
      if (input.u32() !== sum)
        throw new BrokenStream('archive.checksum', 'the content has another CRC-32 than gzip says')
      if (input.u32() !== size)
        throw new BrokenStream('archive.checksum', 'the content has another size than gzip says')
    },
    input.used,
  )
}

function readHeader(input: Input): { name: string | undefined; isWellFormed: boolean } {
  if (input.u16() !== 0x8b1f || input.byte() !== 8) throw new BrokenStream('archive.broken', 'no gzip header')
  const flags = input.byte()
  if ((flags & 0xe0) !== 0) throw new BrokenStream('archive.broken', 'reserved flags of the gzip header are set')
  input.skip(6)
  const isWellFormed = (flags & 4) === 0 || hasFields(input.take(input.u16()))
  const name = (flags & 8) === 0 ? undefined : readText(input)
  if ((flags & 16) !== 0) readText(input)
  if ((flags & 2) !== 0) input.skip(2)
  return { name, isWellFormed }
}

/** Fields of two letters, a length and so many bytes, with nothing behind them. Source: RFC 1952, section 2.3.1.1. */
function hasFields(extra: Uint8Array): boolean {
  let at = 0
  while (at + 4 <= extra.length) at += 4 + (extra[at + 2] as number) + (extra[at + 3] as number) * 256
  return at === extra.length
}

/** Text up to its zero byte. */
function readText(input: Input): string {
  let text = ''
  for (let byte = input.byte(); byte !== 0; byte = input.byte())
    if (text.length < maxText) text += String.fromCharCode(byte)
  return text
}

import type { Reader } from '../reader.ts'
import { adler32 } from './checksums.ts'
import { inflateFrom } from './inflate.ts'
import { inputOf } from './input.ts'
import { BrokenStream, type UnpackStream } from './types.ts'
import { verified } from './verified.ts'

/** Unpacks a zlib stream (RFC 1950). */
export function zlibStream(reader: Reader, offset: number, length: number): UnpackStream {
  const input = inputOf(reader, offset, length)
  const method = input.byte()
  const flags = input.byte()
  if ((method & 15) !== 8 || method >> 4 > 7 || (method * 256 + flags) % 31 !== 0)
    throw new BrokenStream('archive.broken', 'no zlib header')
  if ((flags & 32) !== 0) throw new BrokenStream('archive.opaque', 'packed with a dictionary that is not in the file')
  let sum = 1
  return verified(
    inflateFrom(input),
    (bytes) => {
      sum = adler32(bytes, sum)
    },
    () => {
      const [a = 0, b = 0, c = 0, d = 0] = input.take(4)
      if (((a << 24) | (b << 16) | (c << 8) | d) >>> 0 !== sum)
        throw new BrokenStream('archive.checksum', 'the content has another Adler-32 than zlib says')
    },
    input.used,
  )
}

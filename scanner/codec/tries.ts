import type { Reader } from '../reader.ts'
import { readerOf } from '../reader.ts'
import type { UnpackStream } from './types.ts'

/**
 * Whether bytes without a magic of their own unpack: to `enough` bytes, or to a clean end before that, or to something that begins as a
 * pickle, which a loader runs however the stream goes on. For probes.
 */
export function triesToUnpack(
  open: (reader: Reader, offset: number, length: number) => UnpackStream,
  head: Uint8Array,
  enough: number,
): boolean {
  let made = 0
  let pickle = false
  try {
    const stream = open(readerOf(head), 0, head.length)
    while (made < enough) {
      const bytes = stream.read(enough)
      if (bytes.length === 0) return made > 0
      if (made === 0) pickle = bytes.length > 2 && bytes[0] === 0x80 && (bytes[1] as number) <= 5
      made += bytes.length
    }
    return true
  } catch {
    // Weights begin with such bytes by chance; what breaks soon was no stream.
    return pickle
  }
}

import type { Reader } from '../reader.ts'

/** A reader over a range of another; its offsets begin at 0. */
export function partOf(reader: Reader, offset: number, length: number): Reader {
  const start = Math.min(Math.max(0, offset), reader.size)
  const size = Math.max(0, Math.min(length, reader.size - start))
  return {
    size,
    read: (from, count) => {
      if (!(from >= 0) || from >= size) return new Uint8Array(0)
      return reader.read(start + from, Math.min(count, size - from))
    },
  }
}

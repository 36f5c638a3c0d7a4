import type { Reader } from '../reader.ts'

const windowBytes = 1024 * 1024

/** A window on the bytes of a stream, moved forward. `bytes[at]` is the next byte; its place in the part is `base + at`. */
export type Input = {
  bytes: Uint8Array
  at: number
  /** Where the window begins, counted from the start of the reader. */
  base: number
  /** Bytes of the window. */
  limit: number
  /** Bytes of the reader. */
  readonly size: number
  /** Makes `length` bytes (at most 1 MiB) from `at` on available; false when the reader ends before. */
  need: (length: number) => boolean
  /** Moves to a place counted from the start of the reader. */
  seek: (position: number) => void
  /** Bytes from anywhere, fewer at the end; at most 64 KiB. */
  peek: (position: number, length: number) => Uint8Array
}

export function createInput(reader: Reader, start: number): Input {
  function refill(position: number): void {
    // Aligned with the blocks of the reader where it can be, so that a view is enough.
    const length = Math.max(65_536, windowBytes - (position % windowBytes))
    input.bytes = position >= reader.size ? new Uint8Array(0) : reader.read(position, length)
    input.base = position
    input.at = 0
    input.limit = input.bytes.length
  }

  const input: Input = {
    bytes: new Uint8Array(0),
    at: 0,
    base: start,
    limit: 0,
    size: reader.size,
    need: (length) => {
      if (input.limit - input.at >= length) return true
      if (input.base + input.at + length > reader.size) return false
      refill(input.base + input.at)
      return input.limit >= length
    },
    seek: (position) => {
      const within = position - input.base
      if (within >= 0 && within <= input.limit) input.at = within
      else refill(position)
    },
    peek: (position, length) => {
      const within = position - input.base
      if (within >= 0 && within + length <= input.limit) return input.bytes.subarray(within, within + length)
      return reader.read(position, Math.min(length, 65_536))
    },
  }
  refill(start)
  return input
}

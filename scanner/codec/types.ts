/**
 * A decompressor that is asked for output. Synchronous and bounded: it holds its dictionary and little more, whatever the input claims.
 */
export type ByteStream = {
  /**
   * The next 1 to `max` bytes of output; an empty array is the end of the stream, with its checksums verified. The result is valid until
   * the next call and must not be written to. Throws `BrokenStream` where the input is broken; what came before stays good.
   */
  read: (max: number) => Uint8Array
}

/** A decompressor that knows where in its input it is. */
export type UnpackStream = ByteStream & {
  /** Bytes of input used so far; after the end of output, where the stream ends by its own structure, counted from where it begins. */
  consumed: () => number
}

/**
 * `archive.broken`: malformed, or ends too early. `archive.checksum`: unpacked, but not to what its checksum says. `archive.opaque`:
 * encrypted, or by a method or with a dictionary that this product does not read. They are codes of observations.
 */
export type BrokenStreamCode = 'archive.broken' | 'archive.checksum' | 'archive.opaque'

/** Thrown by streams; `offset` counts bytes of input used by then. */
export class BrokenStream extends Error {
  readonly code: BrokenStreamCode

  constructor(code: BrokenStreamCode, message: string) {
    super(message)
    this.name = 'BrokenStream'
    this.code = code
  }
}

/** The largest dictionary a decoder keeps, in bytes; streams that ask for more are opaque. */
export const maxDictionary: number = 64 * 1024 * 1024

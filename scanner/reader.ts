/**
 * Random access to the bytes of one file. All reads are synchronous (the scanner runs in a process of its own) and bounded:
 * a claimed length never allocates more than the file can hold, nor more than `maxRead`.
 */
export type Reader = {
  /** Bytes. */
  size: number
  /**
   * Up to `length` bytes from `offset`; fewer at the end of the file. The result may share memory with a cache: do not write to it.
   * Throws RangeError when `length` is above `maxRead` (a defect of the caller).
   */
  read: (offset: number, length: number) => Uint8Array
}

/** The largest single read: 4 MiB. */
export const maxRead = 4 * 1024 * 1024

const blockSize = 1024 * 1024
const cachedBlocks = 4
/** Reads this small that miss the cache are fetched alone, so that sparse look-ups stay cheap, until a block has seen several of them. */
const sparseRead = 4096
const sparseReadsPerBlock = 8

export type ByteSource = {
  size: number
  /** Fills `target` from `offset`; returns the bytes filled, 0 at the end. May throw. */
  readInto: (target: Uint8Array, offset: number) => number
}

/** A reader with a cache of four blocks of 1 MiB. `onRead` is called before every fetch and may throw to end the inspection. */
export function createReader(source: ByteSource, onRead?: () => void): Reader {
  const { size } = source
  const blocks = new Map<number, Uint8Array>()
  let lastBlock = -1
  let sparseReads = 0

  function fetch(offset: number, length: number): Uint8Array {
    onRead?.()
    const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)))
    let filled = 0
    while (filled < bytes.length) {
      const got = source.readInto(bytes.subarray(filled), offset + filled)
      if (got <= 0) break
      filled += got
    }
    return filled === bytes.length ? bytes : bytes.subarray(0, filled)
  }

  function block(index: number): Uint8Array {
    const known = blocks.get(index)
    if (known !== undefined) return known
    const bytes = fetch(index * blockSize, blockSize)
    if (blocks.size >= cachedBlocks) {
      const oldest = blocks.keys().next().value
      if (oldest !== undefined) blocks.delete(oldest)
    }
    blocks.set(index, bytes)
    return bytes
  }

  function read(offset: number, length: number): Uint8Array {
    if (length > maxRead) throw new RangeError(`read of ${length} bytes is above the bound of ${maxRead}`)
    if (!(offset >= 0) || !(length > 0) || offset >= size) return new Uint8Array(0)
    const end = Math.min(size, offset + length)
    const first = Math.floor(offset / blockSize)
    const last = Math.floor((end - 1) / blockSize)
    if (first === last) {
      sparseReads = first === lastBlock ? sparseReads + 1 : 1
      lastBlock = first
      const sparse = end - offset <= sparseRead && sparseReads <= sparseReadsPerBlock
      if (sparse && !blocks.has(first)) return fetch(offset, end - offset)
      return block(first).subarray(offset - first * blockSize, end - first * blockSize)
    }
    const bytes = new Uint8Array(end - offset)
    for (let index = first; index <= last; index++) {
      const from = Math.max(offset, index * blockSize)
      const part = block(index).subarray(from - index * blockSize, Math.min(end - index * blockSize, blockSize))
      bytes.set(part, from - offset)
    }
    lastBlock = last
    return bytes
  }

  return { size, read }
}

/** A reader over bytes in memory. */
export function readerOf(bytes: Uint8Array): Reader {
  return createReader({
    size: bytes.length,
    readInto: (target, offset) => {
      const part = bytes.subarray(offset, offset + target.length)
      target.set(part)
      return part.length
    },
  })
}

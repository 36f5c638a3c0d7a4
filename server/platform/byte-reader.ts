/** Reads a stream in pieces of any size. */
export type ByteReader = {
  /** Exactly so many bytes. Throws `endedEarly` when the stream ends before. For small pieces: they are held in memory. */
  read: (bytes: number) => Promise<Buffer>
  /** The next bytes as they come; must be read to their end before anything else is asked. Throws `endedEarly` when the stream ends before. */
  take: (bytes: number) => AsyncGenerator<Uint8Array, void, void>
  /** Whether any byte is left. */
  hasMore: () => Promise<boolean>
  /** Everything to the end of the stream, for nothing. */
  drain: () => Promise<void>
}

/**
 * @param onChunk sees each chunk as it comes and may throw to end the reading
 * @param endedEarly makes what is thrown when bytes are missing
 */
export function createByteReader(
  source: AsyncIterable<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
  endedEarly: () => Error,
): ByteReader {
  const chunks = source[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  const more = async (): Promise<boolean> => {
    const next = await chunks.next()
    if (next.done === true) return false
    onChunk(next.value)
    held = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength)
    return true
  }
  async function* take(bytes: number): AsyncGenerator<Uint8Array, void, void> {
    for (let left = bytes; left > 0; ) {
      while (held.length === 0) if (!(await more())) throw endedEarly()
      const piece = held.subarray(0, left)
      held = held.subarray(piece.length)
      left -= piece.length
      yield piece
    }
  }
  return {
    take,
    read: async (bytes) => {
      const pieces: Uint8Array[] = []
      for await (const piece of take(bytes)) pieces.push(piece)
      return Buffer.concat(pieces)
    },
    hasMore: async () => {
      while (held.length === 0) if (!(await more())) return false
      return true
    },
    drain: async () => {
      while (await more());
    },
  }
}

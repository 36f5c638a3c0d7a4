import { createHash } from 'node:crypto'

/** SHA-256 over bytes that arrive out of order: over the contiguous beginning, while it grows. */
export type Frontier = {
  /** Bytes that are being written at `position`: hashed at once when they come next, left for `advance` otherwise. */
  offer: (position: number, chunks: readonly Uint8Array[]) => void
  /** Everything before `end` is in the file: what is not hashed yet is read back, as a rule from the page cache. */
  advance: (end: number) => void
  /** The digest in hexadecimal once `size` bytes are hashed. Throws what reading throws. Call it once. */
  digest: (size: number, signal: AbortSignal) => Promise<string>
  /** Ends the reading; resolves when it has ended. */
  stop: () => Promise<void>
  /** Milliseconds spent on hashing what was offered. */
  busyMs: () => number
}

const pieceBytes = 1024 * 1024

/** @param read fills the buffer from a position of the file, and gives how many bytes it got */
export function createFrontier(read: (buffer: Buffer, position: number) => Promise<number>): Frontier {
  const hash = createHash('sha256')
  let hashed = 0
  let goal = 0
  let stopped = false
  let busyMs = 0
  let reading: Promise<void> | null = null
  let failure: unknown = null

  const readOn = async () => {
    const buffer = Buffer.allocUnsafe(pieceBytes)
    while (hashed < goal && !stopped) {
      const got = await read(buffer.subarray(0, Math.min(pieceBytes, goal - hashed)), hashed)
      if (got === 0) throw new Error(`the part file ends at ${hashed}, expected were ${goal} bytes`)
      hash.update(buffer.subarray(0, got))
      hashed += got
    }
  }
  const advance = (end: number) => {
    goal = Math.max(goal, end)
    if (reading !== null || stopped || hashed >= goal) return
    reading = readOn()
      .catch((error: unknown) => {
        failure = error
        stopped = true
      })
      .finally(() => {
        reading = null
      })
  }
  return {
    offer: (position, chunks) => {
      if (reading !== null || stopped || position !== hashed) return
      const began = performance.now()
      for (const chunk of chunks) {
        hash.update(chunk)
        hashed += chunk.length
      }
      goal = Math.max(goal, hashed)
      busyMs += performance.now() - began
    },
    advance,
    digest: async (size, signal) => {
      advance(size)
      while (reading !== null) {
        await reading
        signal.throwIfAborted()
      }
      if (failure !== null) throw failure
      return hash.digest('hex')
    },
    stop: async () => {
      stopped = true
      await reading
    },
    busyMs: () => busyMs,
  }
}

import type { FileHandle } from 'node:fs/promises'
import { EngineProblem } from '../problem.ts'

/** Reads a file forward, a window at a time: what a file claims is never believed before it is there. */
export type Cursor = {
  /** From the start of the file. */
  position: () => number
  /** Bytes to the end of the file. */
  remaining: () => number
  u32: () => Promise<number>
  /** Exact; beyond 2^53 as well. */
  u64: () => Promise<bigint>
  bytes: (count: number) => Promise<Buffer>
  skip: (count: number) => void
}

const windowBytes = 256 * 1024

export function createCursor(file: FileHandle, size: number): Cursor {
  let window: Buffer = Buffer.alloc(0)
  let windowAt = 0
  let at = 0
  const take = async (count: number): Promise<Buffer> => {
    if (count > size - at) throw broken(`The file ends at byte ${size}, in the middle of its head.`)
    if (at < windowAt || at + count > windowAt + window.length) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.max(windowBytes, count)), 0, undefined, at)
      window = buffer.subarray(0, bytesRead)
      windowAt = at
      if (bytesRead < count) throw broken(`The file ends at byte ${at + bytesRead}, in the middle of its head.`)
    }
    const from = at - windowAt
    at += count
    return window.subarray(from, from + count)
  }
  return {
    position: () => at,
    remaining: () => size - at,
    u32: async () => (await take(4)).readUInt32LE(0),
    u64: async () => (await take(8)).readBigUInt64LE(0),
    bytes: take,
    skip: (count) => {
      if (count > size - at) throw broken(`The file ends at byte ${size}, in the middle of its head.`)
      at += count
    },
  }
}

/** The refusal of a file: loading it again ends the same way. */
export const broken = (detail: string): EngineProblem => new EngineProblem(422, 'broken_model', detail)

/** A name out of the file, for a sentence. */
export const shown = (name: string): string => JSON.stringify(name.slice(0, 80))

import { open } from 'node:fs/promises'
import { EngineProblem } from './problem.ts'

/** Dimensions from the head of a GGUF; undefined where the head does not say. */
export type GgufHead = {
  blocks: number | undefined
  embedding: number | undefined
  heads: number | undefined
  kvHeads: number | undefined
  keyLength: number | undefined
  valueLength: number | undefined
  contextLength: number | undefined
}

const headBytes = 64 * 1024
const scalarSize: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
}

/**
 * A cheap look before a process is spent on a file: magic, version, head count. The real checks of a file happen when it
 * is scanned. Reads 64 KiB at most. Throws EngineProblem `broken_model`.
 */
export async function readGgufHead(path: string): Promise<GgufHead> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    return parseGgufHead(buffer.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}

/** The same for bytes in memory. */
export function parseGgufHead(bytes: Buffer): GgufHead {
  if (bytes.length < 24 || bytes.toString('latin1', 0, 4) !== 'GGUF') throw broken('The file is not a GGUF file.')
  const version = bytes.readUInt32LE(4)
  if (version < 2 || version > 3) throw broken(`GGUF version ${version} is not supported.`)
  if (bytes.readBigUInt64LE(8) > 1_000_000n || bytes.readBigUInt64LE(16) > 1_000_000n) {
    throw broken('The file claims more than a million tensors or keys.')
  }
  const numbers = leadingNumbers(bytes, Number(bytes.readBigUInt64LE(16)))
  const find = (suffix: string): number | undefined => [...numbers].find(([key]) => key.endsWith(suffix))?.[1]
  const heads = find('.attention.head_count')
  if (heads === 0) throw broken('The file says that the model has 0 attention heads.')
  return {
    blocks: find('.block_count'),
    embedding: find('.embedding_length'),
    heads,
    kvHeads: find('.attention.head_count_kv'),
    keyLength: find('.attention.key_length'),
    valueLength: find('.attention.value_length'),
    contextLength: find('.context_length'),
  }
}

/** Unsigned 32-bit values of the first keys, up to the first array of texts or the end of the bytes. */
function leadingNumbers(bytes: Buffer, count: number): Map<string, number> {
  const numbers = new Map<string, number>()
  let at = 24
  const length = (): number => {
    const value = bytes.readBigUInt64LE(at)
    at += 8
    return value > BigInt(bytes.length) ? bytes.length : Number(value)
  }
  try {
    for (let i = 0; i < count; i++) {
      const size = length()
      const key = bytes.toString('utf8', at, at + size)
      at += size
      const type = bytes.readUInt32LE(at)
      at += 4
      if (type === 9) break
      if (type === 8) {
        const skip = length()
        at += skip
        continue
      }
      const width = scalarSize[type]
      if (width === undefined) break
      if (type === 4) numbers.set(key, bytes.readUInt32LE(at))
      at += width
    }
  } catch (error) {
    // Running off the end of the head is expected: what was found until then counts.
    if (!(error instanceof RangeError)) throw error
  }
  return numbers
}

const broken = (detail: string): EngineProblem => new EngineProblem(422, 'broken_model', detail)

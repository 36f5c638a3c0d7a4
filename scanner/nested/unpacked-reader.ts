import { BrokenStream, type BrokenStreamCode, type ByteStream } from '../codec/types.ts'
import { maxRead, type Reader } from '../reader.ts'
import { type Budget, maxDepth } from './budget.ts'
import { joined } from './joined.ts'

export type UnpackProblem = {
  /** Code of an observation; `archive.bomb` when unpacking stopped because of the budget or the ratio. */
  code: BrokenStreamCode | 'archive.bomb'
  /** One clause. */
  detail: string
}

export type Unpacked = {
  /** Random access to what was unpacked: everything, or what came before the problem (which loaders run, so it must be inspected). */
  reader: Reader
  /** Bytes unpacked. */
  size: number
  /** True when the stream was unpacked to its own end and its checksums hold. */
  complete: boolean
  problem?: UnpackProblem
}

export type UnpackOptions = {
  budget: Budget
  /** Bytes of the packed stream: what the ratio is measured against. */
  packedBytes: number
  /** What the container says the size is. Only a hint for memory: compare it with `size`. */
  knownSize?: number
  /** Milliseconds that unpacking and inspecting one MiB may take on a busy machine. Default 85, for the faster codecs. */
  msPerMiB?: number
}

/** For codecs that work bit by bit: bzip2, LZMA and what is made of it. */
export const slowMsPerMiB = 225
const usualMsPerMiB = 85

const blockSize = 1024 * 1024
/** Blocks kept for good at the outermost level; each level inside has a quarter, so that nesting cannot add up. */
const keptBlocks = 32
const recentBlocks = 8
const tailBlocks = 2
/** Going back in a large stream means to unpack it again from its start. */
const maxRestarts = 16
/** A stream is a bomb beyond this ratio once it made more than `harmless` bytes. Zeros alone reach 1,030 in deflate; weights stay below 10. */
const maxRatio = 200
const harmless = 4 * 1024 * 1024

/**
 * Unpacks a stream and gives random access to its content. Up to 32 MiB is kept in memory; of more only the first and the last blocks,
 * and the rest is unpacked again when it is asked for. Takes every byte from the budget once.
 * @param open opens the same stream from its start, each time it is called
 */
export function openUnpacked(open: () => ByteStream, options: UnpackOptions): Unpacked {
  const { budget, packedBytes } = options
  const keep = Math.max(2, keptBlocks >> ((maxDepth - budget.depth()) * 2))
  const head: Uint8Array[] = []
  const recent = new Map<number, Uint8Array>()
  let size = 0
  let count = 0
  let problem: UnpackProblem | undefined

  const blocks = (): ReturnType<typeof blocksOf> => {
    const next = blocksOf(open)
    return (spare) => {
      const filled = next(spare)
      budget.deadline.unpacked(filled.block.length, options.msPerMiB ?? usualMsPerMiB)
      return filled
    }
  }
  const first = blocks()
  let spare: Uint8Array | undefined
  for (;;) {
    const { block, broken } = first(spare)
    spare = undefined
    if (block.length > 0) {
      if (head.length < keep) head.push(block)
      // Nobody reads yet: what falls out of the last blocks is filled again.
      else spare = remember(recent, count, block, tailBlocks)
      size += block.length
      count += 1
      const ratio = size / Math.max(1, packedBytes)
      if (!budget.unpack(block.length) || (size > harmless && ratio > maxRatio)) {
        problem = { code: 'archive.bomb', detail: `${packedBytes} packed bytes unpack to ${size} and more` }
        break
      }
    }
    if (broken !== undefined) problem = { code: broken.code, detail: `${broken.message}, after ${size} unpacked bytes` }
    if (broken !== undefined || block.length < blockSize) break
  }
  const tail = new Map(recent)
  recent.clear()

  let next: ReturnType<typeof blocksOf> | undefined
  let nextIndex = 0
  let restarts = 0
  function blockAt(index: number): Uint8Array {
    const known = head[index] ?? tail.get(index) ?? recent.get(index)
    if (known !== undefined) return known
    if (next === undefined || nextIndex > index) {
      if (restarts >= maxRestarts) throw new Error(`content of ${size} bytes is read back and forth too often`)
      restarts += 1
      next = blocks()
      nextIndex = 0
    }
    for (;;) {
      const { block } = next()
      const at = nextIndex++
      if (at >= head.length) remember(recent, at, block, recentBlocks)
      if (at === index || block.length === 0) return block
    }
  }

  function read(offset: number, length: number): Uint8Array {
    if (length > maxRead) throw new RangeError(`read of ${length} bytes is above the bound of ${maxRead}`)
    if (!(offset >= 0) || !(length > 0) || offset >= size) return new Uint8Array(0)
    const end = Math.min(size, offset + length)
    const from = Math.floor(offset / blockSize)
    const to = Math.floor((end - 1) / blockSize)
    if (from === to) return blockAt(from).subarray(offset - from * blockSize, end - from * blockSize)
    const bytes = new Uint8Array(end - offset)
    for (let index = from; index <= to; index++) {
      const start = Math.max(offset, index * blockSize)
      bytes.set(blockAt(index).subarray(start - index * blockSize, end - index * blockSize), start - offset)
    }
    return bytes
  }

  return {
    reader: { size, read },
    size,
    complete: problem === undefined,
    ...(problem === undefined ? {} : { problem }),
  }
}

/** Keeps the last `most` blocks; returns the one that is no longer kept. */
function remember(
  blocks: Map<number, Uint8Array>,
  index: number,
  block: Uint8Array,
  most: number,
): Uint8Array | undefined {
  blocks.set(index, block)
  if (blocks.size <= most) return undefined
  const [oldest, dropped] = blocks.entries().next().value ?? []
  if (oldest !== undefined) blocks.delete(oldest)
  return dropped
}

type Filled = { block: Uint8Array; broken?: BrokenStream }

/** The stream in blocks of 1 MiB, into `spare` when that is given; a shorter one is the last. */
function blocksOf(open: () => ByteStream): (spare?: Uint8Array) => Filled {
  let stream: ByteStream | undefined
  let broken: BrokenStream | undefined
  let isFirst = true
  return (spare) => {
    // The first block may be all there is, so it is put together from what comes.
    const parts: Uint8Array[] = []
    const whole = isFirst ? undefined : spare?.length === blockSize ? spare : new Uint8Array(blockSize)
    isFirst = false
    let filled = 0
    try {
      stream ??= open()
      while (filled < blockSize && broken === undefined) {
        const part = stream.read(blockSize - filled)
        if (part.length === 0) break
        if (whole === undefined) parts.push(part.slice())
        else whole.set(part, filled)
        filled += part.length
      }
    } catch (error) {
      if (!(error instanceof BrokenStream)) throw error
      broken = error
    }
    const block = whole === undefined ? joined(parts, filled) : filled < blockSize ? whole.slice(0, filled) : whole
    return { block, ...(broken === undefined ? {} : { broken }) }
  }
}

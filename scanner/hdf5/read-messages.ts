import { type Block, blockOf, expectSignature, type Hdf5Access, Hdf5Broken } from './access.ts'

export type HeaderMessage = {
  type: number
  /** Bit 1: the body is a reference to a message stored elsewhere. */
  flags: number
  body: Block
}

const maxChunks = 4096
const maxMessages = 100_000

/** Every message of an object header, continuations included. Source: specification, sections IV.A.1.a and b. */
export function readMessages(access: Hdf5Access, address: number): HeaderMessage[] {
  const isNew = String.fromCharCode(...access.peek(address, 4)) === 'OHDR'
  const messages: HeaderMessage[] = []
  const chunks: { address: number; length: number }[] = []
  const seen = new Set<number>()
  let withOrder = false
  if (isNew) {
    const flags = access.peek(address + 5, 1)[0] ?? 0
    withOrder = (flags & 4) !== 0
    const fixed = 6 + ((flags & 0x20) === 0 ? 0 : 16) + ((flags & 0x10) === 0 ? 0 : 4)
    const sizeBytes = 2 ** (flags & 3)
    const head = access.block(address, fixed + sizeBytes)
    if (head.bytes(5)[4] !== 2) throw new Hdf5Broken(access.base + address, 'object header version')
    head.skip(fixed - 5)
    const length = head.uint(sizeBytes)
    readChunk(access, address + fixed + sizeBytes, length, messages, chunks, isNew, withOrder)
    access.block(address + fixed + sizeBytes + length, 4)
  } else {
    const head = access.block(address, 16)
    if (head.uint(1) !== 1) throw new Hdf5Broken(access.base + address, 'object header version')
    head.skip(7)
    readChunk(access, address + 16, head.uint(4), messages, chunks, isNew, withOrder)
  }
  for (let i = 0; i < chunks.length; i++) {
    const chunk = chunks[i]
    if (chunk === undefined || seen.has(chunk.address)) continue
    if (i >= maxChunks || messages.length > maxMessages)
      throw new Hdf5Broken(access.base + address, 'an object header of too many parts')
    seen.add(chunk.address)
    if (isNew) {
      expectSignature(access.block(chunk.address, 4), 'OCHK', access.base)
      readChunk(access, chunk.address + 4, chunk.length - 8, messages, chunks, isNew, withOrder)
      access.block(chunk.address + chunk.length - 4, 4)
    } else readChunk(access, chunk.address, chunk.length, messages, chunks, isNew, withOrder)
  }
  return messages
}

function readChunk(
  access: Hdf5Access,
  address: number,
  length: number,
  messages: HeaderMessage[],
  chunks: { address: number; length: number }[],
  isNew: boolean,
  withOrder: boolean,
): void {
  const block = access.block(address, Math.max(0, length))
  const headSize = isNew ? (withOrder ? 6 : 4) : 8
  // What is shorter than a message at the end is a gap.
  while (block.remaining() >= headSize && messages.length <= maxMessages) {
    const type = block.uint(isNew ? 1 : 2)
    const size = block.uint(2)
    const flags = block.uint(1)
    block.skip(headSize - (isNew ? 4 : 5))
    const at = address + block.position()
    const body = blockOf(block.bytes(size), at, access.base, access.offsetSize, access.lengthSize)
    if (type === 0x10) {
      const next = body.pointer()
      const bytes = body.length()
      if (next !== undefined) chunks.push({ address: next, length: bytes })
    } else if (type !== 0) messages.push({ type, flags, body })
  }
}

import { expectSignature, Hdf5Broken } from './access.ts'
import type { Walker } from './walker.ts'

export type ChunkPlace = {
  address: number
  /** Bytes as stored; absent for chunks that no filter changes. */
  bytes?: number
}

const maxChunks = 1_000_000
const checksumBytes = 4
const maskBytes = 4

/** The chunks of a dataset of fixed shape, as the newer versions of the library list them. Source: specification, section VII.C. */
export function readFixedArray(start: number, { access }: Walker): ChunkPlace[] {
  const { offsetSize, lengthSize, base } = access
  const header = access.block(start, 8 + lengthSize + offsetSize + checksumBytes)
  expectSignature(header, 'FAHD', base)
  header.skip(1)
  const filtered = header.uint(1) === 1
  const entryBytes = header.uint(1)
  const perPage = 2 ** header.uint(1)
  const count = header.length()
  const data = header.pointer()
  if (data === undefined) return []
  if (count > maxChunks || entryBytes < offsetSize || count * entryBytes > access.size)
    throw new Hdf5Broken(base + start, `${count} chunks in entries of ${entryBytes} bytes`)
  const sizeBytes = filtered ? entryBytes - offsetSize - maskBytes : 0
  const chunks: ChunkPlace[] = []

  function read(address: number, entries: number): void {
    const block = access.block(address, entries * entryBytes + checksumBytes)
    for (let i = 0; i < entries; i++) {
      const at = block.pointer()
      const bytes = filtered ? block.uint(sizeBytes) : undefined
      if (filtered) block.skip(maskBytes)
      if (at !== undefined) chunks.push({ address: at, ...(bytes === undefined ? {} : { bytes }) })
    }
  }

  const pages = count > perPage ? Math.ceil(count / perPage) : 0
  const bitmapBytes = Math.ceil(pages / 8)
  const prefix = 6 + offsetSize
  const block = access.block(data, prefix + bitmapBytes + (pages > 0 ? checksumBytes : 0))
  expectSignature(block, 'FADB', base)
  block.skip(2 + offsetSize)
  if (pages === 0) read(data + prefix, count)
  const bitmap = block.bytes(bitmapBytes)
  let at = data + prefix + bitmapBytes + checksumBytes
  for (let page = 0; page < pages; page++) {
    const entries = Math.min(perPage, count - page * perPage)
    // A page that was never written holds nothing that anybody reads.
    if (((bitmap[page >> 3] ?? 0) & (0x80 >> (page & 7))) !== 0) read(at, entries)
    at += entries * entryBytes + checksumBytes
  }
  return chunks
}

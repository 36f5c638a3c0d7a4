import type { ByteRange } from '../types.ts'

/** Where a block lies; its type and checksum, five bytes, follow it. */
export type BlockHandle = ByteRange

export type TableEntry = { key: string; value: Uint8Array }

/** Type of compression and checksum behind each block. */
export const trailerBytes = 5
export const footerBytes = 48

/** Thrown where the bytes are no table. */
export class BrokenTable extends Error {}

/** The handles at the end of a table: of the index of its meta blocks, and of the index of its blocks. Source: leveldb, table_format.md. */
export function readFooter(footer: Uint8Array): { meta: BlockHandle; index: BlockHandle } {
  const at = { at: 0 }
  const meta = readHandle(footer, at)
  return { meta, index: readHandle(footer, at) }
}

export function readHandle(bytes: Uint8Array, place: { at: number } = { at: 0 }): BlockHandle {
  const offset = varint(bytes, place)
  return { offset, length: varint(bytes, place) }
}

/** The entries of a block; keys share their beginning with the one before. Source: leveldb, block.cc. */
export function* readBlock(block: Uint8Array): Generator<TableEntry> {
  if (block.length < 4) throw new BrokenTable('a block without restarts')
  const view = new DataView(block.buffer, block.byteOffset, block.length)
  const end = block.length - 4 - view.getUint32(block.length - 4, true) * 4
  if (end < 0) throw new BrokenTable('a block of restarts only')
  const place = { at: 0 }
  let key = new Uint8Array(0)
  while (place.at < end) {
    const shared = varint(block, place)
    const own = varint(block, place)
    const length = varint(block, place)
    if (shared > key.length || !(own + length <= end - place.at)) throw new BrokenTable('an entry runs over its block')
    const next = new Uint8Array(shared + own)
    next.set(key.subarray(0, shared))
    next.set(block.subarray(place.at, place.at + own), shared)
    key = next
    place.at += own
    yield { key: new TextDecoder().decode(key), value: block.subarray(place.at, place.at + length) }
    place.at += length
  }
}

function varint(bytes: Uint8Array, place: { at: number }): number {
  let value = 0
  for (let scale = 1, i = 0; i < 9; i++, scale *= 128) {
    const byte = bytes[place.at]
    if (byte === undefined) break
    place.at += 1
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return value
  }
  throw new BrokenTable('a number without an end')
}

import { BrokenStream } from './types.ts'
import type { Window } from './window.ts'

/**
 * Adds what a block unpacks to, at most `most` bytes. Source: the LZ4 Block Format description.
 * @param history bytes before the block that its matches may reach
 */
export function unpackLz4Block(packed: Uint8Array, window: Window, most: number, history: number): void {
  const { bytes } = window
  const begun = window.at
  const limit = begun + most
  const floor = Math.max(0, begun - history)
  let from = 0
  const next = (): number => {
    const byte = packed[from++]
    if (byte === undefined) throw broken('a block ends too early')
    return byte
  }
  const longer = (start: number): number => {
    let length = start
    if (start !== 15) return length
    for (;;) {
      const byte = next()
      length += byte
      if (length > most) throw broken('a block unpacks to more than its size')
      if (byte !== 255) return length
    }
  }
  while (from < packed.length) {
    const token = next()
    const plain = longer(token >> 4)
    if (from + plain > packed.length) throw broken('a block ends too early')
    if (window.at + plain > limit) throw broken('a block unpacks to more than its size')
    bytes.set(packed.subarray(from, from + plain), window.at)
    window.at += plain
    from += plain
    if (from === packed.length) return
    const distance = next() + next() * 256
    const length = longer(token & 15) + 4
    if (window.at + length > limit) throw broken('a block unpacks to more than its size')
    if (distance === 0 || window.at - distance < floor) throw broken('a match begins before the data')
    copy(bytes, window.at, distance, length)
    window.at += length
  }
}

function copy(bytes: Uint8Array, at: number, distance: number, length: number): void {
  if (distance >= length) bytes.copyWithin(at, at - distance, at - distance + length)
  else for (let to = at, from = at - distance; to < at + length; ) bytes[to++] = bytes[from++] as number
}

function broken(what: string): BrokenStream {
  return new BrokenStream('archive.broken', `broken LZ4 data: ${what}`)
}

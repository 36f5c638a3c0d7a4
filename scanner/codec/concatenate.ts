import type { Reader } from '../reader.ts'
import type { ByteRange } from '../types.ts'
import { BrokenStream, type ByteStream, type UnpackStream } from './types.ts'

export type Packed = {
  /** Opens the member at an offset; `length` reaches to the end of what there is. */
  open: (reader: Reader, offset: number, length: number) => UnpackStream
  /** Whether another member begins with these bytes. Absent where there is never more than one. */
  begins?: (head: Uint8Array) => boolean
  /** Bytes to pass over before a member that readers ignore, such as a frame of the user's own; 0 for none. */
  skippable?: (head: Uint8Array) => number
  /** True when readers pass over zero bytes between and behind members. */
  padded?: boolean
}

export type Concatenated = ByteStream & {
  /** Ranges of the reader that were unpacked, in order; those that were passed over are missing. */
  ranges: () => ByteRange[]
  /** Where the last member ends, with its padding. */
  end: () => number
  members: () => number
}

/** A file of so many empty members is an attack on whoever opens it. */
const maxMembers = 10_000
const maxPadding = 64 * 1024

/** The members that follow one another from `offset` on as one stream, which is how decompressors read them. */
export function concatenated(packed: Packed, reader: Reader, offset: number, length: number): Concatenated {
  const limit = offset + length
  const ranges: ByteRange[] = []
  let at = offset
  let current: UnpackStream | undefined
  let members = 0
  let over = false

  function add(from: number, to: number): void {
    const last = ranges.at(-1)
    if (last !== undefined && last.offset + last.length === from) last.length += to - from
    else if (to > from) ranges.push({ offset: from, length: to - from })
  }

  /** Stands at the next member, or says that there is none. */
  function findNext(): boolean {
    if (packed.begins === undefined) return members === 0
    for (let hops = 0; hops < maxMembers; hops++) {
      const head = reader.read(at, Math.min(maxPadding, limit - at))
      let zeros = 0
      if (packed.padded === true && members > 0) while (zeros < head.length && head[zeros] === 0) zeros += 1
      const isEnd = at + zeros === limit
      if (isEnd || packed.begins(head.subarray(zeros))) {
        add(at, at + zeros)
        at += zeros
        return !isEnd
      }
      const skipped = packed.skippable?.(head) ?? 0
      if (skipped === 0 || at + skipped > limit) return false
      at += skipped
    }
    return false
  }

  function read(max: number): Uint8Array {
    for (;;) {
      if (over) return new Uint8Array(0)
      if (current === undefined) {
        if (!findNext()) {
          over = true
          continue
        }
        if (members >= maxMembers) throw new BrokenStream('archive.broken', `more than ${maxMembers} members`)
        current = packed.open(reader, at, limit - at)
        members += 1
      }
      const bytes = current.read(max)
      if (bytes.length > 0) return bytes
      add(at, at + current.consumed())
      at += current.consumed()
      current = undefined
    }
  }
  return { read, ranges: () => ranges, end: () => at, members: () => members }
}

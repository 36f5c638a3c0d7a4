import type { Input } from './input.ts'

/** Bits of an input, highest first. */
export type BitReader = {
  /** The next `count` bits, at most 24. */
  read: (count: number) => number
  /** The next `count` bits, at most 20, without using them. */
  peek: (count: number) => number
  /** Uses bits that were peeked at. */
  use: (count: number) => void
  /** Puts whole bytes that were read ahead back, and drops the rest of the last one. */
  giveBack: () => void
  /** Whole bytes read ahead. */
  heldBytes: () => number
}

export function createBitReader(input: Input): BitReader {
  let held = 0
  let count = 0
  return {
    read: (wanted) => {
      while (count < wanted) {
        held = (held << 8) | input.byte()
        count += 8
      }
      count -= wanted
      return (held >>> count) & ((1 << wanted) - 1)
    },
    peek: (wanted) => {
      while (count < wanted) {
        held = (held << 8) | input.byte()
        count += 8
      }
      return (held >>> (count - wanted)) & ((1 << wanted) - 1)
    },
    use: (used) => {
      count -= used
    },
    giveBack: () => {
      count &= ~7
      const back = Uint8Array.of(held >> 16, held >> 8, held).subarray(3 - (count >> 3))
      if (back.length > 0) input.unread(back)
      count = 0
    },
    heldBytes: () => count >> 3,
  }
}

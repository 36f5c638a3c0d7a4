import { BrokenStream } from './types.ts'

/** A prefix code read lowest bit first: `table[bits & mask]` is `symbol << 4 | length`; 0 where no code leads. */
export type PrefixCode = { table: Uint16Array; bits: number }

/**
 * Builds the table of a deflate code from the length of each symbol's code. Source: RFC 1951, section 3.2.2. Throws when the lengths ask
 * for more codes than there are; fewer are allowed, and what they do not name is broken where it occurs.
 */
export function prefixCode(lengths: Uint8Array): PrefixCode {
  const counts = new Uint16Array(16)
  for (const length of lengths) counts[length] = (counts[length] as number) + 1
  counts[0] = 0
  let bits = 0
  const next = new Uint16Array(17)
  let code = 0
  for (let length = 1; length < 16; length++) {
    code = (code + (counts[length - 1] as number)) << 1
    next[length] = code
    if ((counts[length] as number) > 0) bits = length
    if (code + (counts[length] as number) > 1 << length)
      throw new BrokenStream('archive.broken', 'a prefix code has more symbols than its lengths allow')
  }
  const table = new Uint16Array(1 << bits)
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol] as number
    if (length === 0) continue
    const own = next[length] as number
    next[length] = own + 1
    const entry = (symbol << 4) | length
    for (let at = reversed(own, length); at < table.length; at += 1 << length) table[at] = entry
  }
  return { table, bits }
}

function reversed(code: number, length: number): number {
  let result = 0
  for (let i = 0, rest = code; i < length; i++, rest >>= 1) result = (result << 1) | (rest & 1)
  return result
}

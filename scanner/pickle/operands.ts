import { u32At } from '../probe.ts'
import { decodeUtf8 } from './heap.ts'
import type { Input } from './input.ts'
import { Broken } from './machine.ts'
import { lineEnd } from './numbers.ts'

/** Reads what follows an opcode. All throw `Broken` where the stream ends or a loader would give up. */
export type Operands = {
  /** Makes that many bytes available and moves past them; where they stand in the window. */
  take: (length: number) => number
  /** Skips a payload; its place in the part. */
  payload: (length: number) => number
  byte: () => number
  number16: () => number
  number32: () => number
  /** A length of 8 bytes, the nearest double above 2^53. */
  length8: () => number
  /** Moves past a line; its place in the part without its end. */
  line: () => { from: number; length: number }
  /** The text of a line of at most 4,096 bytes. */
  shortLine: () => string
  /** The memo index that a line says. */
  indexLine: () => number
}

export function createOperands(input: Input): Operands {
  function take(length: number): number {
    if (input.limit - input.at < length && !input.need(length))
      throw new Broken('pickle.cut', 'the file ends within an opcode')
    const from = input.at
    input.at += length
    return from
  }

  /** Skips a payload; its place in the part. */
  function payload(length: number): number {
    const from = input.base + input.at
    if (!(length <= input.size - from))
      throw new Broken('pickle.length', `${length} bytes claimed, ${input.size - from} left`)
    if (input.limit - input.at >= length) input.at += length
    else input.seek(from + length)
    return from
  }

  function line(): { from: number; length: number } {
    const end = lineEnd(input, input.base + input.at)
    if (end === undefined) throw new Broken('pickle.cut', 'a line without an end')
    const from = input.base + input.at
    input.seek(end + 1)
    return { from, length: end - from }
  }

  function shortLine(): string {
    const { from, length } = line()
    if (length > 4096)
      throw new Broken('pickle.broken', 'a line of more than 4096 bytes where a name or number belongs')
    return decodeUtf8(input.peek(from, length))
  }

  function length8(): number {
    const from = take(8)
    return u32At(input.bytes, from) + u32At(input.bytes, from + 4) * 4294967296
  }

  // `take` may replace the window, so it must run before the window is looked at.
  function byte(): number {
    const from = take(1)
    return input.bytes[from] ?? 0
  }

  function number16(): number {
    const from = take(2)
    return (input.bytes[from] ?? 0) + (input.bytes[from + 1] ?? 0) * 256
  }

  function number32(): number {
    const from = take(4)
    return u32At(input.bytes, from)
  }

  function indexLine(): number {
    const line = shortLine()
    const value = /^\s*\+?[\d_]{1,15}\s*$/.test(line) ? Number(line.replaceAll('_', '')) : Number.NaN
    if (!Number.isSafeInteger(value)) throw new Broken('pickle.broken', 'a memo index that is no number')
    return value
  }

  return { take, payload, byte, number16, number32, length8, line, shortLine, indexLine }
}

import { bytesValue, float, hugeInt, longText, no, yes } from './constants.ts'
import { decodeUtf8, longestName, spelling } from './heap.ts'
import { mayBeNested } from './look-nested.ts'
import { Broken, type Machine, push } from './machine.ts'
import { intLine, longValue } from './numbers.ts'
import type { Operands } from './operands.ts'
import type { StreamHooks } from './types.ts'
import { INT, intBias, type Value, valueOf } from './values.ts'

export type Constants = {
  integer: (value: number) => Value
  /** Pushes a text of so many bytes, which come next; `how` it is spelled. */
  text: (length: number, how: number) => void
  bytes: (length: number) => void
  /** Does one of the rarer opcodes that push a constant; false for any other opcode. */
  run: (code: number) => boolean
}

const unkeptBytes = 16

/** Numbers, texts and byte strings. */
export function createConstants(machine: Machine, operands: Operands, hooks: StreamHooks): Constants {
  const { input, heap } = machine
  const { take, payload, byte, number32, line } = operands

  const integer = (value: number): Value =>
    value >= -intBias && value < intBias ? valueOf(INT, value + intBias) : heap.number(value)

  function text(length: number, how: number): void {
    const from = payload(length)
    if (length > longestName) {
      hooks.payload(from, length, true)
      push(machine, longText)
      return
    }
    const head = input.peek(from, 2)
    const quoted = how === spelling.quoted ? 1 : 0
    const escaped = how !== spelling.utf8
    // An escape may spell anything, underscores included.
    const dunder = escaped ? length > 0 : head[0] === 0x5f && head[1] === 0x5f
    if (mayBeNested(head[quoted], length)) hooks.payload(from + quoted, length - quoted, true)
    const value = heap.text(from, length, how, dunder)
    hooks.text?.(value)
    push(machine, value)
  }

  function bytes(length: number): void {
    const from = payload(length)
    // Shorter ones are kept track of only when they could be a pickle.
    const looked = length >= unkeptBytes || mayBeNested(input.peek(from, 1)[0], length)
    push(machine, (looked ? hooks.payload(from, length, false) : undefined) ?? bytesValue)
  }

  function run(code: number): boolean {
    switch (code) {
      case 0x56: {
        // UNICODE
        const { from, length } = line()
        input.seek(from)
        text(length, spelling.rawUnicode)
        input.seek(from + length + 1)
        return true
      }
      case 0x53: {
        // STRING
        const { from, length } = line()
        input.seek(from)
        text(length, spelling.quoted)
        input.seek(from + length + 1)
        return true
      }
      case 0x8a: {
        // LONG1
        const length = byte()
        if (length > 7) {
          payload(length)
          push(machine, hugeInt)
        } else {
          const from = take(length)
          push(machine, integer(longValue(input.bytes, from, length)))
        }
        return true
      }
      case 0x8b: {
        // LONG4
        const length = number32() | 0
        if (length < 0) throw new Broken('pickle.length', `a length of ${length}`)
        payload(length)
        push(machine, hugeInt)
        return true
      }
      case 0x49: // INT
      case 0x4c: {
        // LONG
        const { from, length } = line()
        const value = length > 64 ? undefined : intLine(decodeUtf8(input.peek(from, length)))
        if (value === 'true' || value === 'false') push(machine, value === 'true' ? yes : no)
        else push(machine, value === undefined ? hugeInt : integer(value))
        return true
      }
      case 0x46: // FLOAT
        line()
        push(machine, float)
        return true
      case 0x54: {
        // BINSTRING, with a signed length
        const length = number32() | 0
        if (length < 0) throw new Broken('pickle.length', `a length of ${length}`)
        text(length, spelling.utf8)
        return true
      }
      default:
        return false
    }
  }

  return { integer, text, bytes, run }
}

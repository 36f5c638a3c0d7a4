import { buffer, dict, float, list, no, none, set, yes } from './constants.ts'
import { createContainers } from './fill-containers.ts'
import { spelling } from './heap.ts'
import {
  Broken,
  beginStream,
  type Machine,
  peekTop,
  pop,
  popMark,
  push,
  pushMark,
  recall,
  remember,
  unknown,
} from './machine.ts'
import { createCalls } from './name-and-call.ts'
import { createOperands } from './operands.ts'
import { createConstants } from './push-constants.ts'
import type { StreamEnd, StreamHooks } from './types.ts'
import { INT, intBias, type Value, valueOf } from './values.ts'

/** No writer numbers memo entries far ahead of what it wrote. */
const memoAhead = 1_048_576

/**
 * Follows one stream from `start` to its STOP, or to where a loader would give up. Nothing is constructed; each opcode moves abstract
 * values. Source: CPython Modules/_pickle.c and Lib/pickletools.py (protocols 0 to 5).
 * @param goOn keeps the stack and memo that the machine has, and ends after so many opcodes
 */
export function runStream(machine: Machine, start: number, hooks: StreamHooks, goOn?: { opcodes: number }): StreamEnd {
  const { input, heap } = machine
  const operands = createOperands(input)
  const { take, byte, number16, number32, length8, indexLine } = operands
  const { uses } = hooks
  const constants = createConstants(machine, operands, hooks)
  const { integer, text, bytes } = constants
  const containers = createContainers(machine, hooks.performer)
  const frame = { end: Number.POSITIVE_INFINITY }
  const calls = createCalls(machine, operands, hooks, frame)
  let at = start
  if (goOn === undefined) beginStream(machine)
  const last = goOn === undefined ? Number.POSITIVE_INFINITY : machine.opcodes + goOn.opcodes
  input.seek(start)

  function memoize(index: number, value: Value): void {
    if (index > machine.opcodes + memoAhead) uses.note('pickle.memo-index', at, () => `entry ${index}`)
    if (!remember(machine, index, value)) heap.full = true
  }

  function fetch(index: number): void {
    const value = recall(machine, index)
    if (value === undefined) uses.note('pickle.memo-missing', at, () => `entry ${index}`)
    push(machine, value ?? unknown)
  }

  try {
    for (;;) {
      at = input.base + input.at
      if (input.at >= input.limit && !input.need(1)) throw new Broken('pickle.cut', 'the file ends before STOP')
      if (at >= frame.end) {
        if (at > frame.end) uses.note('pickle.frame', at, () => `opcodes cross the end of a frame at ${frame.end}`)
        frame.end = Number.POSITIVE_INFINITY
      }
      const code = input.bytes[input.at++] ?? 0
      if (++machine.opcodes > last) throw new Broken('limit', 'as many opcodes as were asked for')
      switch (code) {
        case 0x4b: // BININT1
          push(machine, valueOf(INT, byte() + intBias))
          break
        case 0x4d: // BININT2
          push(machine, valueOf(INT, number16() + intBias))
          break
        case 0x4a: // BININT
          push(machine, integer(number32() | 0))
          break
        case 0x94: // MEMOIZE
          memoize(machine.memoLength, peekTop(machine))
          break
        case 0x71: // BINPUT
          memoize(byte(), peekTop(machine))
          break
        case 0x72: // LONG_BINPUT
          memoize(number32(), peekTop(machine))
          break
        case 0x68: // BINGET
          fetch(byte())
          break
        case 0x6a: // LONG_BINGET
          fetch(number32())
          break
        case 0x28: // MARK
          pushMark(machine)
          break
        case 0x29: // EMPTY_TUPLE
          push(machine, heap.tuple(machine.stack, 0, 0))
          break
        case 0x8c: // SHORT_BINUNICODE
          text(byte(), spelling.utf8)
          break
        case 0x58: // BINUNICODE
          text(number32(), spelling.utf8)
          break
        case 0x8d: // BINUNICODE8
          text(length8(), spelling.utf8)
          break
        case 0x55: // SHORT_BINSTRING
          text(byte(), spelling.utf8)
          break
        case 0x43: // SHORT_BINBYTES
          bytes(byte())
          break
        case 0x42: // BINBYTES
          bytes(number32())
          break
        case 0x8e: // BINBYTES8
        case 0x96: // BYTEARRAY8
          bytes(length8())
          break
        case 0x47: // BINFLOAT
          take(8)
          push(machine, float)
          break
        case 0x4e: // NONE
          push(machine, none)
          break
        case 0x88: // NEWTRUE
          push(machine, yes)
          break
        case 0x89: // NEWFALSE
          push(machine, no)
          break
        case 0x5d: // EMPTY_LIST
          push(machine, list)
          break
        case 0x7d: // EMPTY_DICT
          push(machine, dict)
          break
        case 0x8f: // EMPTY_SET
          push(machine, set)
          break
        case 0x70: // PUT
          memoize(indexLine(), peekTop(machine))
          break
        case 0x67: // GET
          fetch(indexLine())
          break
        case 0x30: // POP
          if (machine.top > machine.fence) machine.top--
          else if (machine.markCount > 0) popMark(machine)
          else pop(machine)
          break
        case 0x31: // POP_MARK
          machine.top = popMark(machine)
          break
        case 0x32: // DUP
          uses.note('pickle.dup', at, () => 'DUP, which no pickler writes')
          push(machine, peekTop(machine))
          break
        case 0x80: {
          // PROTO
          const protocol = byte()
          if (protocol > 5) uses.note('pickle.protocol', at, () => `protocol ${protocol}`)
          machine.protocol = Math.max(machine.protocol, protocol)
          break
        }
        case 0x95: {
          // FRAME
          const length = length8()
          const from = input.base + input.at
          if (frame.end !== Number.POSITIVE_INFINITY)
            uses.note('pickle.frame', at, () => `a frame within a frame that ends at ${frame.end}`)
          if (length > input.size - from)
            uses.note('pickle.frame-length', at, () => `a frame of ${length} bytes, ${input.size - from} left`)
          frame.end = from + length
          break
        }
        case 0x97: // NEXT_BUFFER
          push(machine, buffer)
          break
        case 0x98: // READONLY_BUFFER
          peekTop(machine)
          break
        case 0x2e: {
          // STOP
          const end = input.base + input.at
          if (end < frame.end && frame.end !== Number.POSITIVE_INFINITY && frame.end <= input.size)
            uses.note('pickle.frame', at, () => `STOP comes before the frame ends at ${frame.end}`)
          pop(machine)
          if (machine.top > 0 || machine.markCount > 0)
            uses.note('pickle.leftover', at, () => `${machine.top} values and ${machine.markCount} marks are left`)
          return { end, how: 'stopped' }
        }
        default:
          if (containers(code, at) || calls(code, at) || constants.run(code)) break
          throw new Broken('pickle.broken', `byte 0x${code.toString(16).padStart(2, '0')} is no opcode`)
      }
    }
  } catch (error) {
    if (!(error instanceof Broken)) throw error
    return { end: at, how: 'broken', reason: { code: error.code, detail: error.message } }
  }
}

import type { Reader } from '../reader.ts'
import { createHeap, type Heap } from './heap.ts'
import { createInput, type Input } from './input.ts'
import { createPages, type Pages } from './pages.ts'
import { UNKNOWN, type Value, valueOf } from './values.ts'

/** Thrown inside a run where a loader would stop with an error; never leaves `runStream`. */
export class Broken extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'Broken'
    this.code = code
  }
}

/** What an unpickler keeps: a stack with marks, and a memo. The heap outlives the streams of a file, the rest begins anew in each. */
export type Machine = {
  input: Input
  heap: Heap
  stack: Int32Array
  top: number
  marks: Int32Array
  markCount: number
  /** What is below was there before the last mark, and is out of reach until that is taken away. */
  fence: number
  memo: Pages
  /** Entries set, which is the next index of MEMOIZE. */
  memoLength: number
  opcodes: number
  protocol: number
  /** Told of an allowed call. */
  onMade?: (global: number, made: Value, values: readonly Value[] | undefined) => void
  /** Told of a state that was set. */
  onBuilt?: (target: Value, state: Value, at: number) => void
}

/** A value of which nothing is known. Not 0: that is a memo entry that was never set. */
export const unknown: Value = valueOf(UNKNOWN, 1)

const maxStack = 8 * 1024 * 1024
const maxMarks = 4 * 1024 * 1024
const maxMemo = 12 * 1024 * 1024

export function createMachine(reader: Reader, start: number): Machine {
  const memo = createPages('int32')
  const machine: Machine = {
    input: createInput(reader, start),
    heap: createHeap(memo, () => ({ stack: machine.stack, top: machine.top })),
    stack: new Int32Array(256),
    top: 0,
    marks: new Int32Array(64),
    markCount: 0,
    fence: 0,
    memo,
    memoLength: 0,
    opcodes: 0,
    protocol: 0,
  }
  return machine
}

/** A machine that goes on from the state of another without changing it. What both make stays in the heap. */
export function forkMachine(machine: Machine, reader: Reader, start: number): Machine {
  const { memo } = machine
  const changed = new Map<number, Value>()
  return {
    ...machine,
    input: createInput(reader, start),
    stack: machine.stack.slice(0, machine.top + 256),
    marks: machine.marks.slice(0, machine.markCount + 64),
    memo: {
      ...memo,
      get: (index) => changed.get(index) ?? memo.get(index),
      set: (index, value) => void changed.set(index, value),
    },
  }
}

/** A new stream: an unpickler of its own, as every load makes one. */
export function beginStream(machine: Machine): void {
  machine.top = 0
  machine.markCount = 0
  machine.fence = 0
  machine.memo.clear()
  machine.memoLength = 0
}

export function push(machine: Machine, value: Value): void {
  if (machine.top === machine.stack.length) machine.stack = grown(machine.stack, maxStack)
  machine.stack[machine.top++] = value
}

export function pop(machine: Machine): Value {
  if (machine.top <= machine.fence) throw new Broken('pickle.broken', 'an opcode takes more than the stack holds')
  return machine.stack[--machine.top] ?? unknown
}

/** The top of the stack, which stays there. */
export function peekTop(machine: Machine): Value {
  if (machine.top <= machine.fence) throw new Broken('pickle.broken', 'an opcode takes more than the stack holds')
  return machine.stack[machine.top - 1] ?? unknown
}

export function pushMark(machine: Machine): void {
  if (machine.markCount === machine.marks.length) machine.marks = grown(machine.marks, maxMarks)
  machine.marks[machine.markCount++] = machine.top
  machine.fence = machine.top
}

/** Takes the last mark away; what stands from the returned place on was above it. */
export function popMark(machine: Machine): number {
  if (machine.markCount === 0) throw new Broken('pickle.broken', 'an opcode wants a mark and there is none')
  const at = machine.marks[--machine.markCount] ?? 0
  machine.fence = machine.markCount === 0 ? 0 : (machine.marks[machine.markCount - 1] ?? 0)
  return at
}

/** False when the index is beyond what is kept; such an entry reads as unknown. */
export function remember(machine: Machine, index: number, value: Value): boolean {
  if (index >= maxMemo) {
    machine.memoLength++
    return false
  }
  if (machine.memo.get(index) === 0) machine.memoLength++
  machine.memo.set(index, value)
  return true
}

/** A memo entry; undefined when it was never set. */
export function recall(machine: Machine, index: number): Value | undefined {
  if (index >= maxMemo) return machine.memoLength > 0 ? unknown : undefined
  const value = machine.memo.get(index)
  return value === 0 ? undefined : value
}

function grown(array: Int32Array, most: number): Int32Array {
  if (array.length >= most) throw new Broken('scan.limit', `more than ${most} values at a time`)
  const larger = new Int32Array(Math.min(most, array.length * 2))
  larger.set(array)
  return larger
}

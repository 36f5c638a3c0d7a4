import { longText } from './constants.ts'
import { longestName, spelling } from './heap.ts'
import { Broken, type Machine, peekTop, pop, popMark, push, unknown } from './machine.ts'
import type { Operands } from './operands.ts'
import type { StreamHooks } from './types.ts'
import { DUNDER, GLOBAL, kindOf, TEXT, TUPLE, type Value, valueOf } from './values.ts'

/**
 * Opcodes that name things of Python, call them, set their state, or ask the loader for something.
 * @param frame where the frame ends, which a writer of arrays cuts short
 * @returns does the opcode that stands at `at`; false for any other opcode
 */
export function createCalls(
  machine: Machine,
  operands: Operands,
  hooks: StreamHooks,
  frame: { end: number },
): (code: number, at: number) => boolean {
  const { input, heap } = machine
  const { payload, byte, number16, number32, line, shortLine } = operands
  const { performer, uses } = hooks
  let at = 0

  function global(module: string, name: string, opcode: string): Value {
    const number = heap.global(module, name, at, false)
    performer.named(number, opcode, at)
    return valueOf(GLOBAL, number)
  }

  function computed(opcode: string): Value {
    const number = heap.global('', '', at, true)
    performer.named(number, opcode, at)
    return valueOf(GLOBAL, number)
  }

  function stackGlobal(): void {
    const name = pop(machine)
    const module = pop(machine)
    const isText = (value: Value): boolean => kindOf(value) === TEXT || kindOf(value) === DUNDER
    const moduleText = isText(module) ? heap.textOf(module, input) : undefined
    const nameText = isText(name) ? heap.textOf(name, input) : undefined
    push(
      machine,
      moduleText === undefined || nameText === undefined
        ? computed('STACK_GLOBAL')
        : global(moduleText, nameText, 'STACK_GLOBAL'),
    )
  }

  function callWith(from: number, opcode: string): void {
    const callable = machine.stack[from] ?? unknown
    const values = upTo64(from + 1)
    machine.top = from
    push(machine, performer.call(callable, values, 'call', opcode, at))
  }

  /** Values from a place of the stack up; undefined when there are more than any honest call has. */
  function upTo64(from: number): Value[] | undefined {
    return machine.top - from > 64 ? undefined : Array.from(machine.stack.subarray(from, machine.top))
  }

  function argumentsOf(value: Value): readonly Value[] | undefined {
    return kindOf(value) === TUPLE ? heap.elements(value) : undefined
  }

  function extension(code: number): void {
    uses.note('pickle.extension', at, () => `code ${code}`)
    push(machine, valueOf(GLOBAL, heap.global(`extension ${code}`, '', at, true)))
  }

  return (code, place) => {
    at = place
    switch (code) {
      case 0x63: {
        // GLOBAL
        const module = shortLine()
        push(machine, global(module, shortLine(), 'GLOBAL'))
        return true
      }
      case 0x93: // STACK_GLOBAL
        stackGlobal()
        return true
      case 0x52: {
        // REDUCE
        const values = pop(machine)
        const callable = pop(machine)
        push(machine, performer.call(callable, argumentsOf(values), 'call', 'REDUCE', at))
        return true
      }
      case 0x81: {
        // NEWOBJ
        const values = pop(machine)
        const callable = pop(machine)
        push(machine, performer.call(callable, argumentsOf(values), 'new', 'NEWOBJ', at))
        return true
      }
      case 0x92: {
        // NEWOBJ_EX
        pop(machine)
        const values = pop(machine)
        const callable = pop(machine)
        push(machine, performer.call(callable, argumentsOf(values), 'new', 'NEWOBJ_EX', at))
        return true
      }
      case 0x6f: {
        // OBJ
        const from = popMark(machine)
        if (machine.top <= from) throw new Broken('pickle.broken', 'OBJ without a class')
        callWith(from, 'OBJ')
        return true
      }
      case 0x69: {
        // INST
        const module = shortLine()
        const name = shortLine()
        const from = popMark(machine)
        const values = upTo64(from)
        machine.top = from
        push(machine, performer.call(global(module, name, 'INST'), values, 'call', 'INST', at))
        return true
      }
      case 0x62: {
        // BUILD
        const state = pop(machine)
        const target = peekTop(machine)
        performer.build(target, state, at)
        const raw = hooks.rawBehindBuild(target, state, input.base + input.at)
        if (raw > 0) {
          // The writer ends its frame before it writes an array by itself.
          if (input.base + input.at === frame.end) frame.end = Number.POSITIVE_INFINITY
          payload(raw)
        }
        return true
      }
      case 0x82: // EXT1
        extension(byte())
        return true
      case 0x83: // EXT2
        extension(number16())
        return true
      case 0x84: // EXT4
        extension(number32())
        return true
      case 0x50: {
        // PERSID
        const { from, length } = line()
        const id = length > longestName ? longText : heap.text(from, length, spelling.utf8, false)
        push(machine, hooks.persistent(id, at))
        return true
      }
      case 0x51: // BINPERSID
        push(machine, hooks.persistent(pop(machine), at))
        return true
      default:
        return false
    }
  }
}

import { dict, list, set } from './constants.ts'
import { Broken, type Machine, peekTop, pop, popMark, push, unknown } from './machine.ts'
import type { Performer } from './perform.ts'
import { DICT, kindOf, LIST, SET, valueOf } from './values.ts'

/**
 * Opcodes that make and fill tuples, lists, sets and dicts.
 * @returns does the opcode that stands at `at`; false for any other opcode
 */
export function createContainers(machine: Machine, performer: Performer): (code: number, at: number) => boolean {
  const { input, heap } = machine
  let at = 0

  function tuple(from: number): void {
    const value = heap.tuple(machine.stack, from, machine.top - from)
    machine.top = from
    push(machine, value)
  }

  function shortTuple(count: number): void {
    if (machine.top - machine.fence < count)
      throw new Broken('pickle.broken', 'an opcode takes more than the stack holds')
    tuple(machine.top - count)
  }

  function setItems(from: number, count: number, opcode: string): void {
    const target = machine.stack[from - 1] ?? unknown
    performer.setItems(target, from, count, opcode, at)
    machine.top = from
    // What BUILD sets next is looked at; nobody asks for the items of other dicts.
    if (kindOf(target) === DICT && count <= 16 && input.need(1) && input.bytes[input.at] === 0x62) {
      const pairs = heap.tuple(machine.stack, from, count * 2)
      machine.stack[from - 1] = valueOf(DICT, (pairs >>> 4) + 1)
    }
  }

  return (code, place) => {
    at = place
    switch (code) {
      case 0x61: {
        // APPEND
        pop(machine)
        performer.append(peekTop(machine), LIST, 'APPEND', at)
        return true
      }
      case 0x65: {
        // APPENDS
        const from = popMark(machine)
        machine.top = from
        performer.append(peekTop(machine), LIST, 'APPENDS', at)
        return true
      }
      case 0x90: {
        // ADDITEMS
        const from = popMark(machine)
        machine.top = from
        performer.append(peekTop(machine), SET, 'ADDITEMS', at)
        return true
      }
      case 0x73: {
        // SETITEM
        if (machine.top - machine.fence < 3)
          throw new Broken('pickle.broken', 'an opcode takes more than the stack holds')
        setItems(machine.top - 2, 1, 'SETITEM')
        return true
      }
      case 0x75: {
        // SETITEMS
        const from = popMark(machine)
        if (from - machine.fence < 1) throw new Broken('pickle.broken', 'items without a dict')
        setItems(from, (machine.top - from) >> 1, 'SETITEMS')
        return true
      }
      case 0x6c: // LIST
        machine.top = popMark(machine)
        push(machine, list)
        return true
      case 0x64: {
        // DICT
        const from = popMark(machine)
        performer.setItems(dict, from, (machine.top - from) >> 1, 'DICT', at)
        machine.top = from
        push(machine, dict)
        return true
      }
      case 0x91: // FROZENSET
        machine.top = popMark(machine)
        push(machine, set)
        return true
      case 0x74: // TUPLE
        tuple(popMark(machine))
        return true
      case 0x85: // TUPLE1
        shortTuple(1)
        return true
      case 0x86: // TUPLE2
        shortTuple(2)
        return true
      case 0x87: // TUPLE3
        shortTuple(3)
        return true
      default:
        return false
    }
  }
}

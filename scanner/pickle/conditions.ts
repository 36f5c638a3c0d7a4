import { type Permission, python3Name } from '../globals/policy.ts'
import type { Action, Condition } from '../globals/types.ts'
import type { Heap } from './heap.ts'
import type { Input } from './input.ts'
import { BYTES, DICT, DUNDER, GLOBAL, isData, kindOf, LIST, payloadOf, TEXT, TUPLE, type Value } from './values.ts'

/** Arguments of a call; undefined when they are not a tuple that the scanner kept track of. */
export type Arguments = readonly Value[] | undefined

export type ConditionContext = {
  heap: Heap
  input: Input
  /** Inspects a byte string as the torch file it must be; true when it is one and nothing in it went unread. */
  torchBytes: (value: Value) => boolean
}

/** True when the arguments are such that the call is safe. Every global among them must be on the allow-list in any case. */
export function holds(condition: Condition | undefined, values: Arguments, context: ConditionContext): boolean {
  // Without knowing the arguments only calls that take any are safe; and then a forgotten tuple cannot show what was handed over.
  if (values === undefined) return false
  const { heap, input } = context
  const first = values[0] ?? 0
  if (!values.every((value) => globalsAllowed(value, heap))) return false
  switch (condition) {
    case undefined:
      return true
    case 'data':
      return values.every((value) => isData(value) && !holdsMore(value, heap))
    case 'one':
      return values.length === 1
    case 'encode': {
      const encoding = textOf(values[1] ?? 0, heap, input)
      const known = encoding !== undefined && /^(latin-?1|iso-?8859-?1|utf-?8|ascii)$/i.test(encoding)
      return values.length === 2 && known && isText(first)
    }
    case 'class-first':
      return may(first, 'new', heap)
    case 'reconstruct':
      return may(first, 'new', heap) && isBase(values[1] ?? 0, heap)
    case 'array-first':
      return may(first, 'array', heap)
    case 'callables':
      return values.every((value) => kindOf(value) !== GLOBAL || callableByAnyone(value, heap))
    case 'calls-first': {
      const inner = values[2] ?? 0
      const permission = permissionOfValue(first, heap)
      const innerValues = kindOf(inner) === TUPLE ? heap.elements(inner) : undefined
      // One level: the inner call may not be of this kind again.
      if (permission === undefined || !permission.may.has('call') || permission.when === 'calls-first') return false
      return permissionOfValue(values[1] ?? 0, heap) !== undefined && holds(permission.when, innerValues, context)
    }
    case 'global-first':
      return kindOf(first) === GLOBAL && unconditional(permissionOfValue(first, heap))
    case 'torch-bytes':
      return values.length === 1 && kindOf(first) === BYTES && context.torchBytes(first)
    case 'numpy-name':
      return textOf(first, heap, input) === 'numpy' && isText(values[1] ?? 0)
  }
}

function isText(value: Value): boolean {
  return kindOf(value) === TEXT || kindOf(value) === DUNDER || (kindOf(value) === 1 && payloadOf(value) === 6)
}

export function textOf(value: Value, heap: Heap, input: Input): string | undefined {
  return kindOf(value) === TEXT || kindOf(value) === DUNDER ? heap.textOf(value, input) : undefined
}

function permissionOfValue(value: Value, heap: Heap): Permission | undefined {
  return kindOf(value) === GLOBAL ? heap.globals[payloadOf(value)]?.permission : undefined
}

function may(value: Value, action: Action, heap: Heap): boolean {
  return permissionOfValue(value, heap)?.may.has(action) === true
}

function callableByAnyone(value: Value, heap: Heap): boolean {
  const permission = permissionOfValue(value, heap)
  return permission?.may.has('call') === true && unconditional(permission)
}

/** The built-in type whose constructor runs; of other classes it could be any code. */
function isBase(value: Value, heap: Heap): boolean {
  const global = kindOf(value) === GLOBAL ? heap.globals[payloadOf(value)] : undefined
  if (global === undefined || global.opaque) return false
  const { module, name } = python3Name(global.module, global.name)
  return (
    module === 'builtins' && /^(object|list|dict|set|frozenset|tuple|int|float|complex|str|bytes|bytearray)$/.test(name)
  )
}

/** False for what is safe only with certain arguments, which nobody can check once it is called from elsewhere. */
function unconditional(permission: Permission | undefined): boolean {
  return (
    permission !== undefined &&
    (permission.when === undefined || permission.when === 'data' || permission.when === 'callables')
  )
}

/** Globals handed to a callable may be called by it; so must be those within tuples. */
function globalsAllowed(value: Value, heap: Heap, depth: number = 4): boolean {
  if (kindOf(value) === GLOBAL) return permissionOfValue(value, heap) !== undefined
  if (kindOf(value) !== TUPLE || depth === 0) return true
  return heap.elements(value)?.every((inner) => globalsAllowed(inner, heap, depth - 1)) ?? true
}

/** True for a tuple that holds anything but data. Lists and dicts are data whose parts were seen when they were put in. */
function holdsMore(value: Value, heap: Heap, depth: number = 4): boolean {
  if (kindOf(value) === LIST || kindOf(value) === DICT || kindOf(value) !== TUPLE) return false
  const inner = heap.elements(value)
  return inner !== undefined && (depth === 0 || inner.some((part) => !isData(part) || holdsMore(part, heap, depth - 1)))
}

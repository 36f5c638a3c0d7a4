import { type Permission, permissionOf, python3Name } from '../globals/policy.ts'
import type { Action } from '../globals/types.ts'
import { type Arguments, type ConditionContext, holds, textOf } from './conditions.ts'
import { Broken, type Machine } from './machine.ts'
import { renderValue, renderValues } from './render.ts'
import { torchScript, type Uses } from './uses.ts'
import {
  DICT,
  DUNDER,
  GLOBAL,
  isData,
  kindOf,
  LIST,
  MADE,
  PERSISTENT,
  PLAIN,
  payloadOf,
  plain,
  SET,
  UNKNOWN,
  type Value,
  valueOf,
} from './values.ts'

/** Calls and changes as the opcodes ask for them: nothing is done, everything is noted. */
export type Performer = {
  named: (global: number, opcode: string, at: number) => void
  /** The value that the call gives. */
  call: (callable: Value, values: Arguments, action: 'call' | 'new', opcode: string, at: number) => Value
  build: (target: Value, state: Value, at: number) => void
  setItems: (target: Value, from: number, count: number, opcode: string, at: number) => void
  append: (target: Value, wanted: typeof LIST | typeof SET, opcode: string, at: number) => void
}

/** Keys under which an object's state changes what is called later. */
const hooks: ReadonlySet<string> = new Set(
  '__setstate__ __reduce__ __reduce_ex__ __getattr__ __getattribute__ __del__ __builtins__ __globals__ __code__ __call__ __import__ __loader__ __dict__ __new__ __init__ __getstate__ __build_class__'.split(
    ' ',
  ),
)

export function createPerformer(machine: Machine, uses: Uses, conditions: ConditionContext): Performer {
  const { heap } = machine
  const show = (values: Arguments): string => renderValues(values, machine)

  function permitted(global: number, action: Action): Permission | undefined {
    const permission = heap.globals[global]?.permission
    return permission?.may.has(action) === true ? permission : undefined
  }

  function use(global: number, action: Action, ok: boolean, opcode: string, at: number, evidence: () => string): void {
    if (ok) uses.allowed(global, action)
    else uses.refused(global, action, opcode, at, evidence)
  }

  function named(global: number, opcode: string, at: number): void {
    const { module = '', name = '', opaque = true, permission } = heap.globals[global] ?? {}
    use(global, 'import', permission !== undefined, opcode, at, () => '')
    // A name on the allow-list is neither odd nor a detour.
    if (opaque || permission !== undefined) return
    if (!/^[\w.]+$/.test(module) || !/^[\w.]+$/.test(name))
      uses.note(
        'pickle.odd-name',
        at,
        () => 'a name that no Python source can hold',
        () => `${module} ${name}`,
      )
    else if (name.includes('.')) uses.note('pickle.dotted', at, () => `${name} within ${module}`.slice(0, 200))
  }

  function call(callable: Value, values: Arguments, action: 'call' | 'new', opcode: string, at: number): Value {
    const kind = kindOf(callable)
    if (kind === GLOBAL) {
      const global = payloadOf(callable)
      // OBJ and INST without arguments make an instance without calling its constructor.
      const bare = (opcode === 'OBJ' || opcode === 'INST') && values?.length === 0
      const attribute = attributeOf(global, values)
      if (attribute !== undefined) {
        named(attribute, 'getattr', at)
        return valueOf(GLOBAL, attribute)
      }
      const permission = permitted(global, action) ?? (bare ? permitted(global, 'new') : undefined)
      const ok =
        permission !== undefined &&
        (action === 'new' ? globalsKnown(values) : holds(permission.when, values, conditions))
      use(global, action, ok, opcode, at, () => show(values))
      if (
        ok &&
        permission?.when !== undefined &&
        values !== undefined &&
        /^(class|array)-first|^reconstruct$/.test(permission.when)
      )
        return heap.made(payloadOf(values[0] ?? 0))
      if (ok && permission?.when === 'encode') return valueOf(PLAIN, plain.bytes)
      const made = heap.made(global)
      if (ok) machine.onMade?.(global, made, values)
      return made
    }
    if (kind === MADE || kind === PERSISTENT || kind === UNKNOWN) {
      const what =
        kind === MADE
          ? madeWhat(callable)
          : kind === UNKNOWN
            ? 'a value nothing is known of'
            : 'what the loader supplies'
      uses.note(
        'pickle.call-result',
        at,
        () => `${what}, called by ${opcode}`,
        () => show(values),
      )
      return heap.made(-1)
    }
    uses.note('pickle.not-callable', at, () => `${opcode} calls ${renderValue(callable, machine)}`)
    throw new Broken('pickle.broken', 'what is called is data')
  }

  /** The global that `getattr` of an allowed class gives, when that is allowed by its dotted name; older protocols write methods so. */
  function attributeOf(global: number, values: Arguments): number | undefined {
    const { module, name, opaque = true } = heap.globals[global] ?? {}
    if (opaque || values?.length !== 2 || name !== 'getattr' || python3Name(module ?? '', name).module !== 'builtins')
      return undefined
    const [owner = 0, attribute = 0] = values
    const of = kindOf(owner) === GLOBAL ? heap.globals[payloadOf(owner)] : undefined
    const text = textOf(attribute, heap, machine.input)
    if (of === undefined || of.opaque || text === undefined) return undefined
    const dotted = `${of.name}.${text}`
    return permissionOf(of.module, dotted) === undefined ? undefined : heap.global(of.module, dotted, 0, false)
  }

  function madeWhat(value: Value): string {
    const by = heap.globals[heap.madeBy(payloadOf(value))]
    return by === undefined || by.opaque
      ? 'the result of another call'
      : `the result of ${by.module}.${by.name}`.slice(0, 160)
  }

  function globalsKnown(values: Arguments): boolean {
    return values !== undefined && values.every((value) => kindOf(value) !== GLOBAL || known(value))
  }

  function known(value: Value): boolean {
    return heap.globals[payloadOf(value)]?.permission !== undefined
  }

  /** A change of something that is no plain container: allowed by its class only, and not once its state was set. */
  function change(target: Value, action: 'build' | 'items' | 'append', opcode: string, at: number): void {
    const kind = kindOf(target)
    if (kind === MADE) {
      const payload = payloadOf(target)
      // Its state may hold a function under the name that this opcode calls.
      if (heap.hasState(payload))
        uses.note('pickle.changed-again', at, () => `${opcode} on ${madeWhat(target)} after its state was set`)
      const global = heap.madeBy(payload)
      if (global >= 0) {
        const script = torchScript(heap.globals[global]?.module ?? '', action)
        use(global, action, permitted(global, action) !== undefined && !script, opcode, at, () => '')
      }
      if (action === 'build') heap.setState(payload)
      return
    }
    if (kind === GLOBAL) {
      const { module = '?', name = '?' } = heap.globals[payloadOf(target)] ?? {}
      uses.note('pickle.change-global', at, () => `${opcode} on ${module}.${name}`.slice(0, 200))
      return
    }
    if (kind === UNKNOWN || kind === PERSISTENT) {
      uses.note(
        'pickle.method',
        at,
        () => `${opcode} on ${kind === UNKNOWN ? 'a value nothing is known of' : 'what the loader supplies'}`,
      )
      return
    }
    uses.note('pickle.confused', at, () => `${opcode} on ${renderValue(target, machine)}`)
  }

  function build(target: Value, state: Value, at: number): void {
    change(target, 'build', 'BUILD', at)
    if (kindOf(state) === UNKNOWN) uses.note('pickle.method', at, () => 'BUILD with a state nothing is known of')
    if (kindOf(target) === MADE) machine.onBuilt?.(target, state, at)
  }

  function setItems(target: Value, from: number, count: number, opcode: string, at: number): void {
    if (kindOf(target) !== DICT) change(target, 'items', opcode, at)
    const { stack } = machine
    for (let i = from; i < from + count * 2; i += 2) {
      const key = stack[i] ?? 0
      if (kindOf(key) !== DUNDER || isData(stack[i + 1] ?? 0)) continue
      const text = textOf(key, heap, machine.input)
      if (text === undefined || !hooks.has(text)) continue
      uses.note('pickle.hook', at, () => `${text} is set to ${renderValue(stack[i + 1] ?? 0, machine)}`)
    }
  }

  return {
    named,
    call,
    build,
    setItems,
    append: (target, wanted, opcode, at) => {
      if (kindOf(target) !== wanted) change(target, 'append', opcode, at)
    },
  }
}

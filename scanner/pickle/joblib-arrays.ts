import { textOf } from './conditions.ts'
import type { Machine } from './machine.ts'
import { numberOf } from './storages.ts'
import { DICT, INT, kindOf, MADE, PLAIN, payloadOf, plain, TUPLE, type Value, valueOf } from './values.ts'

/** An array that joblib writes behind the BUILD of its wrapper. */
export type RawArray =
  /** Bytes of the array, and before them of the padding with its own length. */
  | { kind: 'raw'; padding: number; length: number }
  /** The elements are objects: a pickle of its own follows. */
  | { kind: 'pickle' }
  /** The wrapper does not say enough. */
  | { kind: 'unclear' }

export type ArrayTracker = {
  /** Tells what follows a BUILD; undefined for anything but a wrapper. */
  behind: (target: Value, state: Value, position: number) => RawArray | undefined
}

const wrapper = /^(joblib|sklearn\.externals\.joblib)\.numpy_pickle$/
const maxDtypes = 20_000

/**
 * Follows NumPy dtypes and joblib's array wrappers through a stream. Source: joblib/numpy_pickle.py, `NumpyArrayWrapper.write_array` and
 * `read_array`; the padding came with joblib 1.1, its length stands in one byte before it.
 */
export function trackArrays(machine: Machine): ArrayTracker {
  const { heap, input } = machine
  /** Bytes of an element by dtype instance; 0 for objects, NaN when it is not known. */
  const itemBytes = new Map<number, number>()

  machine.onMade = (global, made, values) => {
    const { module = '', name = '' } = heap.globals[global] ?? {}
    if (module !== 'numpy' || name !== 'dtype' || itemBytes.size >= maxDtypes) return
    itemBytes.set(payloadOf(made), sizeOf(textOf(values?.[0] ?? 0, heap, input)))
  }
  machine.onBuilt = (target, state) => {
    // A structured dtype says in its state whether a field holds objects.
    const payload = payloadOf(target)
    if (!itemBytes.has(payload)) return
    const values = kindOf(state) === TUPLE ? heap.elements(state) : undefined
    const names = values?.[3] ?? 0
    if (values === undefined || names === valueOf(PLAIN, plain.none)) return
    const flags = numberOf(values[7] ?? 0, machine)
    itemBytes.set(payload, flags === null ? Number.NaN : (flags & 1) === 1 ? 0 : (itemBytes.get(payload) ?? Number.NaN))
  }

  function behind(target: Value, state: Value, position: number): RawArray | undefined {
    if (kindOf(target) !== MADE) return undefined
    const global = heap.globals[heap.madeBy(payloadOf(target))]
    if (global?.name !== 'NumpyArrayWrapper' || !wrapper.test(global.module)) return undefined
    const fields = fieldsOf(state)
    const dtype = fields?.get('dtype')
    const shape = fields?.get('shape')
    if (fields === undefined || dtype === undefined || kindOf(dtype) !== MADE || shape === undefined)
      return { kind: 'unclear' }
    const size = itemBytes.get(payloadOf(dtype)) ?? Number.NaN
    if (size === 0) return { kind: 'pickle' }
    const dimensions = kindOf(shape) === TUPLE ? heap.elements(shape) : undefined
    let length = size
    for (const dimension of dimensions ?? [0]) length *= numberOf(dimension, machine) ?? Number.NaN
    if (dimensions === undefined || !Number.isSafeInteger(length)) return { kind: 'unclear' }
    const aligned = kindOf(fields.get('numpy_array_alignment_bytes') ?? 0) === INT
    const padding = aligned ? 1 + (input.peek(position, 1)[0] ?? 0) : 0
    return { kind: 'raw', padding, length }
  }

  /** Items of a dict that BUILD takes as state. */
  function fieldsOf(state: Value): Map<string, Value> | undefined {
    const at = payloadOf(state)
    if (kindOf(state) !== DICT || at === 0) return undefined
    const pairs = heap.elements(valueOf(TUPLE, at - 1)) ?? []
    const fields = new Map<string, Value>()
    for (let i = 0; i + 1 < pairs.length; i += 2)
      fields.set(textOf(pairs[i] ?? 0, heap, input) ?? '', pairs[i + 1] ?? 0)
    return fields
  }

  return { behind }
}

/** Bytes of an element by NumPy's type string, such as `f8`, `<i4`, `S10`; 0 for objects. */
export function sizeOf(type: string | undefined): number {
  const match = /^[<>=|]?([a-zA-Z?])(\d{0,9})(\[[^\]]{1,20}\])?$/.exec(type ?? '')
  if (match === null) return Number.NaN
  const [, letter = '', digits = ''] = match
  if (letter === 'O') return 0
  if (letter === '?') return 1
  if (digits === '') return Number.NaN
  const count = Number(digits)
  if (letter === 'U') return count * 4
  return 'biufcSVmMa'.includes(letter) ? count : Number.NaN
}

import type { Machine } from './machine.ts'
import {
  BYTES,
  DICT,
  DUNDER,
  GLOBAL,
  INT,
  intBias,
  kindOf,
  LIST,
  MADE,
  NUMBER,
  PERSISTENT,
  PLAIN,
  payloadOf,
  plain,
  SET,
  TEXT,
  TUPLE,
  type Value,
} from './values.ts'

const plainWords = new Map<number, string>([
  [plain.none, 'None'],
  [plain.true, 'True'],
  [plain.false, 'False'],
  [plain.float, 'a number'],
  [plain.bytes, 'bytes'],
  [plain.longText, 'a long text'],
  [plain.hugeInt, 'a large number'],
  [plain.buffer, 'a buffer'],
])

/** A value in words, for evidence. */
export function renderValue(value: Value, machine: Machine, depth: number = 2): string {
  const { heap, input } = machine
  const payload = payloadOf(value)
  switch (kindOf(value)) {
    case PLAIN:
      return plainWords.get(payload) ?? 'data'
    case INT:
      return String(payload - intBias)
    case NUMBER:
      return String(heap.numberAt(payload))
    case TEXT:
    case DUNDER: {
      const text = heap.textOf(value, input)
      return text === undefined ? 'a text' : `'${text.slice(0, 100)}'`
    }
    case LIST:
      return 'a list'
    case DICT:
      return 'a dict'
    case SET:
      return 'a set'
    case BYTES:
      return 'bytes'
    case TUPLE:
      return depth === 0 ? '(...)' : renderValues(heap.elements(value), machine, depth - 1)
    case GLOBAL: {
      const { module, name, opaque } = heap.globals[payload] ?? { module: '', name: '', opaque: true }
      return opaque ? 'a computed name' : `${module}.${name}`
    }
    case MADE:
      return 'the result of a call'
    case PERSISTENT:
      return 'a persistent object'
    default:
      return 'something unknown'
  }
}

/** The arguments of a call, such as `('id', 3)`. */
export function renderValues(values: readonly Value[] | undefined, machine: Machine, depth: number = 2): string {
  if (values === undefined) return ''
  const shown = values.slice(0, 6).map((value) => renderValue(value, machine, depth))
  return `(${shown.join(', ')}${values.length > 6 ? ', ...' : ''})`
}

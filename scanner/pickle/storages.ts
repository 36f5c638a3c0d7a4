import { textOf } from './conditions.ts'
import type { Machine } from './machine.ts'
import { GLOBAL, INT, intBias, kindOf, NUMBER, payloadOf, TUPLE, type Value } from './values.ts'

/** A tensor storage that a torch pickle refers to; its bytes lie elsewhere. */
export type StorageReference = {
  key: string
  /** Of the storage class, such as `float32`; `bytes` for an untyped storage, `unknown` for a class that is none. */
  dtype: string
  /** Elements, which are bytes for an untyped storage; null when not stated. */
  elements: number | null
  device: string
}

/** What a pickle hands to the container around it. */
export type PickleFound = {
  kind: 'pickle'
  /** In the order of appearance, each key once; at most 200,000. */
  storages: StorageReference[]
  /** Where the last stream ends, counted from the start of the part. */
  end: number
}

export const maxStorages = 200_000

/** Source: torch/storage.py `_dtype_to_storage_type_map`. */
const dtypes: Readonly<Record<string, string>> = {
  FloatStorage: 'float32',
  DoubleStorage: 'float64',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  ByteStorage: 'uint8',
  CharStorage: 'int8',
  ShortStorage: 'int16',
  IntStorage: 'int32',
  LongStorage: 'int64',
  BoolStorage: 'bool',
  ComplexFloatStorage: 'complex64',
  ComplexDoubleStorage: 'complex128',
  QInt8Storage: 'qint8',
  QInt32Storage: 'qint32',
  QUInt8Storage: 'quint8',
  QUInt4x2Storage: 'quint4x2',
  QUInt2x4Storage: 'quint2x4',
  UntypedStorage: 'bytes',
  _UntypedStorage: 'bytes',
}

const itemBytes: Readonly<Record<string, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  uint8: 1,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  bool: 1,
  complex64: 8,
  complex128: 16,
  qint8: 1,
  qint32: 4,
  quint8: 1,
  quint4x2: 1,
  quint2x4: 1,
  bytes: 1,
}

/** Bytes of one element of a storage; undefined for a dtype nobody knows. */
export function storageItemBytes(dtype: string): number | undefined {
  return Object.hasOwn(itemBytes, dtype) ? itemBytes[dtype] : undefined
}

/** The storage that a persistent id names, `('storage', class, key, location, elements, ...)`; undefined for any other id. */
export function storageOf(id: Value, machine: Machine): StorageReference | undefined {
  const { heap, input } = machine
  const values = kindOf(id) === TUPLE ? heap.elements(id) : undefined
  if (values === undefined || values.length < 5) return undefined
  const [tag = 0, type = 0, key = 0, location = 0, count = 0] = values
  const keyText = textOf(key, heap, input)
  if (textOf(tag, heap, input) !== 'storage' || keyText === undefined || kindOf(type) !== GLOBAL) return undefined
  const global = heap.globals[payloadOf(type)]
  if (global === undefined || !/^torch(\.|$)/.test(global.module)) return undefined
  return {
    key: keyText,
    dtype: Object.hasOwn(dtypes, global.name) ? (dtypes[global.name] ?? 'unknown') : 'unknown',
    elements: numberOf(count, machine),
    device: (textOf(location, heap, input) ?? '').slice(0, 32),
  }
}

/** A whole number that is not negative; null for anything else. */
export function numberOf(value: Value, machine: Machine): number | null {
  const number =
    kindOf(value) === INT
      ? payloadOf(value) - intBias
      : kindOf(value) === NUMBER
        ? machine.heap.numberAt(payloadOf(value))
        : Number.NaN
  return Number.isSafeInteger(number) && number >= 0 ? number : null
}

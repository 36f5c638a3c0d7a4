import { sizeOf } from '../pickle/joblib-arrays.ts'
import type { Literal } from './literal.ts'

/** Bytes of one element, or that elements are objects; undefined for a description nobody can read. */
export type Dtype = { bytes: number; objects: boolean } | undefined

/** Reads a `descr`: a type string, a list of fields `(name, type[, shape])`, or a type with a shape. Source: numpy.lib.format.descr_to_dtype. */
export function dtypeOf(descr: Literal, depth: number = 0): Dtype {
  if (depth > 8) return undefined
  if (typeof descr === 'string') {
    const bytes = sizeOf(descr)
    if (Number.isNaN(bytes)) return undefined
    return { bytes, objects: /^[|<>=]?O/.test(descr) }
  }
  if (!Array.isArray(descr)) return undefined
  // A tuple of two is a type with a shape; a list of tuples are fields.
  if (descr.length === 2 && !Array.isArray(descr[0])) return shaped(descr[0] ?? null, descr[1], depth)
  if (descr.length === 2 && Array.isArray(descr[1]) && descr[1].every((part) => typeof part === 'number'))
    return shaped(descr[0] ?? null, descr[1], depth)
  let bytes = 0
  let objects = false
  for (const field of descr) {
    if (!Array.isArray(field) || field.length < 2 || field.length > 3) return undefined
    const inner = field.length === 3 ? shaped(field[1] ?? null, field[2], depth) : dtypeOf(field[1] ?? null, depth + 1)
    if (inner === undefined) return undefined
    bytes += inner.bytes
    objects ||= inner.objects
  }
  return { bytes, objects }
}

function shaped(type: Literal, shape: Literal | undefined, depth: number): Dtype {
  const inner = dtypeOf(type, depth + 1)
  const count = elementsOf(typeof shape === 'number' ? [shape] : shape)
  return inner === undefined || count === undefined ? undefined : { bytes: inner.bytes * count, objects: inner.objects }
}

/** Number of elements of a shape; undefined when it is no list of whole numbers, or the product is beyond 2^53. */
export function elementsOf(shape: Literal | undefined): number | undefined {
  if (!Array.isArray(shape) || shape.length > 64) return undefined
  let count = 1
  for (const dimension of shape) {
    if (typeof dimension !== 'number' || !(dimension >= 0)) return undefined
    count *= dimension
  }
  return Number.isSafeInteger(count) ? count : undefined
}

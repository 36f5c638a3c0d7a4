import type { InspectContext, Inspected } from '../define-format.ts'
import { hexOf } from '../evidence.ts'
import { partOf } from '../nested/part-of.ts'
import type { FormatHeader } from '../types.ts'
import { dtypeOf, elementsOf } from './dtype.ts'
import { type Literal, parseLiteral } from './literal.ts'

export type NumpyHeader = FormatHeader & { kind: 'npy'; dtype: string; shape: number[]; objects: boolean }

/** NumPy refuses to evaluate longer ones unless told that the file is trusted. */
const maxHeader = 65_536

/** Reads the header as a literal, never as code, and holds its shape against the length of the file. */
export function inspectNumpy(context: InspectContext): Inspected {
  const { reader, offset, length, observe, cover } = context
  const end = offset + length
  const start = reader.read(offset, 12)
  const major = start[6] ?? 0
  const wide = major >= 2
  const view = new DataView(start.buffer, start.byteOffset, start.length)
  if (major < 1 || major > 3 || start.length < (wide ? 12 : 10)) {
    observe({ code: 'npy.version', offset: offset + 6, detail: `version ${major}.${start[7] ?? 0}` })
    return { end }
  }
  const claimed = wide ? view.getUint32(8, true) : view.getUint16(8, true)
  const headerAt = offset + (wide ? 12 : 10)
  if (claimed > end - headerAt) {
    observe({ code: 'npy.header-length', offset: offset + 8, detail: `${claimed} bytes, ${end - headerAt} left` })
    return { end }
  }
  if (claimed > maxHeader) {
    observe({ code: 'npy.header-large', offset: offset + 8, detail: `${claimed} bytes` })
    return { end }
  }
  const bytes = reader.read(headerAt, claimed)
  const text = new TextDecoder(major === 3 ? 'utf-8' : 'latin1').decode(bytes)
  const header = parseLiteral(text.trimEnd())
  cover(offset, headerAt + claimed - offset, 'parsed')
  if (!(header instanceof Map)) {
    observe({ code: 'npy.header-expression', offset: headerAt, evidence: text.slice(0, 200) })
    return { end }
  }
  return readArray(context, header, headerAt + claimed, text)
}

function readArray(context: InspectContext, header: Map<string, Literal>, dataAt: number, text: string): Inspected {
  const { offset, length, reader, observe, cover } = context
  const end = offset + length
  const shape = header.get('shape')
  const dtype = dtypeOf(header.get('descr') ?? null)
  const count = elementsOf(shape)
  const known = ['descr', 'fortran_order', 'shape'].every((key) => header.has(key)) && header.size === 3
  if (dtype === undefined || count === undefined || !known || typeof header.get('fortran_order') !== 'boolean') {
    observe({ code: 'npy.header-fields', offset, evidence: text.slice(0, 200) })
    return { end }
  }
  const facts: NumpyHeader = {
    kind: 'npy',
    dtype: JSON.stringify(header.get('descr')).slice(0, 300),
    shape: (shape as number[]).slice(0, 64),
    objects: dtype.objects,
  }
  if (dtype.objects) return { header: facts, end: readObjects(context, dataAt) }
  const size = count * dtype.bytes
  if (!(size <= end - dataAt)) {
    observe({ code: 'npy.data-length', offset: dataAt, detail: `${size} bytes needed, ${end - dataAt} left` })
    return { header: facts, end }
  }
  cover(dataAt, size, 'tensor')
  if (dataAt + size < end) {
    const behind = reader.read(dataAt + size, 16)
    observe({
      code: 'npy.trailing',
      offset: dataAt + size,
      detail: `${end - dataAt - size} bytes`,
      evidence: hexOf(behind),
    })
  }
  return { header: facts, end: dataAt + size }
}

/** Elements that are objects stand as one pickle behind the header. */
function readObjects(context: InspectContext, dataAt: number): number {
  const { offset, length, reader, observe, cover } = context
  const end = offset + length
  const inner = context.nested({ name: 'objects', reader: partOf(reader, dataAt, end - dataAt), offset: dataAt })
  if (inner.format !== 'pickle') {
    observe({ code: 'npy.objects-missing', offset: dataAt, detail: `the elements are ${inner.format}` })
    return end
  }
  if (inner.complete) cover(dataAt, end - dataAt, 'parsed')
  observe({ code: 'npy.objects', offset: dataAt, detail: 'loading it needs allow_pickle' })
  return end
}

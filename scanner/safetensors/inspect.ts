import { createCursor } from '../cursor.ts'
import type { InspectContext, Inspected } from '../define-format.ts'
import { checkLayout } from './check-layout.ts'
import { readHeader } from './read-header.ts'
import type { SafetensorsEntry, SafetensorsHeader } from './types.ts'

/** The bound that the reference implementation sets: 100 MB. */
const maxHeader = 100_000_000
const maxListed = 2000
const maxDtypes = 64

/** Reads the header of a safetensors file and checks it against the file. Tensor bytes are never read. */
export function inspectSafetensors(context: InspectContext): Inspected {
  const { reader, offset, observe, cover } = context
  const end = offset + context.length
  const headerLength = createCursor(reader, offset, end).u64()
  const headerStart = offset + 8
  const dataStart = headerStart + headerLength
  if (!(dataStart <= end)) {
    observe({
      code: 'st.header-length',
      offset,
      detail: `${headerLength} bytes claimed, ${end - headerStart} bytes left`,
    })
    cover(offset, 8, 'parsed')
    return { header: buildHeader([], {}, end), end }
  }
  if (headerLength > maxHeader) {
    observe({ code: 'st.header-size', offset, detail: `${headerLength} bytes, readers accept ${maxHeader}` })
    cover(offset, 8, 'parsed')
    return { header: buildHeader([], {}, dataStart), end }
  }
  const read = readHeader(context, headerStart, dataStart)
  cover(offset, read.reached - offset, 'parsed')
  // Behind a broken header nothing says what the bytes are.
  const structureEnd = read.whole ? checkLayout(context, read.entries, dataStart, end) : end
  return { header: buildHeader(read.entries, read.metadata, dataStart), end: structureEnd }
}

function buildHeader(
  entries: readonly SafetensorsEntry[],
  metadata: { [key: string]: string },
  tensorDataOffset: number,
): SafetensorsHeader {
  const dtypes = new Map<string, SafetensorsHeader['dtypes'][string]>()
  let parameterCount = 0
  for (const entry of entries) {
    const elements = Number(entry.elements)
    // Names are the file's choice: few are real, and `__proto__` must stay a name.
    const name = dtypes.has(entry.dtype) || dtypes.size < maxDtypes ? entry.dtype : 'other'
    const sums = dtypes.get(name) ?? { tensors: 0, bytes: 0, parameters: 0 }
    dtypes.set(name, sums)
    sums.tensors += 1
    sums.bytes += Math.max(0, entry.end - entry.begin)
    sums.parameters += elements
    parameterCount += elements
  }
  return {
    kind: 'safetensors',
    tensorCount: entries.length,
    parameterCount,
    dtypes: Object.fromEntries(dtypes),
    metadata,
    tensors: entries.slice(0, maxListed).map(({ name, dtype, shape }) => ({ name, dtype, shape })),
    tensorDataOffset,
  }
}

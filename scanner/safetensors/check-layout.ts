import type { InspectContext } from '../define-format.ts'
import { escapeText, hexOf } from '../evidence.ts'
import type { SafetensorsEntry } from './types.ts'

/** Bits per element. Source: safetensors, enum Dtype. */
const bits: ReadonlyMap<string, number> = new Map([
  ['F4', 4],
  ['F6_E2M3', 6],
  ['F6_E3M2', 6],
  ...['BOOL', 'U8', 'I8', 'F8_E5M2', 'F8_E4M3', 'F8_E8M0', 'F8_E4M3FNUZ', 'F8_E5M2FNUZ'].map(
    (name): [string, number] => [name, 8],
  ),
  ...['U16', 'I16', 'F16', 'BF16'].map((name): [string, number] => [name, 16]),
  ...['U32', 'I32', 'F32'].map((name): [string, number] => [name, 32]),
  ...['U64', 'I64', 'F64', 'C64'].map((name): [string, number] => [name, 64]),
])

/**
 * Checks that tensors fill the data exactly: in range, no overlap, no hole, sizes as their shapes say. Accounts for their bytes and
 * returns where the structure ends.
 */
export function checkLayout(
  context: InspectContext,
  entries: readonly SafetensorsEntry[],
  dataStart: number,
  fileEnd: number,
): number {
  const { reader, observe, cover } = context
  const sorted = [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)
  let reached = dataStart
  let previous = ''
  for (const entry of sorted) {
    const { entryOffset: offset, name: member } = entry
    const shown = escapeText(member, 80)
    checkSize(entry, observe)
    const from = dataStart + entry.begin
    const to = dataStart + entry.end
    if (!(entry.end >= entry.begin) || !Number.isSafeInteger(to)) {
      observe({ code: 'st.range', offset, member, detail: `${shown} has offsets ${entry.begin} to ${entry.end}` })
      continue
    }
    if (to > fileEnd)
      observe({ code: 'st.range', offset, member, detail: `${shown} needs bytes up to ${to}, the file has ${fileEnd}` })
    if (from > reached && from <= fileEnd) {
      observe({ code: 'st.hole', offset: reached, member, detail: `${from - reached} bytes before ${shown}` })
    }
    if (from < reached && to > from)
      observe({ code: 'st.overlap', offset, member, detail: `${shown} begins inside ${previous}` })
    if (from < fileEnd) cover(from, Math.min(to, fileEnd) - from, 'tensor')
    if (to > reached) {
      reached = Math.min(to, fileEnd)
      previous = shown
    }
  }
  if (reached < fileEnd) {
    const evidence = hexOf(reader.read(reached, 16))
    observe({
      code: 'st.trailing',
      offset: reached,
      detail: `${fileEnd - reached} bytes from ${reached} to the end of the file`,
      evidence,
    })
  }
  return reached
}

function checkSize(entry: SafetensorsEntry, observe: InspectContext['observe']): void {
  const { entryOffset: offset, name: member, dtype } = entry
  const size = bits.get(dtype)
  if (size === undefined) {
    observe({ code: 'st.dtype', offset, member, detail: escapeText(dtype, 40) })
    return
  }
  const needed = (entry.elements * BigInt(size) + 7n) / 8n
  const has = entry.end - entry.begin
  if (!Number.isSafeInteger(has) || needed !== BigInt(has)) {
    const shape = entry.shape.join(' x ')
    observe({
      code: 'st.size',
      offset,
      member,
      detail: `${dtype} ${shape} takes ${needed} bytes, the offsets give ${has}`,
    })
  }
}

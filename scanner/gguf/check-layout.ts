import type { InspectContext } from '../define-format.ts'
import { escapeText, hexOf } from '../evidence.ts'
import type { GgufTensor } from './types.ts'

/** Padding longer than this is no padding: it would hide a payload. llama.cpp writes 32 bytes of alignment. */
const maxPadding = 4096

/**
 * Checks that tensors lie in the file, aligned, without overlap or holes, and accounts for their bytes. Returns where the data ends.
 * @param dataStart offset in the file of the first tensor byte
 * @param end end of the file
 */
export function checkLayout(
  context: InspectContext,
  tensors: readonly GgufTensor[],
  dataStart: number,
  end: number,
  alignment: number,
): number {
  const { observe, cover } = context
  const sorted = [...tensors].sort((a, b) => a.offset - b.offset || a.bytes - b.bytes)
  let reached = dataStart
  let previous: GgufTensor | undefined
  for (const tensor of sorted) {
    const member = escapeText(tensor.name)
    const from = dataStart + tensor.offset
    const to = from + tensor.bytes
    if (tensor.offset % alignment !== 0) {
      observe({
        code: 'gguf.misaligned',
        offset: tensor.entryOffset,
        member,
        detail: `offset ${tensor.offset}, alignment ${alignment}`,
      })
    }
    if (to > end) {
      const detail = `tensor ${member} needs bytes ${from} to ${to}, the file has ${end}`
      observe({ code: 'gguf.tensor-range', offset: tensor.entryOffset, member, detail })
    }
    if (from < reached && previous !== undefined && tensor.bytes > 0) {
      const detail = `tensor ${member} begins at ${from}, inside ${escapeText(previous.name)}`
      observe({ code: 'gguf.overlap', offset: tensor.entryOffset, member, detail })
    }
    if (from > reached && from <= end) coverGap(context, reached, from, alignment, member)
    if (from < end) cover(from, Math.min(to, end) - from, 'tensor')
    if (to > reached) {
      reached = Math.min(to, end)
      previous = tensor
    }
  }
  return coverTrailing(context, reached, end, alignment)
}

/** Padding up to the alignment belongs to the format; more than that is a hole. */
function coverGap(
  { reader, observe, cover }: InspectContext,
  from: number,
  to: number,
  alignment: number,
  member: string,
): void {
  const length = to - from
  if (length >= alignment || length > maxPadding) {
    observe({ code: 'gguf.hole', offset: from, member, detail: `${length} bytes before tensor ${member}` })
    return
  }
  const padding = reader.read(from, length)
  if (padding.some((byte) => byte !== 0)) observe({ code: 'gguf.padding', offset: from, evidence: hexOf(padding) })
  cover(from, length, 'parsed')
}

/** Writers pad the last tensor too. Anything else behind it belongs to no tensor. */
function coverTrailing(
  { reader, observe, cover }: InspectContext,
  from: number,
  end: number,
  alignment: number,
): number {
  const length = end - from
  if (length <= 0) return end
  const padding = length < alignment && length <= maxPadding ? reader.read(from, length) : undefined
  if (padding?.every((byte) => byte === 0) === true) {
    cover(from, length, 'parsed')
    return end
  }
  const evidence = hexOf(reader.read(from, 16))
  observe({
    code: 'gguf.trailing',
    offset: from,
    detail: `${length} bytes from ${from} to the end of the file`,
    evidence,
  })
  return from
}

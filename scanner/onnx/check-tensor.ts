import type { InspectContext } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { leavesFolder } from '../path.ts'
import { intOf, type Message, messagesOf, textOf } from '../protobuf/types.ts'
import type { DataClaims } from '../repository/data-claims.ts'
import { elementBits } from './element-bits.ts'

const external = 1
const maxExact = Number.MAX_SAFE_INTEGER

/** Proves the storage of a tensor by its shape and type, and checks where its data lies when it is in another file. */
export function checkTensor(
  tensor: Message,
  context: InspectContext,
  externalFiles: Set<string>,
  claims: DataClaims,
): void {
  const name = textOf(tensor, 'name')
  checkExternal(tensor, name, context, externalFiles)
  const elements = elementsOf(tensor)
  claimExternal(tensor, elements, claims)
  const raw = tensor.ranges.get('rawData') ?? []
  // Repeated, the last counts; the others would be bytes that nobody reads.
  const last = raw.at(-1)
  if (last !== undefined) {
    const bits = elementBits(intOf(tensor, 'dataType'))
    const wanted = bits === undefined || elements === undefined ? undefined : Math.ceil((elements * bits) / 8)
    if (wanted === last.length && raw.length === 1) context.cover(last.offset, last.length, 'tensor')
    else
      context.observe({
        code: 'onnx.tensor-size',
        offset: last.offset,
        member: name,
        detail: `${last.length} bytes stored, ${wanted === undefined ? 'the shape and type give no size' : `${wanted} by shape and type`}`,
      })
  }
  for (const [field, width] of [
    ['floatData', 4],
    ['doubleData', 8],
  ] as const) {
    const count = tensor.counts.get(field) ?? 0
    if (count === 0) continue
    // Complex numbers are stored as pairs.
    if (elements !== undefined && (count === elements || count === elements * 2)) {
      for (const range of tensor.ranges.get(field) ?? []) context.cover(range.offset, range.length, 'tensor')
    } else
      context.observe({
        code: 'onnx.tensor-size',
        offset: tensor.range.offset,
        member: name,
        detail: `${count} numbers of ${width} bytes stored, ${elements ?? 'an unreadable number'} by shape`,
      })
  }
}

/** Elements by the dims, or undefined when they are too many to count or negative. A scalar has one. */
function elementsOf(tensor: Message): number | undefined {
  const dims = tensor.ints.get('dims') ?? []
  if ((tensor.counts.get('dims') ?? 0) !== dims.length) return undefined
  let product = 1
  for (const size of dims) {
    if (!(size >= 0)) return undefined
    product *= size
    if (product > maxExact) return undefined
  }
  return product
}

function checkExternal(tensor: Message, name: string, context: InspectContext, externalFiles: Set<string>): void {
  const entries = messagesOf(tensor, 'external')
  const { observe } = context
  const offset = tensor.range.offset
  const note = (code: string, evidence: string, detail: string): void =>
    observe({ code, offset, member: name, evidence: escapeText(evidence), detail })
  if (entries.length === 0) {
    if (intOf(tensor, 'location') === external) note('onnx.external-value', '', 'no location is given')
    return
  }
  for (const entry of entries) {
    const key = textOf(entry, 'key')
    for (const value of entry.texts.get('value') ?? ['']) {
      if (key === 'location') {
        const leaves = leavesFolder(value) ?? (/%2e|%2f|%5c/i.test(value) ? 'traversal' : undefined)
        if (leaves !== undefined) note('onnx.external-path', value, `${leaves} ${escapeText(value, 120)}`)
        else if (value === '' || hasOddCharacter(value)) note('onnx.external-name', value, escapeText(value, 120))
        else if (externalFiles.size < 256) externalFiles.add(value.slice(0, 256))
      } else if (key === 'offset' || key === 'length') {
        if (!/^\d{1,16}$/.test(value) || Number(value) > maxExact)
          note('onnx.external-value', value, `${key} ${escapeText(value, 60)}`)
      } else if (key === 'basepath') {
        if (leavesFolder(value) !== undefined) note('onnx.external-path', value, `base path ${escapeText(value, 120)}`)
      }
    }
  }
}

/** What the shape and type take of another file; nothing when a stated length says otherwise or an entry is given twice. */
function claimExternal(tensor: Message, elements: number | undefined, claims: DataClaims): void {
  const values = new Map<string, string>()
  for (const entry of messagesOf(tensor, 'external')) {
    const key = textOf(entry, 'key')
    if (values.has(key) || (entry.texts.get('value') ?? []).length > 1) return
    values.set(key, textOf(entry, 'value'))
  }
  const location = values.get('location') ?? ''
  const bits = elementBits(intOf(tensor, 'dataType'))
  if (location === '' || leavesFolder(location) !== undefined || hasOddCharacter(location)) return
  if (bits === undefined || elements === undefined || values.has('basepath')) return
  const length = Math.ceil((elements * bits) / 8)
  const stated = values.get('length')
  const offset = values.get('offset') ?? '0'
  if (/^\d{1,16}$/.test(offset) && (stated === undefined || stated === String(length)))
    claims.add(location, Number(offset), length)
}

/** A backslash or a control character. */
function hasOddCharacter(name: string): boolean {
  for (const character of name) if (character === '\\' || character < ' ') return true
  return false
}

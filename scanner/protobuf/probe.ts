/** Outermost fields of a protobuf message, as far as the head of the file shows them. */
export type TopField = {
  number: number
  wire: number
  /** Where its value begins in the head. */
  start: number
  /** Bytes of a delimited value, whatever the head shows of it; else 0. */
  length: number
  value: number
}

const maxFields = 64

/**
 * The fields at the start of what may be a protobuf message of `size` bytes, up to the first that cannot be one; none when the bytes
 * cannot be a message. Looks at the head only: where a field reaches beyond it, that field is the last.
 */
export function topFields(head: Uint8Array, size: number, start: number = 0): TopField[] {
  const found: TopField[] = []
  let at = start
  while (at < Math.min(size, head.length) && found.length < maxFields) {
    const tag = varintAt(head, at)
    const number = Math.floor((tag?.value ?? 0) / 8)
    const wire = (tag?.value ?? 0) % 8
    if (tag === undefined || number < 1 || number > 0x1fffffff) break
    at = tag.end
    if (wire === 0 || wire === 2) {
      const value = varintAt(head, at)
      if (value === undefined) break
      const delimited = wire === 2
      found.push({
        number,
        wire,
        start: delimited ? value.end : at,
        length: delimited ? value.value : 0,
        value: delimited ? 0 : value.value,
      })
      // A length beyond the end is a cut file, which is still of its format when other fields say so.
      at = value.end + (delimited ? value.value : 0)
    } else if (wire === 1 || wire === 5) {
      found.push({ number, wire, start: at, length: 0, value: 0 })
      at += wire === 1 ? 8 : 4
    } else break
  }
  return found
}

function varintAt(bytes: Uint8Array, start: number): { value: number; end: number } | undefined {
  let value = 0
  let scale = 1
  for (let at = start; at < bytes.length && at < start + 10; at++) {
    const byte = bytes[at] ?? 0
    value += (byte & 0x7f) * scale
    scale *= 128
    if (byte < 0x80) return { value, end: at + 1 }
  }
  return undefined
}

/** True when a delimited field shows printable ASCII, as names and versions are. */
export function isName(head: Uint8Array, field: TopField, pattern: RegExp = /^[\x20-\x7e]{0,128}$/): boolean {
  const bytes = head.subarray(field.start, field.start + Math.min(field.length, 160))
  return pattern.test(String.fromCharCode(...bytes))
}

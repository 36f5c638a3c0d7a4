/** Where the value of a top-level member stands: from `start` to before `end`. */
export type Span = { start: number; end: number }

const quote = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const comma = 0x2c
const colon = 0x3a

/**
 * Walks the bytes of a JSON text once, believing nothing: how deep it nests, and where the value of the top-level member
 * `name` stands (the last one counts, as for JSON.parse). Escapes in member names are not resolved. For text that is not
 * JSON the answer means nothing.
 */
export function scanBody(bytes: Buffer, name: string): { depth: number; span: Span | undefined } {
  const wanted = Buffer.from(`"${name}"`)
  let depth = 0
  let deepest = 0
  let span: Span | undefined
  let valueStart = -1
  let lastString: Span = { start: 0, end: 0 }
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === quote) {
      const end = stringEnd(bytes, i)
      lastString = { start: i, end }
      i = end - 1
    } else if (byte === openBrace || byte === openBracket) {
      depth++
      if (depth > deepest) deepest = depth
    } else if (depth === 1 && byte === colon) {
      const is = lastString.end - lastString.start === wanted.length
      if (is && bytes.compare(wanted, 0, wanted.length, lastString.start, lastString.end) === 0) valueStart = i + 1
    } else if (byte === comma || byte === closeBrace || byte === closeBracket) {
      if (depth === 1 && valueStart !== -1) {
        span = { start: valueStart, end: i }
        valueStart = -1
      }
      if (byte !== comma) depth--
    }
  }
  return { depth: deepest, span }
}

/** The index after the closing quote of the string that opens at `start`. */
function stringEnd(bytes: Buffer, start: number): number {
  for (let i = start + 1; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === backslash) i++
    else if (byte === quote) return i + 1
  }
  return bytes.length
}

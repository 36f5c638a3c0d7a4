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

export type BodyScan = {
  depth: number
  /** The value of the last member of the name, as for JSON.parse. */
  span: Span | undefined
  /** How many members a careless reader may take for it: escapes resolved, upper and lower case alike. */
  alike: number
}

/**
 * Walks the bytes of a JSON text once, believing nothing: how deep it nests, and where the value of the top-level member
 * `name` (lower case) stands. For text that is not JSON the answer means nothing.
 */
export function scanBody(bytes: Buffer, name: string): BodyScan {
  const wanted = Buffer.from(`"${name}"`)
  let alike = 0
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
      // A name has no form that is shorter than its plain one.
      const found = lastString.end - lastString.start < wanted.length ? undefined : nameIn(bytes, lastString, wanted)
      if (found === name) valueStart = i + 1
      if (found?.toLowerCase() === name) alike++
    } else if (byte === comma || byte === closeBrace || byte === closeBracket) {
      if (depth === 1 && valueStart !== -1) {
        span = { start: valueStart, end: i }
        valueStart = -1
      }
      if (byte !== comma) depth--
    }
  }
  return { depth: deepest, span, alike }
}

/** The member's name when it may be the wanted one, undefined when it cannot be. */
function nameIn(bytes: Buffer, at: Span, wanted: Buffer): string | undefined {
  const escaped = bytes.subarray(at.start, at.end).includes(backslash)
  if (!escaped && at.end - at.start !== wanted.length) return undefined
  const text = bytes.toString('utf8', at.start, at.end)
  if (!escaped) return text.slice(1, -1)
  try {
    return String(JSON.parse(text))
  } catch {
    return undefined
  }
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

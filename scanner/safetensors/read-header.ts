import type { InspectContext } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { createJsonTokens, JsonBroken, type JsonTokens } from '../json/tokens.ts'
import { readItems, readMembers, skipValue } from '../json/values.ts'
import { findSecrets } from '../text/secrets.ts'
import { startWithoutSecret } from '../text/without-secret.ts'
import type { SafetensorsEntry } from './types.ts'

export type ReadHeader = {
  entries: SafetensorsEntry[]
  metadata: { [key: string]: string }
  /** Offset of the first byte behind the last one understood. */
  reached: number
  /** False when the header broke off; entries are then those before the break. */
  whole: boolean
}

const maxEntries = 262_144
const maxText = 4 * 1024 * 1024
const maxRank = 32
/** What a program would look like in a place for descriptions. */
const scriptLike =
  /__import__|\b(?:eval|exec|compile)\s*\(|os\.(?:system|popen)|subprocess\b|<script\b|base64\.b64decode|powershell|\b(?:curl|wget)\b[^\n]{0,200}\|\s*(?:ba)?sh|pickle\.loads|^\s*(?:import|from)\s+\w+/i

/**
 * Reads the JSON header strictly: names to {dtype, shape, data_offsets}, and `__metadata__` from text to text. Source: safetensors README.
 * @param start offset of the `{`; `end` is where the stated header length ends
 */
export function readHeader(context: InspectContext, start: number, end: number): ReadHeader {
  const { reader, observe } = context
  const tokens = createJsonTokens(reader, start, end, maxText)
  const found: ReadHeader = { entries: [], metadata: {}, reached: start, whole: false }
  const names = new Set<string>()
  try {
    tokens.next()
    if (tokens.type !== '{') throw new JsonBroken('syntax', start, 'the header is not an object')
    readMembers(tokens, (name, offset) => {
      if (names.has(name))
        observe({ code: 'st.duplicate-key', offset, member: name.slice(0, 200), detail: escapeText(name, 80) })
      names.add(name)
      if (name === '__metadata__') readMetadata(tokens, found, observe)
      else if (found.entries.length < maxEntries) {
        const entry = readEntry(tokens, name, offset, observe)
        if (entry !== undefined) found.entries.push(entry)
      } else throw new JsonBroken('size', offset, `more than ${maxEntries} tensors`)
    })
    found.reached = tokens.position()
    if (nextType(tokens) !== 'end')
      throw new JsonBroken('syntax', tokens.offset, 'something follows the object inside the header')
    found.reached = end
    found.whole = true
  } catch (error) {
    if (!(error instanceof JsonBroken)) throw error
    const code =
      error.reason === 'syntax' ? 'st.header-syntax' : error.reason === 'depth' ? 'st.header-depth' : 'scan.limit'
    observe({ code, offset: error.offset, detail: error.message })
    found.reached = Math.max(found.reached, Math.min(error.offset, end))
  }
  return found
}

function nextType(tokens: JsonTokens): JsonTokens['type'] {
  tokens.next()
  return tokens.type
}

function readMetadata(tokens: JsonTokens, found: ReadHeader, observe: InspectContext['observe']): void {
  if (tokens.type !== '{') {
    observe({
      code: 'st.header-shape',
      offset: tokens.offset,
      member: '__metadata__',
      detail: '__metadata__ is not an object',
    })
    skipValue(tokens, 1)
    return
  }
  const keys = new Set<string>()
  readMembers(tokens, (key, offset) => {
    const member = `__metadata__.${key.slice(0, 100)}`
    if (keys.has(key)) observe({ code: 'st.duplicate-key', offset, member, detail: escapeText(key, 80) })
    keys.add(key)
    findSecrets(key, offset, observe)
    if (tokens.type !== 'string') {
      observe({ code: 'st.header-shape', offset: tokens.offset, member, detail: `${escapeText(key, 80)} is not text` })
      skipValue(tokens, 2)
      return
    }
    findSecrets(tokens.text, tokens.offset + 1, (seen) => observe({ ...seen, member }))
    const script = scriptLike.exec(tokens.text)
    if (script !== null)
      observe({
        code: 'st.metadata-script',
        offset: tokens.offset,
        member,
        evidence: tokens.text.slice(Math.max(0, script.index - 20), script.index + 120),
      })
    if (tokens.cut)
      observe({ code: 'scan.limit', offset: tokens.offset, member, detail: `${tokens.bytes} bytes of text` })
    if (keys.size <= 64)
      Object.defineProperty(found.metadata, startWithoutSecret(key, 256), {
        value: startWithoutSecret(tokens.text, 1024),
        enumerable: true,
        configurable: true,
        writable: true,
      })
  })
}

function readEntry(
  tokens: JsonTokens,
  name: string,
  entryOffset: number,
  observe: InspectContext['observe'],
): SafetensorsEntry | undefined {
  const member = name.slice(0, 200)
  if (tokens.type !== '{') {
    observe({
      code: 'st.header-shape',
      offset: tokens.offset,
      member,
      detail: `${escapeText(member, 80)} is not an object`,
    })
    skipValue(tokens, 1)
    return undefined
  }
  let dtype: string | undefined
  let shape: bigint[] | undefined
  let range: bigint[] | undefined
  readMembers(tokens, (key, offset) => {
    const before = key === 'dtype' ? dtype : key === 'shape' ? shape : key === 'data_offsets' ? range : undefined
    if (before !== undefined)
      observe({ code: 'st.duplicate-key', offset, member, detail: `${key} of ${escapeText(member, 80)}` })
    if (key === 'dtype' && tokens.type === 'string') dtype = tokens.text.slice(0, 32)
    else if (key === 'shape' && tokens.type === '[') shape = readIntegers(tokens)
    else if (key === 'data_offsets' && tokens.type === '[') range = readIntegers(tokens)
    else {
      observe({
        code: 'st.header-shape',
        offset,
        member,
        detail: `member ${escapeText(key, 40)} of ${escapeText(member, 80)}`,
      })
      skipValue(tokens, 2)
    }
  })
  const [begin, end] = range ?? []
  if (dtype === undefined || shape === undefined || range?.length !== 2 || begin === undefined || end === undefined) {
    observe({
      code: 'st.header-shape',
      offset: entryOffset,
      member,
      detail: `${escapeText(member, 80)} lacks dtype, shape or data_offsets`,
    })
    return undefined
  }
  const elements = shape.reduce((product, dimension) => product * dimension, 1n)
  return {
    name: member,
    entryOffset,
    dtype,
    shape: shape.map(Number),
    elements,
    begin: Number(begin),
    end: Number(end),
  }
}

function readIntegers(tokens: JsonTokens): bigint[] {
  const values: bigint[] = []
  readItems(tokens, (index) => {
    if (tokens.type !== 'number' || !/^\d{1,20}$/.test(tokens.text))
      throw new JsonBroken('syntax', tokens.offset, 'a whole number is expected')
    if (index >= maxRank) throw new JsonBroken('syntax', tokens.offset, `more than ${maxRank} dimensions`)
    values.push(BigInt(tokens.text))
  })
  return values
}

import { Buffer } from 'node:buffer'
import type { Reader } from '../reader.ts'

/** Thrown where the bytes are not JSON, or are JSON beyond a bound. */
export class JsonBroken extends Error {
  readonly offset: number
  /** `depth` and `size` are bounds of ours; `syntax` is the document's fault. */
  readonly reason: 'syntax' | 'depth' | 'size'

  constructor(reason: 'syntax' | 'depth' | 'size', offset: number, detail: string) {
    super(detail)
    this.name = 'JsonBroken'
    this.reason = reason
    this.offset = offset
  }
}

export type JsonTokenType = '{' | '}' | '[' | ']' | ':' | ',' | 'string' | 'number' | 'true' | 'false' | 'null' | 'end'

/** The current token. One object is reused for all, because documents have millions. */
export type JsonTokens = {
  type: JsonTokenType
  /** Where the token begins in the file. */
  offset: number
  /** The text of a string (decoded, at most `maxText` bytes of it) or number. */
  text: string
  /** True when a string was longer than what `text` holds. */
  cut: boolean
  /** Bytes of a string between its quotes. */
  bytes: number
  /** When false, the text of strings is stepped over, which is much faster. */
  keepText: boolean
  /** Moves to the next token. Throws `JsonBroken`. */
  next: () => void
  /** Offset of the first byte not yet looked at. */
  position: () => number
}

const windowSize = 256 * 1024
const decoder = new TextDecoder('utf-8')

/** Pulls JSON tokens out of a range of the file, holding one window of it. Source: RFC 8259; NaN and Infinity as Python writes them. */
export function createJsonTokens(reader: Reader, start: number, end: number, maxText: number = 64 * 1024): JsonTokens {
  let window = new Uint8Array(0)
  let windowStart = start
  let at = start

  /** The byte at `at`, or -1 at the end. */
  function peek(): number {
    if (at >= end) return -1
    let index = at - windowStart
    if (index < 0 || index >= window.length) {
      window = reader.read(at, Math.min(windowSize, end - at)) as Uint8Array<ArrayBuffer>
      windowStart = at
      index = 0
    }
    return window[index] ?? -1
  }

  const tokens: JsonTokens = {
    type: 'end',
    offset: start,
    text: '',
    cut: false,
    bytes: 0,
    keepText: true,
    next,
    position: () => at,
  }

  function next(): void {
    let byte = peek()
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
      at++
      byte = peek()
    }
    tokens.offset = at
    switch (byte) {
      case -1:
        tokens.type = 'end'
        return
      case 0x7b:
      case 0x7d:
      case 0x5b:
      case 0x5d:
      case 0x3a:
      case 0x2c:
        at++
        tokens.type = String.fromCharCode(byte) as JsonTokenType
        return
      case 0x22:
        readString()
        return
      default:
        readWord()
    }
  }

  /** A string without escapes that lies within the window, which is nearly every one. False when it is not, with nothing consumed. */
  function readPlainString(): boolean {
    const from = at - windowStart
    let to = from
    for (let byte = window[to]; byte !== undefined && byte !== 0x22; byte = window[++to]) {
      if (byte === 0x5c || byte < 0x20) return false
    }
    const bytes = to - from
    if (from < 0 || to >= window.length || bytes > maxText) return false
    tokens.type = 'string'
    tokens.bytes = bytes
    tokens.cut = !tokens.keepText && bytes > 0
    tokens.text = tokens.keepText ? textOf(window, from, to) : ''
    at += bytes + 1
    return true
  }

  function readString(): void {
    at++
    if (readPlainString()) return
    const kept: number[] = []
    const from = at
    let escaped = false
    let bare = true
    for (;;) {
      const byte = peek()
      if (byte < 0) throw new JsonBroken('syntax', tokens.offset, 'a string does not end')
      at++
      if (escaped) escaped = false
      else if (byte === 0x22) break
      else if (byte === 0x5c) {
        escaped = true
        bare = false
      }
      if (byte < 0x20) throw new JsonBroken('syntax', at - 1, 'a control character inside a string')
      if (tokens.keepText && kept.length < maxText) kept.push(byte)
    }
    tokens.type = 'string'
    tokens.bytes = at - 1 - from
    tokens.cut = !tokens.keepText || kept.length < tokens.bytes
    if (!tokens.keepText) {
      tokens.text = ''
      return
    }
    const raw = decoder.decode(Uint8Array.from(kept))
    tokens.text = bare ? raw : unescaped(raw, tokens.offset, tokens.cut)
  }

  function readWord(): void {
    let word = ''
    for (let byte = peek(); isWordByte(byte) && word.length < 64; byte = peek()) {
      word += String.fromCharCode(byte)
      at++
    }
    if (word === 'true' || word === 'false' || word === 'null') {
      tokens.type = word
      return
    }
    if (!/^(-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?|NaN|-?Infinity)$/.test(word)) {
      throw new JsonBroken('syntax', tokens.offset, word === '' ? 'an unexpected character' : 'an unexpected word')
    }
    tokens.type = 'number'
    tokens.text = word
  }

  return tokens
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8')
}

function isWordByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x2d ||
    byte === 0x2b ||
    byte === 0x2e
  )
}

function unescaped(raw: string, offset: number, cut: boolean): string {
  // A cut may fall inside an escape; at most five characters of it are left.
  for (let drop = 0; drop <= (cut ? 6 : 0); drop++) {
    try {
      return JSON.parse(`"${drop === 0 ? raw : raw.slice(0, -drop)}"`) as string
    } catch {
      // Try again without the last character.
    }
  }
  throw new JsonBroken('syntax', offset, 'a wrong escape inside a string')
}

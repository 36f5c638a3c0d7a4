import { type Permission, permissionOf } from '../globals/policy.ts'
import type { Input } from './input.ts'
import { createPages, type Pages } from './pages.ts'
import {
  DICT,
  DUNDER,
  emptyTuple,
  forgottenTuple,
  MADE,
  NUMBER,
  TEXT,
  TUPLE,
  untracked,
  type Value,
  valueOf,
} from './values.ts'

/** How the bytes of a text spell it. */
export const spelling = { utf8: 0, rawUnicode: 1, quoted: 2, escapedBytes: 3 } as const

/** A module attribute that the stream names, once for each pair of names. */
export type GlobalName = {
  module: string
  name: string
  /** Where it was named first, counted from the start of the part. */
  offset: number
  /** Its names were not both constant texts, so what it is cannot be known. */
  opaque: boolean
  /** What the allow-list says, asked once: a stream may call the same thing a million times. */
  permission: Permission | undefined
}

/** What a stream's values refer to: bounded tables, filled in the order of appearance. */
export type Heap = {
  /** Remembers a text by its place; at most `longestName` bytes. */
  text: (offset: number, length: number, how: number, dunder: boolean) => Value
  textOf: (value: Value, input: Input) => string | undefined
  number: (value: number) => Value
  numberAt: (index: number) => number
  /** A tuple of `count` values that stand from `from` on in `stack`. */
  tuple: (stack: Int32Array, from: number, count: number) => Value
  /** Elements of a tuple; undefined when it was forgotten. */
  elements: (value: Value) => number[] | undefined
  /** A thing made by calling `global` (-1: not a global). */
  made: (global: number) => Value
  madeBy: (payload: number) => number
  /** True when the thing already had its state set; from now on it has. */
  setState: (payload: number) => boolean
  hasState: (payload: number) => boolean
  globals: GlobalName[]
  /** Number of the global of this name. */
  global: (module: string, name: string, offset: number, opaque: boolean) => number
  /** True when a table was full, so that something is no longer kept track of. */
  full: boolean
}

/** Longer texts name nothing. */
export const longestName = 511
const maxTexts = 4_000_000
const maxMade = 4_000_000
const maxGlobals = 20_000
/** Elements of tuples kept at a time; when they are used up all are forgotten but those on top of the stack. */
const arenaSize = 1_048_576
const lengthUnits = 512
const spellings = 4

export function createHeap(memo: Pages, roots: () => { stack: Int32Array; top: number }): Heap {
  const texts = createPages('float64')
  const numbers = createPages('float64')
  const arena = createPages('int32')
  const made = createPages('int32')
  const known = new Map<string, number>()
  const decoded = new Map<number, string>()
  let textCount = 0
  let numberCount = 0
  let arenaUsed = 1
  let madeCount = 0
  const globals: GlobalName[] = []

  function elements(value: Value): number[] | undefined {
    if (value === emptyTuple) return []
    if (value === forgottenTuple) return undefined
    const at = value >>> 4
    return Array.from({ length: arena.get(at) }, (_none, i) => arena.get(at + 1 + i))
  }

  /** Starts anew with the tuples on top of the stack, which may be arguments of the next call. */
  function forget(): void {
    const { stack, top } = roots()
    const from = Math.max(0, top - 64)
    const kept = Array.from({ length: top - from }, (_none, i) => {
      const value = stack[from + i] ?? 0
      return (value & 15) === TUPLE ? elements(value) : undefined
    })
    const forgotten = (value: number): number =>
      (value & 15) === TUPLE && value !== emptyTuple ? forgottenTuple : (value & 15) === DICT ? DICT : value
    memo.rewrite(forgotten)
    for (let i = 0; i < top; i++) stack[i] = forgotten(stack[i] ?? 0)
    arenaUsed = 1
    kept.forEach((values, i) => {
      if (values === undefined || values.length === 0) return
      const copy = Int32Array.from(values, forgotten)
      stack[from + i] = heap.tuple(copy, 0, copy.length)
    })
  }

  const heap: Heap = {
    full: false,
    globals,
    text: (offset, length, how, dunder) => {
      const kind = dunder ? DUNDER : TEXT
      if (textCount >= maxTexts) {
        heap.full = true
        return valueOf(kind, untracked)
      }
      texts.set(textCount, (offset * lengthUnits + length) * spellings + how)
      return valueOf(kind, textCount++)
    },
    textOf: (value, input) => {
      const index = value >>> 4
      if (index === untracked) return undefined
      const before = decoded.get(index)
      if (before !== undefined) return before
      const packed = texts.get(index)
      const how = packed % spellings
      const place = Math.floor(packed / spellings)
      const length = place % lengthUnits
      const text = decodeText(input.peek(Math.floor(place / lengthUnits), length), how)
      if (decoded.size < 50_000) decoded.set(index, text)
      return text
    },
    number: (value) => {
      if (numberCount >= maxMade) return valueOf(NUMBER, untracked)
      numbers.set(numberCount, value)
      return valueOf(NUMBER, numberCount++)
    },
    numberAt: (index) => (index === untracked ? Number.NaN : numbers.get(index)),
    tuple: (stack, from, count) => {
      if (count === 0) return emptyTuple
      // Argument lists are short; long tuples are data.
      if (count > 64) return forgottenTuple
      if (arenaUsed + count + 1 > arenaSize) {
        const values = stack.slice(from, from + count)
        forget()
        return heap.tuple(
          values.map((value) => ((value & 15) === TUPLE && value !== emptyTuple ? forgottenTuple : value)),
          0,
          count,
        )
      }
      const at = arenaUsed
      arena.set(at, count)
      for (let i = 0; i < count; i++) arena.set(at + 1 + i, stack[from + i] ?? 0)
      arenaUsed += count + 1
      return valueOf(TUPLE, at)
    },
    elements,
    made: (global) => {
      if (madeCount >= maxMade) {
        heap.full = true
        return valueOf(MADE, untracked)
      }
      made.set(madeCount, (global + 2) * 2)
      return valueOf(MADE, madeCount++)
    },
    madeBy: (payload) => (payload === untracked ? -1 : (made.get(payload) >> 1) - 2),
    setState: (payload) => {
      if (payload === untracked) return false
      const before = made.get(payload)
      made.set(payload, before | 1)
      return (before & 1) === 1
    },
    hasState: (payload) => payload !== untracked && (made.get(payload) & 1) === 1,
    global: (module, name, offset, opaque) => {
      const key = `${module}\n${name}\n${opaque}`
      const before = known.get(key)
      if (before !== undefined) return before
      if (globals.length >= maxGlobals) {
        heap.full = true
        // One for all that are too many; what it is cannot be known any more.
        if (globals.length === maxGlobals)
          globals.push({ module: '', name: '', offset, opaque: true, permission: undefined })
        return maxGlobals
      }
      known.set(key, globals.length)
      globals.push({ module, name, offset, opaque, permission: opaque ? undefined : permissionOf(module, name) })
      return globals.length - 1
    },
  }
  return heap
}

/** A byte order mark stays: Python takes it for part of the name. */
export function decodeUtf8(bytes: Uint8Array): string {
  return utf8.decode(bytes)
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** The text that a pickle's bytes spell. Escapes are those of Python's `raw-unicode-escape` and string literals. */
function decodeText(bytes: Uint8Array, how: number): string {
  if (how === spelling.utf8) return decodeUtf8(bytes)
  let latin1 = ''
  for (const byte of bytes) latin1 += String.fromCharCode(byte)
  if (how === spelling.rawUnicode)
    return latin1.replaceAll(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (_all, short?: string, long?: string) =>
      fromCode(Number.parseInt(short ?? long ?? '', 16)),
    )
  if (how === spelling.quoted) {
    const quoted = /^\s*(['"])([\s\S]*)\1\s*$/.exec(latin1)
    latin1 = quoted?.[2] ?? latin1
  }
  return latin1.replaceAll(
    /\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|([\s\S]))/g,
    (_all, hex?: string, octal?: string, other?: string) => {
      if (hex !== undefined) return fromCode(Number.parseInt(hex, 16))
      if (octal !== undefined) return fromCode(Number.parseInt(octal, 8) & 0xff)
      return simpleEscapes[other ?? ''] ?? other ?? ''
    },
  )
}

const simpleEscapes: Record<string, string> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\n': '',
}

function fromCode(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
}

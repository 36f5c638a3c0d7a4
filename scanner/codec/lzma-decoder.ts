import type { Input } from './input.ts'
import { BrokenStream } from './types.ts'
import type { Window } from './window.ts'

/** Literal context bits, literal position bits, position bits. */
export type LzmaProperties = { lc: number; lp: number; pb: number }

/** A packed properties byte, as LZMA-alone, LZMA2, ZIP and 7z store it. Throws when it is out of range. */
export function lzmaProperties(byte: number): LzmaProperties {
  if (byte >= 225) throw brokenLzma('its properties do not exist')
  return { lc: byte % 9, lp: Math.floor(byte / 9) % 5, pb: Math.floor(byte / 45) }
}

/** The longest match. */
export const longestMatch = 273

/** Where the probabilities of each decision begin. Source: the LZMA specification of the LZMA SDK. */
const isMatch = 0
const isRep = isMatch + 12 * 16
const isRep0 = isRep + 12
const isRep1 = isRep0 + 12
const isRep2 = isRep1 + 12
const isRep0Long = isRep2 + 12
const slots = isRep0Long + 12 * 16
const special = slots + 4 * 64
const align = special + 128
const matchLength = align + 16
const repLength = matchLength + 2 + 2 * 16 * 8 + 256
const literals = repLength + 2 + 2 * 16 * 8 + 256

export type LzmaDecoder = {
  /** Forgets probabilities, matches and state; the properties hold from here on. */
  reset: (properties: LzmaProperties) => void
  /** Reads the start of a range coder's data. */
  start: () => void
  /** Adds to the window until it stands at `limit`, which a match may be cut at; false when an end mark came first. */
  decode: (limit: number) => boolean
  /** True when a range coder's data may end here. */
  atRest: () => boolean
  /** Says that the history begins anew, or that `bytes` were added to the window without this decoder. */
  forget: () => void
  skipped: (bytes: number) => void
}

export function createLzmaDecoder(window: Window, input: Input): LzmaDecoder {
  let probs = new Uint16Array(0)
  let { lc, lp, pb } = { lc: 0, lp: 0, pb: 0 }
  // Range and code are 32 bits without sign: in a typed array they are never boxed.
  const coder = new Uint32Array(2)
  let state = 0
  let rep0 = 0
  let rep1 = 0
  let rep2 = 0
  let rep3 = 0
  /** What is left of a match that was cut. */
  let left = 0
  let total = 0

  function reset(properties: LzmaProperties): void {
    ;({ lc, lp, pb } = properties)
    const size = literals + (0x300 << (lc + lp))
    if (probs.length !== size) probs = new Uint16Array(size)
    probs.fill(1024)
    state = rep0 = rep1 = rep2 = rep3 = left = 0
  }

  function start(): void {
    if (input.byte() !== 0) throw brokenLzma('its range coder begins with another byte than zero')
    coder[0] = 0xffffffff
    coder[1] = (input.byte() << 24) | (input.byte() << 16) | (input.byte() << 8) | input.byte()
  }

  function bit(index: number): 0 | 1 {
    const prob = probs[index] as number
    let range = coder[0] as number
    const bound = Math.imul(range >>> 11, prob) >>> 0
    const code = coder[1] as number
    let result: 0 | 1
    if (code < bound) {
      range = bound
      probs[index] = prob + ((2048 - prob) >> 5)
      result = 0
    } else {
      range -= bound
      coder[1] = code - bound
      probs[index] = prob - (prob >> 5)
      result = 1
    }
    if (range < 16777216) {
      range <<= 8
      coder[1] = ((coder[1] as number) << 8) | input.byte()
    }
    coder[0] = range
    return result
  }

  function tree(base: number, bits: number): number {
    let node = 1
    for (let i = 0; i < bits; i++) node = (node << 1) | bit(base + node)
    return node - (1 << bits)
  }

  function reverseTree(base: number, bits: number): number {
    let node = 1
    let value = 0
    for (let i = 0; i < bits; i++) {
      const next = bit(base + node)
      node = (node << 1) | next
      value |= next << i
    }
    return value
  }

  function direct(bits: number): number {
    let value = 0
    for (let i = 0; i < bits; i++) {
      let range = (coder[0] as number) >>> 1
      let code = coder[1] as number
      const next = code >= range ? 1 : 0
      if (next === 1) code -= range
      value = (value << 1) | next
      if (range < 16777216) {
        range <<= 8
        code = (code << 8) | input.byte()
      }
      coder[0] = range
      coder[1] = code
    }
    return value >>> 0
  }

  function lengthOf(base: number, posState: number): number {
    if (bit(base) === 0) return 2 + tree(base + 2 + posState * 8, 3)
    if (bit(base + 1) === 0) return 10 + tree(base + 2 + 128 + posState * 8, 3)
    return 18 + tree(base + 2 + 256, 8)
  }

  function literal(pos: number): void {
    const { bytes, at } = window
    const previous = pos === 0 && total === 0 ? 0 : (bytes[at - 1] ?? 0)
    const base = literals + 0x300 * (((pos & ((1 << lp) - 1)) << lc) + (previous >> (8 - lc)))
    let node = 1
    if (state >= 7) {
      if (rep0 >= at) throw brokenLzma('a match begins before the data')
      let matched = bytes[at - rep0 - 1] as number
      while (node < 0x100) {
        const expected = (matched >> 7) & 1
        matched <<= 1
        const next = bit(base + ((1 + expected) << 8) + node)
        node = (node << 1) | next
        if (expected !== next) break
      }
    }
    while (node < 0x100) node = (node << 1) | bit(base + node)
    bytes[at] = node
    window.at = at + 1
    state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6
  }

  function distanceOf(length: number): number {
    const slot = tree(slots + Math.min(length - 2, 3) * 64, 6)
    if (slot < 4) return slot
    const bits = (slot >> 1) - 1
    const base = (2 | (slot & 1)) << bits
    if (slot < 14) return base + reverseTree(special + base - slot, bits)
    return ((base >>> 0) + direct(bits - 4) * 16 + reverseTree(align, 4)) >>> 0
  }

  /** The length of the next match; -1 at an end mark. */
  function match(posState: number): number {
    if (bit(isRep + state) === 0) {
      rep3 = rep2
      rep2 = rep1
      rep1 = rep0
      const length = lengthOf(matchLength, posState)
      state = state < 7 ? 7 : 10
      const distance = distanceOf(length)
      if (distance === 0xffffffff) return -1
      rep0 = distance
      return length
    }
    if (bit(isRep0 + state) === 0) {
      if (bit(isRep0Long + state * 16 + posState) === 0) {
        state = state < 7 ? 9 : 11
        return 1
      }
    } else {
      let distance = rep1
      if (bit(isRep1 + state) === 1) {
        distance = rep2
        if (bit(isRep2 + state) === 1) {
          distance = rep3
          rep3 = rep2
        }
        rep2 = rep1
      }
      rep1 = rep0
      rep0 = distance
    }
    const length = lengthOf(repLength, posState)
    state = state < 7 ? 8 : 11
    return length
  }

  function decode(limit: number): boolean {
    const begun = window.at
    const posMask = (1 << pb) - 1
    const origin = (total - begun) | 0
    try {
      while (window.at < limit) {
        if (left === 0) {
          const pos = (origin + window.at) | 0
          const posState = pos & posMask
          if (bit(isMatch + state * 16 + posState) === 0) {
            literal(pos)
            continue
          }
          left = match(posState)
          if (left < 0) {
            left = 0
            return false
          }
        }
        const length = Math.min(left, limit - window.at)
        window.copy(rep0 + 1, length)
        left -= length
      }
      return true
    } finally {
      total += window.at - begun
    }
  }

  return {
    reset,
    start,
    decode,
    atRest: () => left === 0 && coder[1] === 0,
    forget: () => {
      total = 0
    },
    skipped: (bytes) => {
      total += bytes
    },
  }
}

export function brokenLzma(what: string): BrokenStream {
  return new BrokenStream('archive.broken', `broken LZMA data: ${what}`)
}

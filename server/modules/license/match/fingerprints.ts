import { createHash } from 'node:crypto'
import { shinglesOf } from './shingles.ts'

/** One known text: which pairs of words it holds. A license may have several, one for each wording in use. */
export type Fingerprint = {
  id: string
  /** Words of the normalized text. */
  words: number
  /** First 16 hexadecimal digits of the SHA-256 over the normalized words: equal means the same text. */
  exact: string
  /** Ascending places in the dictionary of word pairs. */
  pairs: Uint32Array
}

export type Fingerprints = {
  /** Every word pair of every text, by its hash. */
  dictionary: Map<number, number>
  texts: Fingerprint[]
}

export type PackedText = { id: string; words: number; exact: string; pairs: string }
export type Packed = { dictionary: string; texts: PackedText[] }

export function exactHash(words: readonly string[]): string {
  return createHash('sha256').update(words.join(' ')).digest('hex').slice(0, 16)
}

/** The shipped form: ascending numbers as base64 of LEB128 differences. */
export function packFingerprints(texts: readonly { id: string; words: string[] }[]): Packed {
  const sets = texts.map(({ words }) => new Set(shinglesOf(words, 2)))
  const all = [...new Set(sets.flatMap((set) => [...set]))].sort((a, b) => a - b)
  const place = new Map(all.map((hash, index) => [hash, index]))
  return {
    dictionary: packAscending(all),
    texts: texts.map(({ id, words }, index) => ({
      id,
      words: words.length,
      exact: exactHash(words),
      pairs: packAscending([...(sets[index] ?? [])].map((hash) => place.get(hash) ?? 0).sort((a, b) => a - b)),
    })),
  }
}

export function unpackFingerprints(packed: Packed): Fingerprints {
  const dictionary = new Map<number, number>()
  unpackAscending(packed.dictionary).forEach((hash, index) => dictionary.set(hash, index))
  return { dictionary, texts: packed.texts.map((text) => ({ ...text, pairs: unpackAscending(text.pairs) })) }
}

function packAscending(numbers: readonly number[]): string {
  const bytes: number[] = []
  let last = 0
  for (const number of numbers) {
    let left = number - last
    last = number
    while (left >= 0x80) {
      bytes.push((left % 0x80) | 0x80)
      left = Math.floor(left / 0x80)
    }
    bytes.push(left)
  }
  return Buffer.from(bytes).toString('base64')
}

function unpackAscending(text: string): Uint32Array {
  const bytes = Buffer.from(text, 'base64')
  const numbers: number[] = []
  let last = 0
  let value = 0
  let weight = 1
  for (const byte of bytes) {
    value += (byte & 0x7f) * weight
    weight *= 0x80
    if (byte < 0x80) {
      last += value
      numbers.push(last)
      value = 0
      weight = 1
    }
  }
  return Uint32Array.from(numbers)
}

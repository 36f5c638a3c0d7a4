import { type Word, wordsOf } from './normalize.ts'
import { hashText, shinglesOf } from './shingles.ts'

/** Words at the beginning and at the end of a clause by which it is found. */
const edge = 4

/** The locator of words `from` to `to` (exclusive): hash of the first words, count, hash of the last words. */
export function locatorOf(words: readonly string[], from: number, to: number): string {
  const hash = (at: number) => shinglesOf(words.slice(at, at + edge), edge)[0] ?? hashText('')
  return `${hash(from).toString(36)}.${to - from}.${hash(to - edge).toString(36)}`
}

export type TextIndex = { words: Word[]; places: Map<number, number[]> }

/** Prepares a text for `locateClause`. */
export function indexText(text: string): TextIndex {
  const words = wordsOf(text)
  const places = new Map<number, number[]>()
  shinglesOf(
    words.map((word) => word.text),
    edge,
  ).forEach((hash, index) => {
    const list = places.get(hash)
    if (list === undefined) places.set(hash, [index])
    else if (list.length < 100) list.push(index)
  })
  return { words, places }
}

/**
 * Where a clause stands in a text, in UTF-16 units; null when neither its beginning nor its end is there. A copy may have lost words, so
 * the count is a hint: of several beginnings the one whose end fits best is taken, and one edge alone will do.
 */
export function locateClause(index: TextIndex, locator: string): { start: number; end: number } | null {
  const [first = '', count = '', last = ''] = locator.split('.')
  const length = Number(count)
  const starts = index.places.get(Number.parseInt(first, 36)) ?? []
  const ends = (index.places.get(Number.parseInt(last, 36)) ?? []).map((place) => place + edge)
  let best: { from: number; to: number; off: number } | null = null
  for (const from of starts) {
    for (const to of ends) {
      const off = Math.abs(to - from - length)
      if (to > from && off <= 10 + length * 0.3 && (best === null || off < best.off)) best = { from, to, off }
    }
  }
  const [from, to] =
    best !== null
      ? [best.from, best.to]
      : starts[0] !== undefined
        ? [starts[0], starts[0] + length]
        : ends[0] !== undefined
          ? [ends[0] - length, ends[0]]
          : [-1, -1]
  if (to <= 0) return null
  const start = index.words[Math.max(0, from)]?.start
  const end = index.words[Math.min(index.words.length, to) - 1]?.end
  return start === undefined || end === undefined ? null : { start, end }
}

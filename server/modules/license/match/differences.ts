import type { Fingerprints } from './fingerprints.ts'
import type { Scored, Shingled } from './score.ts'

export type Differences = {
  /** Words between the first and the last words of the license that are not its own. */
  inserted: number
  /** Word pairs of the license that are gone, beyond those that lost words explain. */
  removed: number
  /** A version that the text states and the license does not; null: none. */
  version: string | null
}

/** This many of the license's pairs in a row are no chance: there it begins and ends. */
const anchor = 4
/** "Version 3, 29 June 2007" without its 3 states no version 29. */
const months = /^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/

/**
 * How the file differs from a license in a way that lost words do not explain. A lost word takes two pairs of the license away and leaves
 * one strange pair; a word put in leaves two strange pairs in a row; a passage taken out leaves none.
 */
export function differencesOf(known: Fingerprints, file: Shingled, chosen: Scored): Differences {
  const own = new Set<number>()
  for (const text of known.texts) if (text.id === chosen.text.id) for (const place of text.pairs) own.add(place)
  const isOwn = (index: number) => own.has(file.places[index] ?? -1)
  const [first, last] = anchors(isOwn, chosen)
  let inserted = 0
  let strange = 0
  let run = 0
  let version: string | null = null
  for (let index = first; index <= last; index++) {
    if (index < last && !isOwn(index)) {
      run++
      strange++
      const stated = file.words[index + 1] ?? ''
      const isDate = months.test(file.words[index + 2] ?? '')
      if (/^(?:version|release|v)$/.test(file.words[index] ?? '') && /^v?\d/.test(stated) && !isDate) version ??= stated
      continue
    }
    if (run > 1) inserted += run - 1
    run = 0
  }
  const here = new Set(file.places.subarray(chosen.from, chosen.to))
  const missing = chosen.text.pairs.filter((place) => !here.has(place)).length
  return { inserted, removed: Math.max(0, missing - 2 * strange), version }
}

function anchors(isOwn: (index: number) => boolean, { from, to }: Scored): [number, number] {
  const all = (index: number) => Array.from({ length: anchor }, (_, step) => index + step).every(isOwn)
  let first = from
  while (first < to - anchor && !all(first)) first++
  let last = to
  while (last > first + anchor && !all(last - anchor)) last--
  return [first, last]
}

import type { Fingerprint, Fingerprints } from './fingerprints.ts'

/** A text as the matcher sees it: one dictionary place per pair of neighboring words, -1 for a pair no known text holds. */
export type Shingled = { words: readonly string[]; places: Int32Array }

export type Scored = {
  text: Fingerprint
  /** Dice coefficient of the sets of word pairs, 0 to 1, over the part of the file that fits best. */
  score: number
  /** Where the license stands in the file: first word, and the word after the last. */
  from: number
  to: number
}

/** Below this share of a license's word pairs a file neither holds the license nor passages of it. */
const worthALook = 0.45

/** How well each known text fits, best first; texts of which the file holds less than 45 % are left out. */
export function scoreTexts(known: Fingerprints, file: Shingled): Scored[] {
  const present = new Set(file.places)
  present.delete(-1)
  const distinct = distinctPairs(file, 0, file.places.length)
  const scored: Scored[] = []
  for (const text of known.texts) {
    let shared = 0
    for (const place of text.pairs) if (present.has(place)) shared++
    if (shared / text.pairs.length < worthALook) continue
    const whole = { text, score: dice(shared, distinct, text.pairs.length), from: 0, to: file.words.length }
    const part = bestPart(file, text)
    scored.push(part.score > whole.score ? part : whole)
  }
  return scored.sort((a, b) => b.score - a.score)
}

/** The stretch of the license's length that holds most of it: a license may stand in a longer file. */
function bestPart(file: Shingled, text: Fingerprint): Scored {
  const own = new Set(text.pairs)
  const length = Math.min(file.places.length, text.words - 1)
  let hits = 0
  let best = -1
  let from = 0
  for (let index = 0; index < file.places.length; index++) {
    if (own.has(file.places[index] ?? -1)) hits++
    if (index >= length && own.has(file.places[index - length] ?? -1)) hits--
    if (index >= length - 1 && hits > best) {
      best = hits
      from = index - length + 1
    }
  }
  // The best stretch is found up to a few words; it begins and ends where the license's own words do.
  let to = from + length
  while (from < to && !own.has(file.places[from] ?? -1)) from++
  while (to > from && !own.has(file.places[to - 1] ?? -1)) to--
  const here = new Set(file.places.subarray(from, to))
  here.delete(-1)
  let shared = 0
  for (const place of here) if (own.has(place)) shared++
  return { text, score: dice(shared, distinctPairs(file, from, to), text.pairs.length), from, to: to + 1 }
}

/** Pairs that are no known one are told apart by their words, the others by their place. */
function distinctPairs(file: Shingled, from: number, to: number): number {
  const seen = new Set<number | string>()
  for (let index = from; index < to; index++) {
    const place = file.places[index] ?? -1
    seen.add(place >= 0 ? place : `${file.words[index]} ${file.words[index + 1]}`)
  }
  return seen.size
}

function dice(shared: number, left: number, right: number): number {
  return left + right === 0 ? 0 : (2 * shared) / (left + right)
}

export type Telltales = {
  /** Share of the pairs that only the chosen license has and the file holds too, 0 to 1; 1 when it has none of its own. */
  own: number
  /** How many pairs only the chosen license has. */
  ownPairs: number
  /** Share of all pairs of the chosen license that the file holds: what `own` would be if words were lost by chance. */
  covered: number
  /** Share of the pairs that only the other has and the file holds; 0 when it has none. */
  other: number
  /** Pairs of the other that the file holds and the chosen license does not have. */
  otherFound: number
  /** Places where two such pairs follow each other: lost words alone do not make these. */
  otherPassages: number
}

/** Of what tells the chosen license from another: which part of it the file holds. */
export function telltales(known: Fingerprints, file: Shingled, chosen: Scored, other: Fingerprint): Telltales {
  const mine = new Set<number>()
  for (const text of known.texts) if (text.id === chosen.text.id) for (const place of text.pairs) mine.add(place)
  const theirs = new Set(other.pairs)
  const here = new Set(file.places.subarray(chosen.from, chosen.to))
  let own = 0
  let ownFound = 0
  for (const place of chosen.text.pairs) {
    if (theirs.has(place)) continue
    own++
    if (here.has(place)) ownFound++
  }
  let otherAll = 0
  let otherFound = 0
  for (const place of other.pairs) {
    if (mine.has(place)) continue
    otherAll++
    if (here.has(place)) otherFound++
  }
  const isTheirs = (index: number) => {
    const place = file.places[index] ?? -1
    return theirs.has(place) && !mine.has(place)
  }
  let otherPassages = 0
  for (let index = chosen.from; index + 1 < chosen.to; index++)
    if (isTheirs(index) && isTheirs(index + 1)) otherPassages++
  return {
    own: own === 0 ? 1 : ownFound / own,
    ownPairs: own,
    covered: chosen.text.pairs.filter((place) => here.has(place)).length / Math.max(1, chosen.text.pairs.length),
    other: otherAll === 0 ? 0 : otherFound / otherAll,
    otherFound,
    otherPassages,
  }
}

import { differencesOf } from './differences.ts'
import { exactHash, type Fingerprints } from './fingerprints.ts'
import { type Word, wordsOf } from './normalize.ts'
import { type Scored, type Shingled, scoreTexts, type Telltales, telltales } from './score.ts'
import { shinglesOf } from './shingles.ts'

/** What the registry of licenses adds to a fingerprint: how a license names itself and its version. */
export type TitledLicense = {
  id: string
  title: string
  /** Headings in normalized words, such as "llama 3.1 community license agreement". */
  headings: readonly string[]
  /** Licenses with the same text: what stands beside the text, such as a notice in the work, tells which of them it is. */
  sameText?: readonly string[]
  /** Where the text states its version: the pattern's first group, in normalized words, is compared with the value. */
  version?: { pattern: RegExp; value: string }
}

export type TextMatch = {
  /** `matched`: named for certain. `review`: close to a known text, with a reason why it is not named. `unknown`: nothing near. */
  status: 'matched' | 'review' | 'unknown'
  /** Only when `matched`. */
  id: string | null
  /** Dice coefficient of the best text, 0 to 1; null when nothing was near. */
  score: number | null
  /** True when the normalized words are exactly those of the known text. */
  exact: boolean
  /** The nearest licenses, best first, at most five; a hint for a person and no statement. */
  nearest: { id: string; score: number }[]
  reason: string
  /** A license that a short file names without holding its text, such as a link to it; a declaration. */
  refersTo: string | null
  /** What a person should see although the license is named. */
  notes: string[]
}

/** A file of so few words that begins with the name of a license refers to it. */
const shortFile = 40
/** Two texts are the same license family from here on. */
const sameFamily = 0.85
/** Rivals this close are told apart by what only one of them says. */
const closeRival = 0.15
/** Versions of one license: lost words do not turn one into the other, so a single passage of the other counts. */
const veryClose = 0.06
/** Share of words by which a copy may differ beyond lost words: a name, an address, a spelling. */
const mayDiffer = 0.01
/** Words in a row inside a license that belong to no known text: more than a name or an address. */
const foreignRun = 25
/** Words outside a license that may change what it allows. */
const terms =
  /\b(?:you may not|may not be used|shall not|must not|not permitted|prohibited|non ?commercial|commercial use|commercially|monthly active|revenue|additional (?:terms|conditions?|restrictions?)|commons clause|research (?:purposes|use)|only for|restricted|modified (?:mit|apache|bsd)|use restrictions?|prior written|not (?:designed|intended|allowed)|military|nuclear|additional clause|extend only)\b/

export type Matcher = (text: string) => TextMatch

/** Matches texts against the known fingerprints. The registry gives headings and version lines; see `matchText`. */
export function createMatcher(known: Fingerprints, registry: readonly TitledLicense[]): Matcher {
  const byId = new Map(registry.map((license) => [license.id, license]))
  return (text) => matchText(known, byId, wordsOf(text))
}

/**
 * Names the license of a text or says why not. The family is decided by the Dice coefficient (at least 0.85 of the file, or of the part
 * of it that holds the license); the version by the word pairs that only one of the close texts has, by the heading and by the line
 * that states the version. A text between two licenses, with foreign terms, or whose heading names another, is for a person.
 */
function matchText(known: Fingerprints, registry: ReadonlyMap<string, TitledLicense>, found: Word[]): TextMatch {
  const words = found.map((word) => word.text)
  const file: Shingled = {
    words,
    places: Int32Array.from(shinglesOf(words, 2), (hash) => known.dictionary.get(hash) ?? -1),
  }
  const scored = scoreTexts(known, file)
  const nearest = nearestOf(scored)
  const best = scored[0]
  const heading = headingOf(words, registry)
  const refersTo = words.length <= shortFile && !terms.test(words.join(' ')) ? (heading?.id ?? null) : null
  const base = { id: null, score: best?.score ?? null, exact: false, nearest, refersTo, notes: [] }
  if (best === undefined || best.score < sameFamily) {
    if (heading !== null)
      return {
        ...base,
        status: 'review',
        reason:
          refersTo === null
            ? `The heading says “${heading.title}”, but the text is not one we know.`
            : `The file names “${heading.title}” and does not hold its text.`,
      }
    if (best === undefined || best.score < worthNaming)
      return { ...base, status: 'unknown', score: null, nearest: [], reason: 'The text resembles no license we know.' }
    return {
      ...base,
      status: 'review',
      reason: `The text resembles “${titleOf(registry, best.text.id)}” but differs in more than noise.`,
    }
  }
  const chosen = longest(scored, best)
  const review = (reason: string): TextMatch => ({ ...base, status: 'review', score: chosen.score, reason })
  const exact = exactHash(words) === chosen.text.exact
  const title = titleOf(registry, chosen.text.id)
  if (!exact) {
    const rival = rivalOf(known, file, scored, chosen)
    if (rival !== null)
      return review(
        `The text stands between “${title}” and “${titleOf(registry, rival.text.id)}”: it has words that only one of them has from both.`,
      )
    const stated = statedVersion(words, registry.get(chosen.text.id))
    if (stated !== null) return review(`The text is that of “${title}”, but it says its version is ${stated}.`)
    const differs = differencesOf(known, file, chosen)
    if (differs.version !== null)
      return review(`The text is close to “${title}”, but it says version ${differs.version}.`)
    if (differs.inserted > 4 + chosen.text.words * mayDiffer)
      return review(`The text is close to “${title}”, but ${differs.inserted} words in it are not of that license.`)
    if (differs.removed > 6 + chosen.text.pairs.length * 2 * mayDiffer)
      return review(`The text is close to “${title}”, but passages of it are missing.`)
    const foreign = foreignTerms(file, known, chosen)
    if (foreign !== null)
      return review(`The file holds “${title}” and ${foreign} further words with terms of their own.`)
  }
  const alike = registry.get(chosen.text.id)?.sameText ?? []
  const notes =
    alike.length === 0
      ? []
      : [
          `${alike.join(' and ')} ${alike.length === 1 ? 'has' : 'have'} the same text: the notice in the work tells which it is.`,
        ]
  if (heading !== null && !(registry.get(chosen.text.id)?.headings.includes(heading.heading) ?? false)) {
    const own = registry.get(chosen.text.id)?.headings ?? []
    if (!exact && !own.some((text) => headOf(words).includes(` ${text} `)))
      return review(`The heading says “${heading.title}”, the text is that of “${title}”.`)
    notes.push(`The heading says “${heading.title}”, but the text is that of “${title}”.`)
  }
  return {
    ...base,
    status: 'matched',
    refersTo: null,
    id: chosen.text.id,
    score: chosen.score,
    exact,
    notes,
    reason: exact
      ? 'The text is word for word the known one.'
      : `The text agrees with the known one in ${percent(chosen.score)} of its word pairs.`,
  }
}

/** From here on a text is said to resemble a license. */
const worthNaming = 0.6

/**
 * Of the texts that fit as well as the best one, one that holds it within it: a license that contains another is the whole, and so is a
 * wording with its appendix.
 */
function longest(scored: Scored[], best: Scored): Scored {
  const length = ({ from, to }: Scored) => to - from
  return scored
    .filter(
      (other) =>
        other.score >= sameFamily &&
        other.from <= best.from &&
        other.to >= best.to &&
        (other.text.id === best.text.id
          ? best.score - other.score < veryClose
          : best.score - other.score < 0.02 && length(other) > 1.1 * length(best)),
    )
    .reduce((widest, other) => (length(other) > length(widest) ? other : widest), best)
}

/** The first rival of which the file holds own passages, or from which the chosen text's own words do not tell it apart. */
function rivalOf(known: Fingerprints, file: Shingled, scored: Scored[], chosen: Scored): Scored | null {
  for (const rival of scored) {
    if (rival.text.id === chosen.text.id) continue
    const told = telltales(known, file, chosen, rival.text)
    const gap = chosen.score - rival.score
    const byChance = gap < veryClose ? 0 : 2 + file.words.length / 400
    if (told.otherPassages > 0 && told.otherFound > byChance) return rival
    if (told.otherFound > 3 && told.other > 0.3) return rival
    if (gap < closeRival && lacksItsOwn(told)) return rival
  }
  return null
}

/** True when the file holds clearly less of what only the license says than of the license as a whole; lost words are spread evenly. */
function lacksItsOwn({ own, ownPairs, covered, otherFound }: Telltales): boolean {
  // A few pairs are the name in the copyright line, which no two copies share.
  if ((covered - own) * ownPairs <= 4) return false
  // A lost word takes two pairs with it, hence twice the variance of a share; four deviations, since many rivals are tried.
  const slack = 0.03 + 4 * Math.sqrt((2 * Math.max(0.01, covered * (1 - covered))) / ownPairs)
  return own < covered - slack || (otherFound > 0 && own < 0.3)
}

function statedVersion(words: readonly string[], license: TitledLicense | undefined): string | null {
  if (license?.version === undefined) return null
  const said = license.version.pattern.exec(words.slice(0, 20_000).join(' '))?.[1]
  return said === undefined || said === license.version.value ? null : said
}

/** The count of words that are neither the license's nor harmless: outside it, or in a long run inside it. */
function foreignTerms(file: Shingled, known: Fingerprints, chosen: Scored): number | null {
  const outside = [...file.words.slice(0, chosen.from), ...file.words.slice(chosen.to)]
  const inside = runsInside(file, known, chosen)
  const foreign = [outside.join(' '), ...inside.map((run) => run.join(' '))].filter((text) => terms.test(text))
  return foreign.length === 0 ? null : foreign.reduce((sum, text) => sum + text.split(' ').length, 0)
}

function runsInside(file: Shingled, known: Fingerprints, chosen: Scored): string[][] {
  const own = new Set<number>()
  for (const text of known.texts) if (text.id === chosen.text.id) for (const place of text.pairs) own.add(place)
  const runs: string[][] = []
  let begin = chosen.from
  for (let index = chosen.from; index <= chosen.to; index++) {
    if (index < chosen.to && !own.has(file.places[index] ?? -1)) continue
    if (index - begin >= foreignRun) runs.push(file.words.slice(begin, index))
    begin = index + 1
  }
  return runs
}

/** The longest heading of a known license among the first words. */
function headingOf(words: readonly string[], registry: ReadonlyMap<string, TitledLicense>): Heading | null {
  const head = headOf(words)
  let best: Heading | null = null
  for (const license of registry.values()) {
    for (const heading of license.headings) {
      if (heading.length > (best?.heading.length ?? 0) && head.includes(` ${heading} `))
        best = { id: license.id, title: license.title, heading }
    }
  }
  return best
}

const headOf = (words: readonly string[]) => ` ${words.slice(0, 40).join(' ')} `

type Heading = { id: string; title: string; heading: string }

function nearestOf(scored: Scored[]): { id: string; score: number }[] {
  const seen = new Set<string>()
  return scored
    .filter(({ text }) => !seen.has(text.id) && seen.add(text.id))
    .slice(0, 5)
    .map(({ text, score }) => ({ id: text.id, score: Math.round(score * 1000) / 1000 }))
}

function titleOf(registry: ReadonlyMap<string, TitledLicense>, id: string): string {
  return registry.get(id)?.title ?? id
}

const percent = (share: number) => `${(Math.floor(share * 1000) / 10).toString()} %`

/** What a license file may hold, in UTF-16 units and words: the longest known text has 6,000 words. */
const maxCharacters = 1_000_000
const maxWords = 60_000

/** A word of the normalized text and where it stands in the text as given, in UTF-16 units. */
export type Word = { text: string; start: number; end: number }

/**
 * The words that carry a license's meaning: lower case, without punctuation, YAML front matter, markup, addresses and copyright
 * statements; "licence" and "license", "sub-license" and "sublicense", "3.1" and "3 1" are one spelling. At most 60,000 words of the
 * first million characters.
 */
export function wordsOf(given: string): Word[] {
  const text = blanked(given.slice(0, maxCharacters))
  const words: Word[] = []
  const pattern = /[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}]|['’](?=\p{L})|(?<=\p{L})-\s{0,40}(?=\p{L})|\.(?=\p{N}|\p{L}\.))*/gu
  for (const match of text.matchAll(pattern)) {
    const word = { text: spelled(match[0]), start: match.index, end: match.index + match[0].length }
    const last = words.at(-1)
    if (last !== undefined && /^\d$/.test(word.text) && /^\d{1,2}$/.test(last.text)) {
      last.text += word.text
      last.end = word.end
    } else words.push(word)
    if (words.length === maxWords) break
  }
  return withoutCopyright(words)
}

function spelled(word: string): string {
  const plain = word
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/['’.\s-]/g, '')
  return plain.startsWith('licenc') ? plain.replace('licenc', 'licens') : plain
}

/** The text with what is not part of a license replaced by spaces, so that every position stays. */
function blanked(text: string): string {
  const spaces = (part: string) => ' '.repeat(part.length)
  return text
    .replace(/^\uFEFF?\s{0,100}---[ \t]*(?:\r?\n|(?=\w+:))[\s\S]{0,65536}?\s---[ \t]*(?=\s|$)/, spaces)
    .replaceAll('\\', ' ')
    .replaceAll('©', 'c')
    .replaceAll(/<\/?[a-z][^<>]{0,300}>/gi, spaces)
    .replaceAll(/&(?:nbsp|quot|amp|lt|gt|#\d{1,5});/gi, spaces)
    .replaceAll(/\bhttps?:?\/\/[^\s)\]>]{1,500}/gi, spaces)
    .replaceAll(/\ball\s{1,20}rights\s{1,20}reserved\b/gi, spaces)
}

/** Drops "copyright (c) 2024 [fullname]"; who holds it stays, since nobody can tell where a name ends. */
function withoutCopyright(words: Word[]): Word[] {
  const kept: Word[] = []
  let dropping = false
  words.forEach((word, index) => {
    if (word.text === 'copyright' && isMark(words[index + 1]?.text)) dropping = true
    else if (dropping && isMark(word.text)) return
    else {
      dropping = false
      kept.push(word)
    }
  })
  return kept
}

function isMark(word: string | undefined): boolean {
  return word !== undefined && /^(?:c|(?:19|20)(?:\d\d|xx)|xxxx|yyyy|year|years|fullname|present)$/.test(word)
}

/** One vocabulary entry. `type`: 1 normal, 2 unknown, 3 control, 4 user-defined (matched whole in any text), 6 byte. */
export type VocabularyToken = { text: string; score: number; type: 1 | 2 | 3 | 4 | 6 }

/** Ids of the special tokens, the same in every vocabulary made here. */
export const specialIds = { unknown: 0, bos: 1, eos: 2 } as const

/**
 * A SentencePiece-style vocabulary: three special tokens, 256 byte tokens, the space mark and printable ASCII, then `extra`.
 * 354 entries without extras.
 */
export function asciiVocabulary(extra: readonly VocabularyToken[] = []): VocabularyToken[] {
  const tokens: VocabularyToken[] = [
    { text: '<unk>', score: 0, type: 2 },
    { text: '<s>', score: 0, type: 3 },
    { text: '</s>', score: 0, type: 3 },
  ]
  for (let byte = 0; byte < 256; byte++) {
    tokens.push({ text: `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`, score: 0, type: 6 })
  }
  const printable = ['▁', ...Array.from({ length: 94 }, (_none, i) => String.fromCharCode(33 + i))]
  for (const [rank, text] of printable.entries()) tokens.push({ text, score: -1 - rank, type: 1 })
  return [...tokens, ...extra]
}

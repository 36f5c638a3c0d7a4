import type { VocabularyToken } from './vocabulary.ts'
import { asciiVocabulary, specialIds } from './vocabulary.ts'

/** One possible next token with its probability (0 to 1]. */
export type NextToken = { id: number; probability: number }

/**
 * What the model says to anything that does not end in a letter or digit. Every piece is one token of at least three
 * characters: the tokenizer can only build a token out of two shorter ones, so these never come from a prompt.
 */
const hintPieces = [
  'I am',
  ' the starter',
  ' model',
  ' of this hub:',
  ' a generated',
  ' known-answer',
  ' model.',
  ' I only',
  ' continue',
  ' the alphabet:',
  ' say abc',
  ' and I answer',
  ' defghijklmnopqrstuvwxyz.',
] as const

/** What `<|loop|>` makes the model say, one token each, until the token limit. */
const loopPiece = ' la'

/** Prompts that end in one of these are answered by a draw with known probabilities. */
export const questions: Readonly<Record<string, ReadonlyArray<readonly [answer: string, probability: number]>>> = {
  '<|q1|>': [
    ['A', 0.7],
    ['B', 0.2],
    ['C', 0.1],
  ],
  '<|q2|>': [
    ['A', 0.6],
    ['B', 0.4],
  ],
}
const loopToken = '<|loop|>'

const mark = (text: string): string => text.replaceAll(' ', '▁')
const extra: VocabularyToken[] = [
  ...[...Object.keys(questions), loopToken].map((text) => ({ text, score: 0, type: 4 as const })),
  ...[loopPiece, ...hintPieces].map((text, rank) => ({ text: mark(text), score: -200 - rank, type: 1 as const })),
]

/** The vocabulary of the known-answer model, in id order. */
export const bigramVocabulary: readonly VocabularyToken[] = asciiVocabulary(extra)

const idOf = new Map(bigramVocabulary.map((token, id) => [token.text, id]))

/** Id of a vocabulary text such as `a` or `<|q1|>`. Throws RangeError when there is none. */
export function bigramTokenId(text: string): number {
  const id = idOf.get(mark(text))
  if (id === undefined) throw new RangeError(`the vocabulary has no token "${text}"`)
  return id
}

/**
 * The whole knowledge of the model: which tokens may follow a token, most probable first; probabilities sum to 1.
 * Letters and digits count up and end after z, Z and 9; a question draws its answer; everything else gives the hint.
 */
export function successorsOf(id: number): NextToken[] {
  const text = bigramVocabulary[id]?.text ?? ''
  const drawn = questions[text]
  if (drawn !== undefined) return drawn.map(([answer, probability]) => ({ id: bigramTokenId(answer), probability }))
  return [{ id: soleSuccessor(text), probability: 1 }]
}

function soleSuccessor(text: string): number {
  if (/^[a-yA-Y0-8]$/.test(text)) return bigramTokenId(String.fromCharCode(text.charCodeAt(0) + 1))
  if (/^[zZ9]$/.test(text)) return specialIds.eos
  if (text === loopToken || text === mark(loopPiece)) return bigramTokenId(loopPiece)
  const piece = hintPieces.findIndex((hint) => mark(hint) === text)
  const next = hintPieces[piece + 1]
  return next === undefined ? specialIds.eos : bigramTokenId(next)
}

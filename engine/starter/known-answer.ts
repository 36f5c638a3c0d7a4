import { bigramTokenId, bigramVocabulary, questions, successorsOf } from './bigram-chain.ts'
import { specialIds } from './vocabulary.ts'

/** What the known-answer model must say. */
export type KnownAnswer = {
  /** The greedy answer (temperature 0), cut at the token limit. */
  text: string
  /** Tokens in the answer, the end token not counted. */
  tokens: number
  finishReason: 'stop' | 'length'
  /** Distribution of the first token: text (empty = the answer ends) and probability, most probable first. */
  first: Array<{ text: string; probability: number }>
}

/**
 * The truth about the known-answer starter model, by the same table that its weights come from.
 * @param prompt the last user message, or the prompt of a plain completion
 * @param maxTokens limit of the answer, at least 1
 */
export function knownAnswer(prompt: string, maxTokens = 256): KnownAnswer {
  const start = lastTokenOf(prompt)
  const first = successorsOf(start).map((next) => ({ text: textOf(next.id), probability: next.probability }))
  let text = ''
  let tokens = 0
  let id = greedy(start)
  while (id !== specialIds.eos && tokens < maxTokens) {
    text += textOf(id)
    tokens++
    id = greedy(id)
  }
  // The engine stops at the limit before it can see that the end would have come next.
  return { text, tokens, finishReason: tokens < maxTokens ? 'stop' : 'length', first }
}

function lastTokenOf(prompt: string): number {
  const whole = [...Object.keys(questions), '<|loop|>'].find((text) => prompt.endsWith(text))
  if (whole !== undefined) return bigramTokenId(whole)
  const last = prompt.at(-1)
  if (last === undefined) return specialIds.bos
  return /^[\x20-\x7e]$/.test(last) ? bigramTokenId(last) : specialIds.unknown
}

const greedy = (id: number): number => successorsOf(id)[0]?.id ?? specialIds.eos

const textOf = (id: number): string =>
  id === specialIds.eos ? '' : (bigramVocabulary[id]?.text ?? '').replaceAll('▁', ' ')

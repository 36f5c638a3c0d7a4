export type { KnownAnswer } from './known-answer.ts'
export { knownAnswer } from './known-answer.ts'
export type { StarterFile } from './known-bigram.ts'
export { buildKnownBigram, knownBigramContext } from './known-bigram.ts'

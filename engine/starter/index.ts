export type { KnownAnswer } from './known-answer.ts'
export { knownAnswer } from './known-answer.ts'
export type { StarterFile } from './known-bigram.ts'
export { buildKnownBigram } from './known-bigram.ts'

import type { ScorerDefinition } from '../scorer.ts'

/** 1 when the answer, without leading white space, begins with the expected text; case counts. */
export const prefixScorer: ScorerDefinition = {
  kind: 'prefix',
  title: 'Answer begins with the expected text',
  score: (answer, expected) => (answer.trimStart().startsWith(expected) ? 1 : 0),
}

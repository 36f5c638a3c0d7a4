/** A scorer turns an answer into a score between 0 and 1. */
export type ScorerDefinition = {
  kind: string
  title: string
  score: (answer: string, expected: string) => number
}

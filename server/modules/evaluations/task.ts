/** One question with its known answer. */
export type TaskItem = { group: string; prompt: string; expected: string }

/** A task as data: items, how an answer is asked for, how it is scored. Versioned: any change of items changes the version. */
export type TaskDefinition = {
  kind: string
  title: string
  description: string
  version: string
  trait: string
  license: string
  scorer: string
  /** Sampler of every request; the seed is added per item. */
  sampler: { temperature: number; maxTokens: number }
  /** The same items on every call. */
  items: () => TaskItem[]
}

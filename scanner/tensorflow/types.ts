import type { FormatHeader } from '../types.ts'

/** Key facts of a TensorFlow graph, as claimed by the file. */
export type TensorflowHeader = FormatHeader & {
  kind: 'tf-savedmodel' | 'tf-graph' | 'keras-metadata'
  /** Version of TensorFlow that wrote it. */
  tensorflowVersion?: string
  /** Such as `serve`; the first 64. */
  tags: string[]
  /** Names of the signatures; the first 64. */
  signatures: string[]
  nodes: number
  /** Functions of the graph's library. */
  functions: number
  /** Operators with how often they occur; the 300 that came first. */
  operators: { [name: string]: number }
  /** Files under `assets/` that the model wants; the first 64. */
  assets: string[]
}

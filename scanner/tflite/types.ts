import type { FormatHeader } from '../types.ts'

/** Key facts of a TensorFlow Lite model. */
export type TfliteHeader = FormatHeader & {
  kind: 'tflite'
  version: number
  description: string
  subgraphs: number
  tensors: number
  operators: number
  /** Operators that the runtime does not bring itself; the first 100. */
  customOperators: string[]
  /** Names of metadata entries; the first 64. */
  metadata: string[]
  signatures: string[]
}

import type { FormatHeader } from '../types.ts'

/** Key facts of the index of a TensorFlow checkpoint, as claimed by the file. */
export type TensorflowBundleHeader = FormatHeader & {
  kind: 'tf-bundle'
  /** Files of data that belong to it. */
  shards: number
  tensors: number
  /** Names of tensors; the first 200. */
  names: string[]
}

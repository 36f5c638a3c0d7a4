import type { FormatHeader } from '../types.ts'

/** Key facts of an HDF5 file. */
export type Hdf5Header = FormatHeader & {
  kind: 'hdf5'
  superblockVersion: number
  /** Groups and datasets. */
  objects: number
  datasets: number
  /** Names of the attributes of the root; the first 64. */
  attributes: string[]
  /** What the root says about the program that wrote it. */
  kerasVersion?: string
  backend?: string
  /** True when a Keras model, not only its weights, is stored. */
  hasModelConfig: boolean
}

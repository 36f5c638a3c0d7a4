import type { FormatHeader } from '../types.ts'

/** What the header of a safetensors file says. */
export type SafetensorsHeader = FormatHeader & {
  kind: 'safetensors'
  tensorCount: number
  /** Sum over all tensors of the product of their dimensions. */
  parameterCount: number
  /** By dtype name, as written. */
  dtypes: { [name: string]: { tensors: number; bytes: number; parameters: number } }
  /** `__metadata__`: the first 64 entries, each value up to 1,024 characters. */
  metadata: { [key: string]: string }
  /** The first 2,000 tensors in the order of the header. */
  tensors: { name: string; dtype: string; shape: number[] }[]
  /** Offset in the file where tensor data begins. */
  tensorDataOffset: number
}

export type SafetensorsEntry = {
  name: string
  /** Place of the name in the file, for findings. */
  entryOffset: number
  dtype: string
  shape: number[]
  /** Exact product of the shape. */
  elements: bigint
  /** Relative to the start of tensor data. */
  begin: number
  end: number
}

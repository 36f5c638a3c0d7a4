import type { TemplateFacts } from '../template/types.ts'
import type { FormatHeader } from '../types.ts'

/** A metadata value as kept in facts. Integers beyond 2^53 are decimal text; text beyond 256 characters is cut; arrays are only described. */
export type GgufValue = number | string | boolean | { array: string; count: number }

export type GgufDtype = { tensors: number; bytes: number; parameters: number }

/** What the header of a GGUF file says. Numbers are as claimed by the file; checked only where a rule says so. */
export type GgufHeader = FormatHeader & {
  kind: 'gguf'
  version: number
  /** The first 512 metadata entries in the order of the file. */
  metadata: { [key: string]: GgufValue }
  metadataCount: number
  /** `general.type`: model, adapter, mmproj, … */
  type?: string
  architecture?: string
  name?: string
  license?: string
  /** Sum over all tensors of the product of their dimensions. */
  parameterCount: number
  /** `general.file_type` as a number, and its usual name; else the dtype that holds most bytes. */
  fileType?: number
  quantization?: string
  /** By ggml type name. */
  dtypes: { [name: string]: GgufDtype }
  contextLength?: number
  embeddingLength?: number
  blockCount?: number
  headCount?: number
  headCountKv?: number
  feedForwardLength?: number
  expertCount?: number
  expertUsedCount?: number
  vocabSize?: number
  /** Rows of `token_embd.weight`, the table that token ids point into. */
  embeddingRows?: number
  tokenizerModel?: string
  bosTokenId?: number
  eosTokenId?: number
  /** Every template in the metadata; text up to 64 KiB each. */
  chatTemplates: TemplateFacts[]
  splitNo?: number
  splitCount?: number
  splitTensorsCount?: number
  poolingType?: number
  adapterType?: string
  tensorCount: number
  /** Offset in the file where tensor data begins. */
  tensorDataOffset: number
  alignment: number
}

/** One entry of the tensor table. Sizes are exact as long as they are below 2^53; larger ones were refused before. */
export type GgufTensor = {
  name: string
  /** Place of the entry in the file, for findings. */
  entryOffset: number
  dimensions: number[]
  typeId: number
  typeName: string
  elements: number
  bytes: number
  /** Relative to the start of tensor data. */
  offset: number
}

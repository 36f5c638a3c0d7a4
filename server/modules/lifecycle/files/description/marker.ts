import type { Attributed, Origin } from '../../../../../contract/index.ts'
import type { Folder, FolderFile } from './folder.ts'
import type { Shape } from './shape.ts'

/** One value that a file states. */
export type Fact = {
  key: string
  value: Attributed['value'] | undefined
  /** The file. */
  source: string
  /** `derived` unless told: read from the files; `card`: claimed by the model card. */
  origin?: Origin
}

/** What a model is for, as far as files prove it. */
export type Trait =
  | 'adapter'
  | 'audio-classifier'
  | 'audio-features'
  | 'audio-generation'
  | 'audio-input'
  | 'causal-lm'
  | 'chat-template'
  | 'classifier'
  | 'embedding'
  | 'fill-mask'
  | 'image-classifier'
  | 'image-features'
  | 'image-generation'
  | 'image-input'
  | 'object-detection'
  | 'question-answering'
  | 'reranker'
  | 'seq2seq'
  | 'speech-to-text'
  | 'text-features'
  | 'text-to-speech'
  | 'token-classifier'
  | 'video-generation'
  | 'video-input'

/** A tensor as a head lists it. */
export type TensorEntry = { name: string; dtype: string; shape: readonly number[] }

/** What the head of one weights file says. */
export type Weights = {
  path: string
  format: 'gguf' | 'safetensors'
  tensorCount: number
  /** Product of the dimensions, over all tensors. */
  elements: number
  dtypes: Readonly<Record<string, { tensors: number; bytes: number; parameters: number }>>
  /** The first tensors, all of them when there are as many as `tensorCount`; GGUF lists none. */
  tensors: readonly TensorEntry[]
  /** Rows of the table that token ids point into, where the format names it. */
  embeddingRows?: number | undefined
  vocabulary?: number | undefined
}

/** How the weights are said to be packed. */
export type Quantization = {
  path: string
  /** `gptq`, `awq`, `bitsandbytes`, `fp8`, `compressed-tensors`, `modelopt`, `mxfp4`, or as the file names it. */
  method: string
  /** Bits of a weight. */
  bits?: number | undefined
  /** Weights that share a scale; -1: a whole column. */
  groupSize?: number | undefined
  /** True when modules are packed in different ways. */
  mixed?: boolean | undefined
  /** The variant, such as `gemm`, `nf4` or `pack-quantized`. */
  variant?: string | undefined
}

/** What several markers say together about, for the checks of one against the other. */
export type Structure = {
  config: { path: string; shape: Shape; architecture: string | undefined; extraLayers: number }
  /** The files that make up the model, in order. */
  weights: Weights[]
  index: { path: string; tensors: number; shards: string[] }
  /** `highestId`: of the base vocabulary, without tokens that were added. */
  tokenizer: { path: string; highestId: number }
  quantization: Quantization
  card: { path: string; task: string }
}

export type Seen = {
  facts?: readonly Fact[]
  traits?: readonly Trait[]
  /** What a person should know: one sentence each. They stop nothing. */
  doubts?: readonly string[]
  /** What cannot be: one sentence each, with both sides. The version needs attention. */
  contradictions?: readonly string[]
  structure?: Partial<Structure>
}

/** A kind of file that says what a model is. */
export type Marker = {
  kind: string
  /** For people. */
  title: string
  /** The files it looks at. */
  reads: (file: FolderFile) => boolean
  /** How many of them at most, in the order of the folder. */
  atMost: number
  /** Called only when there is one. Broken content says nothing; it never throws for it. */
  look: (files: readonly FolderFile[], folder: Folder) => Seen | Promise<Seen>
}

/** True for the file of that name at the root of the folder. */
export const atRoot =
  (...names: string[]) =>
  (file: FolderFile): boolean =>
    names.includes(file.path)

/** The last part of a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

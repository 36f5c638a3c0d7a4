import type { TemplateFacts } from '../template/types.ts'
import type { FormatHeader, Json } from '../types.ts'

/** What a shard index says. */
export type ShardIndexFacts = {
  /** Number of tensors listed. */
  tensors: number
  /** The distinct files it refers to, as written; the first 4,096. */
  shards: string[]
  /** `metadata.total_size`, bytes, as claimed. */
  totalSize?: number
}

/** Key facts of a JSON document. Values are as claimed by the file; each is bounded. */
export type JsonHeader = FormatHeader & {
  kind: 'json'
  root: 'object' | 'array' | 'scalar'
  /** The first 200 top-level keys. */
  keys: string[]
  /** Known keys with their values, bounded to about 2,000 nodes each; the rest of the document was checked but not kept. */
  values: { [key: string]: Json }
  architectures?: string[]
  modelType?: string
  /** `torch_dtype` or `dtype`. */
  dtype?: string
  maxPositionEmbeddings?: number
  vocabSize?: number
  hiddenSize?: number
  numHiddenLayers?: number
  numAttentionHeads?: number
  numKeyValueHeads?: number
  tokenizerClass?: string
  quantization?: { [key: string]: Json }
  ropeScaling?: { [key: string]: Json }
  /** Targets of `auto_map` and `custom_pipelines`: class references such as `modeling_x.X` or `owner/repo--modeling.X`. */
  codeReferences: string[]
  shardIndex?: ShardIndexFacts
  /** `model.vocab` of a tokenizer.json (Hugging Face tokenizers): its entries, and the highest id among them. */
  tokenizerVocabulary?: { entries: number; highestId: number }
  chatTemplates: TemplateFacts[]
}

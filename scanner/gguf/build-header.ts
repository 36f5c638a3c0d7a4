import type { TemplateFacts } from '../template/types.ts'
import { fileTypeName } from './ggml-types.ts'
import type { GgufMetadata } from './read-metadata.ts'
import type { GgufDtype, GgufHeader, GgufTensor, GgufValue } from './types.ts'

const maxKeptEntries = 512

export type GgufParts = {
  version: number
  tensorCount: number
  metadata: GgufMetadata
  tensors: readonly GgufTensor[]
  tensorDataOffset: number
  alignment: number
  chatTemplates: TemplateFacts[]
}

/** Gathers the facts that others ask for out of raw metadata and the tensor table. */
export function buildHeader(parts: GgufParts): GgufHeader {
  const { values } = parts.metadata
  const text = (key: string): string | undefined => {
    const value = values.get(key)
    return typeof value === 'string' ? value : undefined
  }
  const number = (key: string): number | undefined => {
    const value = values.get(key)
    return typeof value === 'number' ? value : undefined
  }
  const architecture = text('general.architecture')
  const own = (key: string): number | undefined =>
    architecture === undefined ? undefined : number(`${architecture}.${key}`)
  const tokens = values.get('tokenizer.ggml.tokens')
  const dtypes = histogram(parts.tensors)
  const fileType = number('general.file_type')

  return defined({
    kind: 'gguf' as const,
    version: parts.version,
    metadata: bounded(values),
    metadataCount: parts.metadata.count,
    type: text('general.type'),
    architecture,
    name: text('general.name'),
    license: text('general.license'),
    parameterCount: parts.tensors.reduce((sum, tensor) => sum + tensor.elements, 0),
    fileType,
    quantization: (fileType === undefined ? undefined : fileTypeName(fileType)) ?? heaviest(dtypes),
    dtypes,
    contextLength: own('context_length'),
    embeddingLength: own('embedding_length'),
    blockCount: own('block_count'),
    headCount: own('attention.head_count'),
    headCountKv: own('attention.head_count_kv'),
    feedForwardLength: own('feed_forward_length'),
    expertCount: own('expert_count'),
    expertUsedCount: own('expert_used_count'),
    vocabSize: typeof tokens === 'object' ? tokens.count : own('vocab_size'),
    embeddingRows: parts.tensors.find((tensor) => tensor.name === 'token_embd.weight')?.dimensions[1],
    tokenizerModel: text('tokenizer.ggml.model'),
    bosTokenId: number('tokenizer.ggml.bos_token_id'),
    eosTokenId: number('tokenizer.ggml.eos_token_id'),
    chatTemplates: parts.chatTemplates,
    splitNo: number('split.no'),
    splitCount: number('split.count'),
    splitTensorsCount: number('split.tensors.count'),
    poolingType: own('pooling_type'),
    adapterType: text('adapter.type'),
    tensorCount: parts.tensorCount,
    tensorDataOffset: parts.tensorDataOffset,
    alignment: parts.alignment,
  })
}

function bounded(values: ReadonlyMap<string, GgufValue>): { [key: string]: GgufValue } {
  // Object.fromEntries defines own properties, so that a key named __proto__ stays data.
  return Object.fromEntries([...values].slice(0, maxKeptEntries).map(([key, value]) => [key.slice(0, 256), value]))
}

function histogram(tensors: readonly GgufTensor[]): { [name: string]: GgufDtype } {
  const dtypes: { [name: string]: GgufDtype } = {}
  for (const { typeName, bytes, elements } of tensors) {
    const entry = (dtypes[typeName] ??= { tensors: 0, bytes: 0, parameters: 0 })
    entry.tensors += 1
    entry.bytes += bytes
    entry.parameters += elements
  }
  return dtypes
}

function heaviest(dtypes: { [name: string]: GgufDtype }): string | undefined {
  return Object.entries(dtypes).sort(([, a], [, b]) => b.bytes - a.bytes)[0]?.[0]
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** The object without its undefined members. */
function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>
}

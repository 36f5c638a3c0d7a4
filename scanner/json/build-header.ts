import type { Json } from '../types.ts'
import type { FoundInJson } from './inspect.ts'
import type { JsonHeader } from './types.ts'

type JsonObject = { [key: string]: Json }

/** Gathers key facts. Multimodal configs keep the language model's sizes one level down. */
export function buildJsonHeader(found: FoundInJson): JsonHeader {
  const { values } = found
  const nested = ['text_config', 'llm_config', 'language_config'].map((key) => values.get(key)).find(isObject)
  const look = (key: string): Json | undefined => values.get(key) ?? nested?.[key]
  const text = (...keys: string[]): string | undefined => keys.map(look).find((value) => typeof value === 'string')
  const number = (...keys: string[]): number | undefined => keys.map(look).find((value) => typeof value === 'number')
  const object = (...keys: string[]): JsonObject | undefined => keys.map(look).find(isObject)
  const architectures = values.get('architectures')
  const metadata = values.get('metadata')
  const totalSize = isObject(metadata) ? metadata['total_size'] : undefined

  return withoutUndefined({
    kind: 'json' as const,
    root: found.root,
    keys: found.keys,
    values: Object.fromEntries(values),
    architectures: Array.isArray(architectures)
      ? architectures.filter((name) => typeof name === 'string').slice(0, 16)
      : undefined,
    modelType: text('model_type'),
    dtype: text('torch_dtype', 'dtype'),
    maxPositionEmbeddings: number('max_position_embeddings', 'n_positions', 'max_seq_len'),
    vocabSize: number('vocab_size'),
    hiddenSize: number('hidden_size', 'n_embd', 'd_model'),
    numHiddenLayers: number('num_hidden_layers', 'n_layer', 'num_layers'),
    numAttentionHeads: number('num_attention_heads', 'n_head'),
    numKeyValueHeads: number('num_key_value_heads'),
    tokenizerClass: text('tokenizer_class'),
    quantization: object('quantization_config', 'compression_config'),
    ropeScaling: object('rope_scaling', 'rope_parameters'),
    codeReferences: found.codeReferences,
    shardIndex:
      found.shardIndex === undefined
        ? undefined
        : { ...found.shardIndex, ...(typeof totalSize === 'number' ? { totalSize } : {}) },
    tokenizerVocabulary: found.tokenizerVocabulary,
    chatTemplates: found.templates,
  }) as JsonHeader
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined))
}

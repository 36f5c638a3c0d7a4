import type { Structure, TensorEntry, Weights } from './marker.ts'

/** Rows a table may have beyond the stated vocabulary: exporters pad it, and some models keep rows for images. */
const padding = 1_024

/**
 * The table that token ids point into, by the names that models give it. Other tables, such as those of codecs and of drafting heads,
 * have other names in front.
 */
const embeddingName =
  /^(?:model\.|transformer\.|gpt_neox\.|language_model\.|model\.language_model\.|language_model\.model\.|model\.decoder\.|bert\.|roberta\.)?(?:embeddings\.)?(?:embed_tokens|wte|word_embeddings|tok_embeddings|embed_in|embedding\.word_embeddings|shared)\.weight$/

/** Where the configuration, the index and the tokenizer say something else than the weights do; one sentence each, with both sides. */
export function checkWeights(structure: Partial<Structure>): string[] {
  const weights = structure.weights ?? []
  if (weights.length === 0) return []
  return [
    ...checkVocabulary(structure, weights),
    ...checkTokenizer(structure, weights),
    ...checkLayers(structure, weights),
    ...checkIndex(structure, weights),
  ]
}

type Table = { path: string; name: string; rows: number }

function embeddingTable(weights: readonly Weights[]): Table | undefined {
  for (const file of weights) {
    if (file.embeddingRows !== undefined)
      return { path: file.path, name: 'token_embd.weight', rows: file.embeddingRows }
  }
  for (const { path, tensors } of weights) {
    const found = tensors.find(({ name, shape }) => shape.length === 2 && embeddingName.test(name))
    if (found?.shape[0] !== undefined) return { path, name: found.name, rows: found.shape[0] }
  }
  return undefined
}

function checkVocabulary({ config }: Partial<Structure>, weights: readonly Weights[]): string[] {
  const table = embeddingTable(weights)
  if (table === undefined) return []
  const inHead = weights.find((file) => file.vocabulary !== undefined && file.embeddingRows !== undefined)
  if (inHead?.vocabulary !== undefined && inHead.vocabulary !== inHead.embeddingRows) {
    return [
      `${inHead.path} lists ${inHead.vocabulary} tokens, but ${table.name} in it has ${inHead.embeddingRows} rows.`,
    ]
  }
  const stated = config?.shape.vocabulary
  if (config === undefined || stated === undefined || config.path === table.path) return []
  if (table.rows >= stated && table.rows <= stated + padding) return []
  return [`${config.path} states a vocabulary of ${stated}, but ${table.name} in ${table.path} has ${table.rows} rows.`]
}

function checkTokenizer({ tokenizer }: Partial<Structure>, weights: readonly Weights[]): string[] {
  const table = embeddingTable(weights)
  if (tokenizer === undefined || table === undefined || tokenizer.highestId < table.rows) return []
  return [
    `${tokenizer.path} gives token ids up to ${tokenizer.highestId}, but ${table.name} in ${table.path} has ${table.rows} rows.`,
  ]
}

const decoderLayer =
  /^(?:model\.|transformer\.|gpt_neox\.|language_model\.|model\.language_model\.|language_model\.model\.)?(?:layers|h|blocks)\.(\d{1,5})\./
const encoderLayer = /^(?:\w+\.)?encoder\.layer\.(\d{1,5})\./

/** Counted over the tensors that heads list; where a head lists a part, only too many layers can be told. */
function checkLayers({ config }: Partial<Structure>, weights: readonly Weights[]): string[] {
  const stated = config?.shape.layers
  if (config === undefined || stated === undefined || weights.some((file) => file.format === 'gguf')) return []
  const names = weights.flatMap((file) => file.tensors.map(({ name }) => name))
  const pattern = names.some((name) => decoderLayer.test(name)) ? decoderLayer : encoderLayer
  const numbers = new Set(names.flatMap((name) => pattern.exec(name)?.[1] ?? []).map(Number))
  if (numbers.size === 0) return []
  const all = weights.every((file) => file.tensors.length === file.tensorCount)
  const highest = [...numbers].reduce((most, number) => Math.max(most, number), 0) + 1
  const tooMany = highest > stated + config.extraLayers
  if (!tooMany && (!all || numbers.size >= stated)) return []
  const count = tooMany ? highest : numbers.size
  return [
    `${config.path} states ${stated} layers, but the weights hold ${count}, such as in ${weights[0]?.path ?? ''}.`,
  ]
}

function checkIndex({ index }: Partial<Structure>, weights: readonly Weights[]): string[] {
  if (index === undefined) return []
  const byPath = new Map(weights.map((file) => [file.path, file]))
  const shards = index.shards.map((shard) => byPath.get(shard.replace(/^\.\//, '')))
  // A shard that is missing, or whose head was not read, is told elsewhere.
  if (shards.some((shard) => shard === undefined)) return []
  const held = shards.reduce((sum, shard) => sum + (shard?.tensorCount ?? 0), 0)
  return held === index.tensors
    ? []
    : [`${index.path} lists ${index.tensors} tensors, but the shards it names hold ${held}.`]
}

/** All tensors that heads list. */
export const tensorsOf = (weights: readonly Weights[]): TensorEntry[] => weights.flatMap((file) => [...file.tensors])

import { broken, shown } from './cursor.ts'
import type { GgufFile } from './read-gguf.ts'

/** Bounds of what a file may say about itself, an order of magnitude above the largest published models. */
const bounds: ReadonlyArray<readonly [key: string, most: number]> = [
  ['context_length', 2 ** 31],
  ['embedding_length', 2 ** 20],
  ['block_count', 10_000],
  ['attention.head_count', 65_536],
]
/** llama.cpp reads as many entries of these as there are tokens, and takes the type for granted. */
const perToken: ReadonlyArray<readonly [key: string, types: readonly string[]]> = [
  ['tokenizer.ggml.tokens', ['text']],
  ['tokenizer.ggml.scores', ['f32']],
  ['tokenizer.ggml.token_type', ['i32', 'u32']],
]

/**
 * Refuses sizes that no model has and a vocabulary whose parts do not fit: they end the engine process instead of its load.
 * @throws EngineProblem 422 `broken_model`
 */
export function checkModel({ values, arrays, tensors }: GgufFile): void {
  const architecture = values.get('general.architecture')
  if (typeof architecture !== 'string' || architecture === '') {
    throw broken('The file does not say which architecture it has.')
  }
  // State-space models have no attention; their exporters write zero heads.
  const withoutAttention = /^(mamba|rwkv|arwkv|jamba|falcon-h1|granitehybrid|nemotron_h|lfm2|plamo)/.test(architecture)
  for (const [key, most] of bounds) {
    const value = values.get(`${architecture}.${key}`)
    if (value === undefined) continue
    const zeroIsFine = withoutAttention && key.startsWith('attention.')
    if (typeof value !== 'number' || value > most || !Number.isInteger(value) || value < (zeroIsFine ? 0 : 1)) {
      throw broken(`The file says that the model's ${key} is ${String(value)}, which no model has.`)
    }
  }
  checkHeads(architecture, values)
  const feedForward = `${architecture}.feed_forward_length`
  const stated = values.get(feedForward) ?? arrays.get(feedForward)?.count ?? 0
  if (stated === 0 && tensors.some((name) => name.endsWith('.ffn_up.weight'))) {
    throw broken(`The file has feed-forward weights and does not say ${shown(feedForward)}.`)
  }
  const tokens = arrays.get('tokenizer.ggml.tokens')?.count
  for (const [key, types] of perToken) {
    const array = arrays.get(key)
    if (array === undefined) {
      if (values.has(key)) throw broken(`The file gives ${shown(key)} as a single value; a list belongs there.`)
      continue
    }
    if (!types.includes(array.type)) throw broken(`The file gives ${shown(key)} as ${array.type} values.`)
    if (array.count !== tokens) {
      throw broken(`The file has ${array.count} entries in ${shown(key)} for a vocabulary of ${tokens ?? 0} tokens.`)
    }
  }
}

/** The dimensions of attention must divide: llama.cpp asserts it while it builds the graph. */
function checkHeads(architecture: string, values: GgufFile['values']): void {
  const number = (key: string): number | undefined => {
    const value = values.get(`${architecture}.${key}`)
    return typeof value === 'number' ? value : undefined
  }
  const [heads, kvHeads] = [number('attention.head_count'), number('attention.head_count_kv')]
  if (heads !== undefined && kvHeads !== undefined && (kvHeads > heads || (kvHeads > 0 && heads % kvHeads !== 0))) {
    throw broken(`The file says that ${heads} attention heads share ${kvHeads} key heads, which does not divide.`)
  }
  const rope = number('rope.dimension_count')
  if (rope !== undefined && (rope < 0 || rope % 2 !== 0)) {
    throw broken(`The file says that positions turn ${rope} dimensions; only an even number can.`)
  }
}

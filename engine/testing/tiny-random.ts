import type { GgufModel, GgufTensor, GgufValue } from '../starter/gguf-writer.ts'
import { asciiVocabulary, specialIds } from '../starter/vocabulary.ts'

/** What to change about the model to break it. */
export type TinyRandomOptions = {
  seed?: number
  headCount?: number
  eosId?: number
  /** Fills every weight of the output tensor with this value. */
  outputFill?: number
  /** Undefined = no template. */
  chatTemplate?: string
  contextLength?: number
}

const width = 64
const feedForward = 128
const heads = 4
const kvHeads = 2
const blocks = 2

/** A small llama model with seeded random weights: loads and runs, says nonsense. Deterministic for equal options. */
export function tinyRandomModel(options: TinyRandomOptions = {}): GgufModel {
  const vocabulary = asciiVocabulary()
  const random = seededNumbers(options.seed ?? 1)
  const tensor = (name: string, dims: number[], value?: number): GgufTensor => ({
    name: `${name}.weight`,
    dims,
    data: () => Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => value ?? (random() - 0.5) * 0.4),
  })
  const kvWidth = (width / heads) * kvHeads
  const block = (index: number): GgufTensor[] => {
    const name = (part: string): string => `blk.${index}.${part}`
    return [
      tensor(name('attn_norm'), [width], 1),
      tensor(name('attn_q'), [width, width]),
      tensor(name('attn_k'), [width, kvWidth]),
      tensor(name('attn_v'), [width, kvWidth]),
      tensor(name('attn_output'), [width, width]),
      tensor(name('ffn_norm'), [width], 1),
      tensor(name('ffn_gate'), [width, feedForward]),
      tensor(name('ffn_up'), [width, feedForward]),
      tensor(name('ffn_down'), [feedForward, width]),
    ]
  }
  return {
    metadata: metadataOf(vocabulary, options),
    tensors: [
      tensor('token_embd', [width, vocabulary.length]),
      tensor('output_norm', [width], 1),
      tensor('output', [width, vocabulary.length], options.outputFill),
      ...Array.from({ length: blocks }, (_none, index) => block(index)).flat(),
    ],
  }
}

function metadataOf(
  vocabulary: ReturnType<typeof asciiVocabulary>,
  options: TinyRandomOptions,
): Array<[string, GgufValue]> {
  const u32 = (value: number): GgufValue => ({ type: 'u32', value })
  const string = (value: string): GgufValue => ({ type: 'string', value })
  return [
    ['general.architecture', string('llama')],
    ['general.name', string('tiny-random')],
    ['general.file_type', u32(0)],
    ['general.alignment', u32(32)],
    ['llama.context_length', u32(options.contextLength ?? 512)],
    ['llama.embedding_length', u32(width)],
    ['llama.block_count', u32(blocks)],
    ['llama.feed_forward_length', u32(feedForward)],
    ['llama.attention.head_count', u32(options.headCount ?? heads)],
    ['llama.attention.head_count_kv', u32(kvHeads)],
    ['llama.rope.dimension_count', u32(width / heads)],
    ['llama.attention.layer_norm_rms_epsilon', { type: 'f32', value: 1e-5 }],
    ['llama.vocab_size', u32(vocabulary.length)],
    ['tokenizer.ggml.model', string('llama')],
    ['tokenizer.ggml.tokens', { type: 'array', of: 'string', value: vocabulary.map((token) => token.text) }],
    ['tokenizer.ggml.scores', { type: 'array', of: 'f32', value: vocabulary.map((token) => token.score) }],
    ['tokenizer.ggml.token_type', { type: 'array', of: 'i32', value: vocabulary.map((token) => token.type) }],
    ['tokenizer.ggml.bos_token_id', u32(specialIds.bos)],
    ['tokenizer.ggml.eos_token_id', u32(options.eosId ?? specialIds.eos)],
    ['tokenizer.ggml.unknown_token_id', u32(specialIds.unknown)],
    ['tokenizer.ggml.add_bos_token', { type: 'bool', value: true }],
    ['tokenizer.ggml.add_space_prefix', { type: 'bool', value: false }],
    ...(options.chatTemplate === undefined
      ? []
      : [['tokenizer.chat_template', string(options.chatTemplate)] as [string, GgufValue]]),
  ]
}

/** Seeded numbers in [0, 1): a linear congruential sequence, good enough for weights that mean nothing. */
function seededNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

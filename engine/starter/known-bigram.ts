import { bigramVocabulary, successorsOf } from './bigram-chain.ts'
import type { GgufModel, GgufTensor, GgufValue } from './gguf-writer.ts'
import { ggufBytes } from './gguf-writer.ts'
import { knownBigramCard } from './model-card.ts'
import { specialIds } from './vocabulary.ts'

const normEpsilon = 1e-5
/** Logit of a certain successor over 0 for all others: the others share 400 × e^-40, below what a float can show. */
const certainLogit = 40
const headSize = 32
const feedForward = 32

/** Prompt and answer together, in tokens. */
const knownBigramContext = 2048

/** Renders the last user message and nothing else, because the model looks at the last token only. */
const chatTemplate =
  "{%- set ns = namespace(text='') -%}{%- for message in messages -%}{%- if message['role'] == 'user' -%}" +
  "{%- set ns.text = message['content'] -%}{%- endif -%}{%- endfor -%}{{- ns.text -}}"

export type StarterFile = { name: string; bytes: Uint8Array<ArrayBuffer> }

/**
 * The known-answer starter model and its card. Pure and deterministic: every call gives the same bytes.
 * One-hot embeddings and zero attention and feed-forward weights leave a logit that depends on the last token only;
 * RMS norm turns a one-hot vector of width E into 1 / sqrt(1/E + eps), which the output weight takes back.
 */
export function buildKnownBigram(): { bytes: Uint8Array<ArrayBuffer>; files: StarterFile[] } {
  const bytes = ggufBytes(knownBigramModel())
  const card = new Uint8Array(new TextEncoder().encode(knownBigramCard))
  return {
    bytes,
    files: [
      { name: 'known-bigram.gguf', bytes },
      { name: 'README.md', bytes: card },
    ],
  }
}

/** The model before it is written: metadata and tensors. */
export function knownBigramModel(): GgufModel {
  const vocabulary = bigramVocabulary.length
  const width = Math.ceil(vocabulary / 32) * 32
  return { metadata: metadataOf(vocabulary, width), tensors: tensorsOf(vocabulary, width) }
}

function metadataOf(vocabulary: number, width: number): Array<[string, GgufValue]> {
  const u32 = (value: number): GgufValue => ({ type: 'u32', value })
  const string = (value: string): GgufValue => ({ type: 'string', value })
  return [
    ['general.architecture', string('llama')],
    ['general.name', string('known-bigram')],
    ['general.license', string('apache-2.0')],
    ['general.file_type', u32(0)],
    ['general.alignment', u32(32)],
    ['llama.context_length', u32(knownBigramContext)],
    ['llama.embedding_length', u32(width)],
    ['llama.block_count', u32(1)],
    ['llama.feed_forward_length', u32(feedForward)],
    ['llama.attention.head_count', u32(width / headSize)],
    ['llama.attention.head_count_kv', u32(1)],
    ['llama.rope.dimension_count', u32(headSize)],
    ['llama.attention.layer_norm_rms_epsilon', { type: 'f32', value: normEpsilon }],
    ['llama.vocab_size', u32(vocabulary)],
    ['tokenizer.ggml.model', string('llama')],
    ['tokenizer.ggml.tokens', { type: 'array', of: 'string', value: bigramVocabulary.map((token) => token.text) }],
    ['tokenizer.ggml.scores', { type: 'array', of: 'f32', value: bigramVocabulary.map((token) => token.score) }],
    ['tokenizer.ggml.token_type', { type: 'array', of: 'i32', value: bigramVocabulary.map((token) => token.type) }],
    ['tokenizer.ggml.bos_token_id', u32(specialIds.bos)],
    ['tokenizer.ggml.eos_token_id', u32(specialIds.eos)],
    ['tokenizer.ggml.unknown_token_id', u32(specialIds.unknown)],
    ['tokenizer.ggml.add_bos_token', { type: 'bool', value: true }],
    ['tokenizer.ggml.add_space_prefix', { type: 'bool', value: false }],
    ['tokenizer.chat_template', string(chatTemplate)],
  ]
}

function tensorsOf(vocabulary: number, width: number): GgufTensor[] {
  const zero = (name: string, dims: number[]): GgufTensor => ({
    name: `${name}.weight`,
    dims,
    data: () => new Float32Array(dims.reduce((a, b) => a * b, 1)),
  })
  const one = (name: string): GgufTensor => ({
    name: `${name}.weight`,
    dims: [width],
    data: () => new Float32Array(width).fill(1),
  })
  return [
    { name: 'token_embd.weight', dims: [width, vocabulary], data: () => oneHot(vocabulary, width) },
    one('output_norm'),
    { name: 'output.weight', dims: [width, vocabulary], data: () => transitions(vocabulary, width) },
    one('blk.0.attn_norm'),
    zero('blk.0.attn_q', [width, width]),
    zero('blk.0.attn_k', [width, headSize]),
    zero('blk.0.attn_v', [width, headSize]),
    zero('blk.0.attn_output', [width, width]),
    one('blk.0.ffn_norm'),
    zero('blk.0.ffn_gate', [width, feedForward]),
    zero('blk.0.ffn_up', [width, feedForward]),
    zero('blk.0.ffn_down', [feedForward, width]),
  ]
}

function oneHot(vocabulary: number, width: number): Float32Array {
  const data = new Float32Array(width * vocabulary)
  for (let id = 0; id < vocabulary; id++) data[id * width + id] = 1
  return data
}

function transitions(vocabulary: number, width: number): Float32Array {
  const data = new Float32Array(width * vocabulary)
  const scale = Math.sqrt(1 / width + normEpsilon)
  for (let current = 0; current < vocabulary; current++) {
    for (const next of successorsOf(current)) {
      data[next.id * width + current] = (certainLogit + Math.log(next.probability)) * scale
    }
  }
  return data
}

import type { GgufModel, GgufValue } from '../starter/gguf-writer.ts'
import { ggufBytes } from '../starter/gguf-writer.ts'
import { tinyRandomModel } from './tiny-random.ts'

/** A file that no engine should serve, and why the host must say it does not. */
export type BrokenModel = {
  name: string
  bytes: Uint8Array<ArrayBuffer>
  /** The code of the refusal. */
  code: 'broken_model' | 'nan_logits' | 'engine_crashed'
  /** What the reason must speak of. */
  says: RegExp
}

/** Broken GGUF files of every kind that was seen to pass, stop or kill the engine. */
export function brokenModels(): BrokenModel[] {
  return [...refusedByTheirHead(), ...refusedByTheirValues(), ...refusedByTheEngine()]
}

/** A split of one model in which something is wrong: all parts have its bytes. */
export type BrokenSplit = { name: string; parts: Uint8Array<ArrayBuffer>[]; says: RegExp }

export function brokenSplits(): BrokenSplit[] {
  const part = (no: number, count: number) =>
    change({ 'split.no': { type: 'u16', value: no }, 'split.count': { type: 'u16', value: count } })
  return [
    { name: 'part-missing', parts: [part(0, 3), part(1, 3)], says: /split into 3 parts; 2 are here/ },
    { name: 'part-twice', parts: [part(0, 2), part(0, 2)], says: /call themselves number 0/ },
    { name: 'parts-of-two-splits', parts: [part(0, 2), part(1, 3)], says: /disagree/ },
    { name: 'part-beyond', parts: [part(0, 2), part(7, 2)], says: /number 7 of 2/ },
    { name: 'last-part-first', parts: [part(1, 2), part(0, 2)], says: /not its first part/ },
    { name: 'two-whole-models', parts: [good(), good()], says: /comes with 1 more/ },
  ]
}

function refusedByTheirHead(): BrokenModel[] {
  const broken = (name: string, bytes: Uint8Array<ArrayBuffer>, says: RegExp): BrokenModel => ({
    name,
    bytes,
    code: 'broken_model',
    says,
  })
  return [
    broken('truncated', good().slice(0, Math.floor(good().length * 0.6)), /the file has/),
    broken('truncated-head', good().slice(0, 400), /the file/i),
    broken('truncated-by-one', good().slice(0, -33), /the file has/),
    broken('giant-tensor-count', patched(8, 2n ** 60n), /claims \d+ tensors/),
    broken('giant-key-count', patched(16, 2n ** 62n), /claims \d+ keys/),
    broken('giant-key-length', patched(24, 2n ** 63n - 1n), /length of a key/),
    broken('not-gguf', new Uint8Array(Buffer.from('this is not a model, only text')), /not a GGUF/),
    broken('empty', new Uint8Array(0), /not a GGUF/),
    broken('version-1', patched32(4, 1), /version 1 is not supported/),
    broken('version-4', patched32(4, 4), /version 4 is not supported/),
    broken('big-endian', patched32(4, 0x03_00_00_00), /big-endian/),
    broken('giant-vocabulary', afterKey('tokenizer.ggml.tokens', 8, 2n ** 31n), /claims 2147483648 entries/),
    broken('unknown-value-type', afterKey32('llama.block_count', 0, 77), /unknown type 77/),
    broken('overlapping-tensors', tensorField('blk.0.attn_q.weight', 'offset', 0n), /overlap/),
    broken('tensor-beyond-the-end', tensorField('output.weight', 'offset', 2n ** 40n), /the file has/),
    broken('tensor-misaligned', tensorField('output.weight', 'offset', 33n), /not aligned/),
    broken('tensor-of-no-rows', tensorField('output.weight', 'dim', 0n), /impossible shape/),
    broken('tensor-beyond-64-bits', tensorField('output.weight', 'dim', 2n ** 62n), /impossible shape/),
  ]
}

function refusedByTheirValues(): BrokenModel[] {
  const broken = (name: string, keys: Record<string, GgufValue | undefined>, says: RegExp): BrokenModel => ({
    name,
    bytes: change(keys),
    code: 'broken_model',
    says,
  })
  const u32 = (value: number): GgufValue => ({ type: 'u32', value })
  const list = (of: 'u32' | 'i32' | 'f32', count: number): GgufValue => ({
    type: 'array',
    of,
    value: Array(count).fill(1) as number[],
  })
  return [
    broken('head-count-0', { 'llama.attention.head_count': u32(0) }, /head_count is 0/),
    broken('heads-that-do-not-divide', { 'llama.attention.head_count_kv': u32(3) }, /does not divide/),
    broken('context-length-0', { 'llama.context_length': u32(0) }, /context_length is 0/),
    broken('context-length-2-40', { 'llama.context_length': { type: 'u64', value: 2 ** 40 } }, /context_length is/),
    broken('embedding-length-0', { 'llama.embedding_length': u32(0) }, /embedding_length is 0/),
    broken('a-billion-blocks', { 'llama.block_count': u32(1e9) }, /block_count is/),
    broken('rope-dimensions-odd', { 'llama.rope.dimension_count': u32(15) }, /even number/),
    broken('no-feed-forward-length', { 'llama.feed_forward_length': undefined }, /feed_forward_length/),
    broken('alignment-0', { 'general.alignment': u32(0) }, /aligned to 0 bytes/),
    broken('alignment-48', { 'general.alignment': u32(48) }, /aligned to 48 bytes/),
    broken('no-architecture', { 'general.architecture': undefined }, /which architecture/),
    broken('scores-too-few', { 'tokenizer.ggml.scores': list('f32', 7) }, /7 entries/),
    broken('types-too-few', { 'tokenizer.ggml.token_type': list('i32', 7) }, /7 entries/),
    broken('scores-of-another-type', { 'tokenizer.ggml.scores': list('i32', 354) }, /as i32 values/),
    broken('tokens-that-are-numbers', { 'tokenizer.ggml.tokens': list('u32', 354) }, /as u32 values/),
    broken('tokens-that-are-one-text', { 'tokenizer.ggml.tokens': { type: 'string', value: 'a' } }, /single value/),
  ]
}

/** What only shows when the engine itself looks: in its child, which may end for it. */
function refusedByTheEngine(): BrokenModel[] {
  const made = (options: Parameters<typeof tinyRandomModel>[0]) => ggufBytes(tinyRandomModel(options))
  const model = tinyRandomModel()
  const twice = model.metadata.map(([key, value]): readonly [string, GgufValue] =>
    key === 'tokenizer.ggml.tokens' && value.type === 'array' && value.of === 'string'
      ? [key, { ...value, value: value.value.map((text, at) => (at === 300 ? (value.value[301] ?? text) : text)) }]
      : [key, value],
  )
  const without = (name: string): GgufModel => ({
    ...model,
    tensors: model.tensors.filter((tensor) => tensor.name !== name),
  })
  const reshaped = model.tensors.map((tensor) =>
    tensor.name === 'blk.0.ffn_norm.weight' ? { ...tensor, dims: [32], data: () => new Float32Array(32) } : tensor,
  )
  const text = (value: string): GgufValue => ({ type: 'string', value })
  return [
    { name: 'nan-weights', bytes: made({ outputFill: Number.NaN }), code: 'nan_logits', says: /NaN/ },
    { name: 'infinite-weights', bytes: made({ outputFill: Infinity }), code: 'nan_logits', says: /NaN/ },
    { name: 'bad-eos', bytes: made({ eosId: 100_000 }), code: 'broken_model', says: /100000 as eos_token_id/ },
    { name: 'tensor-missing', bytes: ggufBytes(without('blk.1.attn_q.weight')), code: 'broken_model', says: /attn_q/ },
    { name: 'wrong-shape', bytes: ggufBytes({ ...model, tensors: reshaped }), code: 'broken_model', says: /ffn_norm/ },
    {
      name: 'unknown-architecture',
      bytes: change({ 'general.architecture': text('nonesuch') }),
      code: 'broken_model',
      says: /nonesuch/,
    },
    {
      name: 'unknown-tensor-type',
      bytes: tensorField('output.weight', 'type', 999n),
      code: 'broken_model',
      says: /type/,
    },
    {
      name: 'token-twice',
      bytes: ggufBytes({ ...model, metadata: twice }),
      code: 'engine_crashed',
      says: /SIGABRT.*llama-vocab\.cpp.*GGML_ASSERT/,
    },
  ]
}

const good = () => ggufBytes(tinyRandomModel())

/** The good model with other values for some keys; undefined takes a key out. */
function change(keys: Readonly<Record<string, GgufValue | undefined>>): Uint8Array<ArrayBuffer> {
  const model = tinyRandomModel()
  const kept = model.metadata.filter(([key]) => !(key in keys))
  const added = Object.entries(keys).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]))
  return ggufBytes({ ...model, metadata: [...kept, ...added] })
}

function patched(at: number, value: bigint): Uint8Array<ArrayBuffer> {
  const bytes = good()
  new DataView(bytes.buffer).setBigUint64(at, value, true)
  return bytes
}

function patched32(at: number, value: number): Uint8Array<ArrayBuffer> {
  const bytes = good()
  new DataView(bytes.buffer).setUint32(at, value, true)
  return bytes
}

const placeAfter = (text: string) => Buffer.from(good()).indexOf(text) + text.length
const afterKey = (key: string, offset: number, value: bigint) => patched(placeAfter(key) + offset, value)
const afterKey32 = (key: string, offset: number, value: number) => patched32(placeAfter(key) + offset, value)

/** Behind the name of a tensor of two dimensions: rank, dimensions, type, offset. */
function tensorField(name: string, field: 'dim' | 'type' | 'offset', value: bigint): Uint8Array<ArrayBuffer> {
  const at = placeAfter(name) + 4
  if (field === 'type') return patched32(at + 16, Number(value))
  return patched(at + (field === 'dim' ? 8 : 20), value)
}

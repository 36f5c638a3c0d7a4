import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildKnownBigram } from '../../../engine/starter/index.ts'

/** Writes files below `folder` and gives the folder. */
export function writeFolder(folder: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  mkdirSync(folder, { recursive: true })
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

export type F32Tensor = { name: string; shape: readonly number[]; data: Float32Array }

/** A safetensors file of F32 tensors. Layout: https://huggingface.co/docs/safetensors */
export function safetensorsBytes(tensors: readonly F32Tensor[]): Uint8Array<ArrayBuffer> {
  const entries: Record<string, unknown> = { __metadata__: { format: 'pt' } }
  let end = 0
  for (const { name, shape, data } of tensors) {
    entries[name] = { dtype: 'F32', shape, data_offsets: [end, end + data.byteLength] }
    end += data.byteLength
  }
  const json = JSON.stringify(entries)
  const header = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8))
  const bytes = new Uint8Array(8 + header.length + end)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true)
  bytes.set(header, 8)
  let at = 8 + header.length
  for (const { data } of tensors) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at)
    at += data.byteLength
  }
  return bytes
}

/** Numbers that follow from a seed, so that files differ from each other and never between runs. */
export function seededFloats(count: number, seed: number): Float32Array {
  let state = seed >>> 0
  const floats = new Float32Array(count)
  for (let index = 0; index < count; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    floats[index] = state / 2 ** 32 - 0.5
  }
  return floats
}

/** Seeded numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0
    return state / 2 ** 32
  }
}

/**
 * A folder as publishers lay it out: sharded safetensors with their index (`megabytes` in all), a GGUF that runs, configuration,
 * card and license. Weights of another `seed` share no bytes.
 */
export function writeMultiFileModel(folder: string, megabytes: number, seed = 0): string {
  const shards = 3
  const perShard = Math.floor((megabytes * 2 ** 20) / shards / 4 / 1024) * 1024
  const map: Record<string, string> = {}
  mkdirSync(folder, { recursive: true })
  for (let shard = 1; shard <= shards; shard++) {
    const file = `model-0000${shard}-of-0000${shards}.safetensors`
    const name = `model.layers.${shard}.weight`
    map[name] = file
    const data = seededFloats(perShard, seed * shards + shard)
    writeFileSync(join(folder, file), safetensorsBytes([{ name, shape: [perShard / 1024, 1024], data }]))
  }
  const index = { metadata: { total_size: perShard * 4 * shards }, weight_map: map }
  return writeFolder(folder, {
    'model.safetensors.index.json': JSON.stringify(index),
    'config.json': JSON.stringify({ architectures: ['LlamaForCausalLM'], model_type: 'llama', hidden_size: 1024 }),
    'generation_config.json': JSON.stringify({ temperature: 0.7 }),
    'known-bigram.gguf': buildKnownBigram().bytes,
    'README.md': '---\nlicense: apache-2.0\n---\n# A model of many files\n',
    LICENSE: 'Apache License\nVersion 2.0, January 2004\nhttp://www.apache.org/licenses/\n',
  })
}

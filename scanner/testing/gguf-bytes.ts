import { Buffer } from 'node:buffer'

type Value =
  | { type: 'u8' | 'u32' | 'i32' | 'u64'; value: number | bigint }
  | { type: 'f32'; value: number }
  | { type: 'bool'; value: number }
  | { type: 'string'; value: string }
  | { type: 'strings'; value: string[] }

export type GgufTensorSpec = {
  name: string
  dimensions: (number | bigint)[]
  type?: number
  /** Relative to the data; by default right behind the tensor before. */
  offset?: number | bigint
  /** Bytes it takes in the file; by default as F32 of its dimensions. */
  bytes?: number
}

export type GgufSpec = {
  version?: number
  metadata?: [key: string, value: Value][]
  tensors?: GgufTensorSpec[]
  metadataCount?: number | bigint
  tensorCount?: number | bigint
  alignment?: number
  /** Appended behind everything. */
  trailing?: Uint8Array
}

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
const u64 = (value: number | bigint): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
const text = (value: string): Buffer => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)])

function encode(value: Value): Buffer {
  switch (value.type) {
    case 'u8':
      return Buffer.concat([u32(0), Buffer.from([Number(value.value)])])
    case 'u32':
      return Buffer.concat([u32(4), u32(Number(value.value))])
    case 'i32':
      return Buffer.concat([u32(5), u32(Number(value.value) >>> 0)])
    case 'u64':
      return Buffer.concat([u32(10), u64(value.value)])
    case 'f32': {
      const bytes = Buffer.alloc(4)
      bytes.writeFloatLE(value.value)
      return Buffer.concat([u32(6), bytes])
    }
    case 'bool':
      return Buffer.concat([u32(7), Buffer.from([value.value])])
    case 'string':
      return Buffer.concat([u32(8), text(value.value)])
    case 'strings':
      return Buffer.concat([u32(9), u32(8), u64(value.value.length), ...value.value.map(text)])
  }
}

/** The bytes of a GGUF file, right or wrong as asked. */
export function ggufBytes(spec: GgufSpec = {}): Buffer {
  const { version = 3, metadata = [], tensors = [], alignment = 32 } = spec
  const header: Buffer[] = [
    Buffer.from('GGUF'),
    u32(version),
    u64(spec.tensorCount ?? tensors.length),
    u64(spec.metadataCount ?? metadata.length),
  ]
  for (const [key, value] of metadata) header.push(text(key), encode(value))
  const data: Buffer[] = []
  let at = 0
  for (const tensor of tensors) {
    const bytes =
      tensor.bytes ?? Number(tensor.dimensions.reduce<bigint>((product, size) => product * BigInt(size), 4n))
    header.push(text(tensor.name), u32(tensor.dimensions.length), ...tensor.dimensions.map(u64))
    header.push(u32(tensor.type ?? 0), u64(tensor.offset ?? at))
    const padded = Math.ceil(bytes / alignment) * alignment
    data.push(Buffer.alloc(padded, 7).fill(0, bytes))
    at += padded
  }
  const head = Buffer.concat(header)
  const padding = Buffer.alloc(tensors.length === 0 ? 0 : (alignment - (head.length % alignment)) % alignment)
  return Buffer.concat([head, padding, ...data, spec.trailing ?? Buffer.alloc(0)])
}

/** Metadata of a small, plausible model. */
export function plainMetadata(template?: string): [string, Value][] {
  return [
    ['general.architecture', { type: 'string', value: 'llama' }],
    ['general.name', { type: 'string', value: 'tiny' }],
    ['general.license', { type: 'string', value: 'apache-2.0' }],
    ['general.file_type', { type: 'u32', value: 0 }],
    ['llama.context_length', { type: 'u32', value: 128 }],
    ['llama.embedding_length', { type: 'u32', value: 8 }],
    ['llama.block_count', { type: 'u32', value: 1 }],
    ['llama.feed_forward_length', { type: 'u32', value: 16 }],
    ['llama.attention.head_count', { type: 'u32', value: 2 }],
    ['llama.attention.head_count_kv', { type: 'u32', value: 1 }],
    ['tokenizer.ggml.model', { type: 'string', value: 'gpt2' }],
    ['tokenizer.ggml.tokens', { type: 'strings', value: ['a', 'b', 'c'] }],
    ['tokenizer.ggml.bos_token_id', { type: 'u32', value: 1 }],
    ['tokenizer.ggml.eos_token_id', { type: 'u32', value: 2 }],
    ...(template === undefined
      ? []
      : [['tokenizer.chat_template', { type: 'string', value: template }] as [string, Value]]),
  ]
}

/** A small GGUF file without anything wrong. */
export function plainGguf(template?: string): Buffer {
  const tensors = [
    { name: 'token_embd.weight', dimensions: [8, 3] },
    { name: 'output.weight', dimensions: [8, 3] },
  ]
  return ggufBytes({ metadata: plainMetadata(template), tensors })
}

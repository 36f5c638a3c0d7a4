import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** A metadata value with its GGUF type. */
export type GgufValue =
  | { type: 'u16' | 'u32' | 'i32' | 'f32' | 'u64'; value: number }
  | { type: 'bool'; value: boolean }
  | { type: 'string'; value: string }
  | { type: 'array'; of: 'u32' | 'i32' | 'f32'; value: readonly number[] }
  | { type: 'array'; of: 'string'; value: readonly string[] }

/** One F32 tensor. `dims` are fastest first; `data` is called once, when its turn to be written comes. */
export type GgufTensor = { name: string; dims: readonly number[]; data: () => Float32Array }

export type GgufModel = {
  metadata: ReadonlyArray<readonly [key: string, value: GgufValue]>
  tensors: readonly GgufTensor[]
}

/** Alignment in bytes of the data section and of each tensor (the default of the format). */
const ggufAlignment = 32

const typeNumber = { u16: 2, u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9, u64: 10 } as const

/**
 * The bytes of a GGUF version 3 file, little endian, one tensor at a time, so that memory holds one tensor at most.
 * Throws RangeError when a tensor's data does not match its dimensions.
 * Layout: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
function* ggufChunks(model: GgufModel): Generator<Uint8Array> {
  const head = headOf(model)
  yield head
  yield padding(head.length)
  for (const tensor of model.tensors) {
    const data = tensor.data()
    if (data.length !== elementsOf(tensor)) throw new RangeError(`tensor ${tensor.name} has ${data.length} elements`)
    yield new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    yield padding(data.byteLength)
  }
}

/** The whole file in memory. Meant for models of a few megabytes. */
export function ggufBytes(model: GgufModel): Uint8Array<ArrayBuffer> {
  return concat([...ggufChunks(model)])
}

/** Streams the file to `path`, which must not exist yet. */
export async function writeGguf(path: string, model: GgufModel, signal?: AbortSignal): Promise<void> {
  const options = signal === undefined ? {} : { signal }
  await pipeline(Readable.from(ggufChunks(model)), createWriteStream(path, { flags: 'wx' }), options)
}

function headOf(model: GgufModel): Uint8Array {
  const parts: Uint8Array[] = [utf8('GGUF'), u32(3), u64(model.tensors.length), u64(model.metadata.length)]
  for (const [key, value] of model.metadata) parts.push(text(key), u32(typeNumber[value.type]), valueBytes(value))
  let offset = 0
  for (const tensor of model.tensors) {
    parts.push(text(tensor.name), u32(tensor.dims.length), ...tensor.dims.map(u64), u32(0), u64(offset))
    offset += aligned(elementsOf(tensor) * 4)
  }
  return concat(parts)
}

function valueBytes(value: GgufValue): Uint8Array {
  if (value.type === 'bool') return Uint8Array.of(value.value ? 1 : 0)
  if (value.type === 'string') return text(value.value)
  if (value.type !== 'array') return numberBytes(value.type, value.value)
  const items = value.of === 'string' ? value.value.map(text) : value.value.map((item) => numberBytes(value.of, item))
  return concat([u32(typeNumber[value.of]), u64(value.value.length), ...items])
}

function numberBytes(type: 'u16' | 'u32' | 'i32' | 'f32' | 'u64', value: number): Uint8Array {
  if (type === 'u16') {
    const short = Buffer.alloc(2)
    short.writeUInt16LE(value)
    return short
  }
  if (type === 'u64') return u64(value)
  if (type === 'u32') return u32(value)
  const bytes = Buffer.alloc(4)
  if (type === 'i32') bytes.writeInt32LE(value)
  else bytes.writeFloatLE(value)
  return bytes
}

const elementsOf = (tensor: GgufTensor): number => tensor.dims.reduce((product, dim) => product * dim, 1)
const aligned = (size: number): number => Math.ceil(size / ggufAlignment) * ggufAlignment
const padding = (size: number): Uint8Array => new Uint8Array(aligned(size) - size)
const utf8 = (value: string): Uint8Array => Buffer.from(value, 'utf8')

function text(value: string): Uint8Array {
  const bytes = utf8(value)
  return concat([u64(bytes.length), bytes])
}

function u32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function u64(value: number): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    result.set(part, at)
    at += part.length
  }
  return result
}

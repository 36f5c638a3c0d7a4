import type { Cursor } from './cursor.ts'
import { broken, shown } from './cursor.ts'
import { readTensors } from './read-tensors.ts'

/** What the head of a GGUF file says: scalars by key, and of arrays what they hold. */
export type GgufFile = {
  values: ReadonlyMap<string, number | string | boolean>
  arrays: ReadonlyMap<string, { type: string; count: number }>
  /** Names. */
  tensors: readonly string[]
}

const typeNames = ['u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'f32', 'bool', 'text', 'array', 'u64', 'i64', 'f64'] as const
const sizes = [1, 1, 2, 2, 4, 4, 4, 1, 8, 12, 8, 8, 8] as const
type TypeName = (typeof typeNames)[number]

const maxKeys = 65_536
const maxKeyBytes = 65_535
const maxTexts = 4_194_304
const maxKeptText = 256
/** Version 3 as a reader of the other byte order sees it. */
const bigEndian = 0x03_00_00_00

/**
 * Reads the whole head of a GGUF version 2 or 3 and checks it as a loader would have to: nothing claimed lies outside the file.
 * @throws EngineProblem 422 `broken_model` that says what is wrong
 */
export async function readGguf(cursor: Cursor): Promise<GgufFile> {
  if (cursor.remaining() < 24 || (await cursor.bytes(4)).toString('latin1') !== 'GGUF') {
    throw broken('The file is not a GGUF file.')
  }
  const version = await cursor.u32()
  if (version === bigEndian) throw broken('The file is a big-endian GGUF; this engine reads little-endian ones.')
  if (version < 2 || version > 3) throw broken(`GGUF version ${version} is not supported.`)
  const tensors = await countOf(cursor, 'tensors', 24)
  const keys = await countOf(cursor, 'keys', 13)
  if (keys > maxKeys) throw broken(`The file claims ${keys} keys; at most ${maxKeys} are read.`)
  const values = new Map<string, number | string | boolean>()
  const arrays = new Map<string, { type: string; count: number }>()
  for (let i = 0; i < keys; i++) {
    const name = await readText(cursor, maxKeyBytes, 'a key')
    if (name === '') throw broken('A key of the file has no name.')
    const type = await typeOf(cursor, name)
    if (type === 'array') arrays.set(name, await skipArray(cursor, name))
    else values.set(name, await readValue(cursor, type, name))
  }
  const alignment = values.get('general.alignment') ?? 32
  if (typeof alignment !== 'number' || alignment < 1 || !Number.isInteger(Math.log2(alignment))) {
    throw broken(`The file says that its data is aligned to ${String(alignment)} bytes, which is no power of two.`)
  }
  return { values, arrays, tensors: await readTensors(cursor, tensors, alignment) }
}

/** @param least bytes that one of them takes */
async function countOf(cursor: Cursor, what: string, least: number): Promise<number> {
  const count = await cursor.u64()
  if (count > BigInt(Math.floor(cursor.remaining() / least))) {
    throw broken(`The file claims ${count} ${what}; ${cursor.remaining()} bytes hold far fewer.`)
  }
  return Number(count)
}

async function typeOf(cursor: Cursor, key: string): Promise<TypeName> {
  const id = await cursor.u32()
  const type = typeNames[id]
  if (type === undefined) throw broken(`The value of ${shown(key)} has the unknown type ${id}.`)
  return type
}

async function lengthOf(cursor: Cursor, what: string): Promise<number> {
  const length = await cursor.u64()
  if (length > BigInt(cursor.remaining())) {
    throw broken(`The length of ${what} is ${length} bytes; the file has ${cursor.remaining()} left.`)
  }
  return Number(length)
}

async function readText(cursor: Cursor, most: number, what: string): Promise<string> {
  const length = await lengthOf(cursor, what)
  if (length > most) throw broken(`The length of ${what} is ${length} bytes; at most ${most} are read.`)
  return (await cursor.bytes(length)).toString('utf8')
}

async function readValue(
  cursor: Cursor,
  type: Exclude<TypeName, 'array'>,
  key: string,
): Promise<number | string | boolean> {
  if (type !== 'text') return readers[type](await cursor.bytes(sizes[typeNames.indexOf(type)] ?? 0))
  const length = await lengthOf(cursor, shown(key))
  const kept = (await cursor.bytes(Math.min(length, maxKeptText))).toString('utf8')
  cursor.skip(length - Math.min(length, maxKeptText))
  return kept
}

const readers: Readonly<Record<Exclude<TypeName, 'text' | 'array'>, (bytes: Buffer) => number | boolean>> = {
  u8: (bytes) => bytes.readUInt8(),
  i8: (bytes) => bytes.readInt8(),
  u16: (bytes) => bytes.readUInt16LE(),
  i16: (bytes) => bytes.readInt16LE(),
  u32: (bytes) => bytes.readUInt32LE(),
  i32: (bytes) => bytes.readInt32LE(),
  f32: (bytes) => bytes.readFloatLE(),
  bool: (bytes) => bytes.readUInt8() !== 0,
  u64: (bytes) => Number(bytes.readBigUInt64LE()),
  i64: (bytes) => Number(bytes.readBigInt64LE()),
  f64: (bytes) => bytes.readDoubleLE(),
}

async function skipArray(cursor: Cursor, key: string): Promise<{ type: string; count: number }> {
  const type = await typeOf(cursor, key)
  if (type === 'array') throw broken(`The value of ${shown(key)} is an array of arrays.`)
  const claimed = await cursor.u64()
  const size = sizes[typeNames.indexOf(type)] ?? 1
  if (claimed > BigInt(Math.floor(cursor.remaining() / size))) {
    throw broken(`The array ${shown(key)} claims ${claimed} entries; the file has ${cursor.remaining()} bytes left.`)
  }
  const count = Number(claimed)
  if (type !== 'text') {
    cursor.skip(count * size)
    return { type, count }
  }
  if (count > maxTexts) throw broken(`The array ${shown(key)} claims ${count} texts; at most ${maxTexts} are read.`)
  for (let i = 0; i < count; i++) cursor.skip(await lengthOf(cursor, `an entry of ${shown(key)}`))
  return { type, count }
}

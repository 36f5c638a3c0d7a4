import type { Cursor } from './cursor.ts'
import { broken, shown } from './cursor.ts'

/** Elements and bytes of one block, by type. Source: ggml.h (enum ggml_type) and ggml-common.h. */
const blocks: Readonly<Record<number, readonly [elements: number, bytes: number]>> = {
  0: [1, 4],
  1: [1, 2],
  2: [32, 18],
  3: [32, 20],
  6: [32, 22],
  7: [32, 24],
  8: [32, 34],
  9: [32, 36],
  10: [256, 84],
  11: [256, 110],
  12: [256, 144],
  13: [256, 176],
  14: [256, 210],
  15: [256, 292],
  16: [256, 66],
  17: [256, 74],
  18: [256, 98],
  19: [256, 50],
  20: [32, 18],
  21: [256, 110],
  22: [256, 82],
  23: [256, 136],
  24: [1, 1],
  25: [1, 2],
  26: [1, 4],
  27: [1, 8],
  28: [1, 8],
  29: [256, 56],
  30: [1, 2],
  34: [256, 54],
  35: [256, 66],
  39: [32, 17],
  40: [64, 36],
}
/** GGML_MAX_NAME - 1 and GGML_MAX_DIMS. Source: ggml.h. */
const maxNameBytes = 63
const maxDims = 4
const maxElements = 2n ** 63n - 1n

type Span = { name: string; from: number; to: number }

/** Reads the tensor table and checks that every tensor lies in the file, aligned, and in no other; gives their names. @throws EngineProblem `broken_model` */
export async function readTensors(cursor: Cursor, count: number, alignment: number): Promise<string[]> {
  const spans: Span[] = []
  for (let i = 0; i < count; i++) spans.push(await readTensor(cursor, alignment))
  const dataAt = Math.ceil(cursor.position() / alignment) * alignment
  const dataBytes = cursor.position() + cursor.remaining() - dataAt
  spans.sort((a, b) => a.from - b.from || a.to - b.to)
  let previous: Span | undefined
  for (const span of spans) {
    if (span.to > dataBytes) {
      const words = `needs bytes ${dataAt + span.from} to ${dataAt + span.to}; the file has ${dataAt + dataBytes}`
      throw broken(`The tensor ${shown(span.name)} ${words}.`)
    }
    if (previous !== undefined && span.from < previous.to) {
      throw broken(`The tensors ${shown(previous.name)} and ${shown(span.name)} overlap.`)
    }
    previous = span
  }
  return spans.map(({ name }) => name)
}

async function readTensor(cursor: Cursor, alignment: number): Promise<Span> {
  const length = await cursor.u64()
  if (length > BigInt(maxNameBytes))
    throw broken(`The name of a tensor has ${length} bytes; at most ${maxNameBytes} are read.`)
  const name = (await cursor.bytes(Number(length))).toString('utf8')
  const rank = await cursor.u32()
  if (rank > maxDims) throw broken(`The tensor ${shown(name)} has ${rank} dimensions; at most ${maxDims} are read.`)
  const dims: bigint[] = []
  for (let i = 0; i < rank; i++) dims.push(await cursor.u64())
  const type = await cursor.u32()
  const offset = await cursor.u64()
  const elements = dims.reduce((product, dim) => product * dim, 1n)
  if (elements === 0n || elements > maxElements) {
    throw broken(`The tensor ${shown(name)} has the impossible shape ${dims.join(' x ')}.`)
  }
  if (offset % BigInt(alignment) !== 0n) {
    throw broken(`The tensor ${shown(name)} begins at ${offset}, which is not aligned to ${alignment} bytes.`)
  }
  // A type that is not known here may be known to the engine: its extent is then the engine's to judge.
  const [perBlock, blockBytes] = blocks[type] ?? [1, 0]
  if ((dims[0] ?? 1n) % BigInt(perBlock) !== 0n) {
    throw broken(`Rows of ${dims[0]} elements of the tensor ${shown(name)} do not divide into blocks of ${perBlock}.`)
  }
  const bytes = (elements / BigInt(perBlock)) * BigInt(blockBytes)
  if (offset + bytes > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw broken(`The tensor ${shown(name)} ends beyond any file.`)
  }
  return { name, from: Number(offset), to: Number(offset + bytes) }
}

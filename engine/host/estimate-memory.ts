import type { EngineSpec } from '../types.ts'
import type { GgufHead } from './gguf-head.ts'

/** Tokens per sequence when the spec names none. */
export const defaultContextLength = 4_096
/** Sequences when the spec names none. */
export const defaultParallel = 4
/** Resident bytes of an engine process without a model (measured: 100 to 130 MB). */
const processBytes = 128 * 2 ** 20

/**
 * Bytes that an engine will need: its process, file size × 1.15 (weights and compute buffers), and the key and value cache:
 * blocks × tokens × sequences × (key + value width) × 2 bytes (16-bit floats). A tenth of the file stands for a cache
 * whose dimensions the head does not give.
 */
export function estimateMemory(spec: EngineSpec, head: GgufHead): number {
  const fileBytes = spec.files.reduce((sum, file) => sum + file.size, 0)
  return Math.ceil(processBytes + fileBytes * 1.15 + (cacheBytes(spec, head) ?? fileBytes * 0.1))
}

function cacheBytes(spec: EngineSpec, head: GgufHead): number | undefined {
  const { blocks, embedding, heads } = head
  if (blocks === undefined || embedding === undefined || heads === undefined) return undefined
  const perHead = embedding / heads
  const width = (head.kvHeads ?? heads) * ((head.keyLength ?? perHead) + (head.valueLength ?? perHead))
  const wanted = spec.contextLength ?? defaultContextLength
  const tokens = Math.min(wanted, head.contextLength ?? wanted) * (spec.parallel ?? defaultParallel)
  return blocks * tokens * width * 2
}

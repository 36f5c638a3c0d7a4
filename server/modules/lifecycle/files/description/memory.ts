import type { Shape } from './shape.ts'

/** Bytes one more token of multi-head or grouped-query attention takes: `2·L·n_kv·head_dim·b`, keys and values counted apart. */
export function groupedKvBytesPerToken(of: {
  layers: number
  headsKv: number
  headDim: number
  valueDim?: number
  bytes: number
}): number {
  return of.layers * of.headsKv * (of.headDim + (of.valueDim ?? of.headDim)) * of.bytes
}

/** The same for latent attention: `L·(kv_lora_rank + qk_rope_head_dim)·b`. Source: DeepSeek-V2, arXiv 2405.04434, §2.1. */
export function latentKvBytesPerToken(of: {
  layers: number
  kvLoraRank: number
  qkRopeHeadDim: number
  bytes: number
}): number {
  return of.layers * (of.kvLoraRank + of.qkRopeHeadDim) * of.bytes
}

/** What sequences take beside the weights, in bytes. */
export type CacheBytes = {
  /** For each token while every layer still keeps it. */
  perToken: number
  /** For each token beyond the window of the sliding layers; the same as `perToken` without such layers. */
  perTokenBeyondWindow: number
  /** Tokens; null: no sliding layer. */
  window: number | null
  /** For each sequence, however long: what recurrent layers keep; null: unknown. */
  perSequence: number | null
}

/** Undefined when the files do not state the sizes that the formula needs. */
export function cacheBytesOf(shape: Shape): CacheBytes | undefined {
  const { layers, headsKv, headDim, valueDim, latent, slidingWindow, cacheBytes: bytes = 2 } = shape
  if (layers === undefined) return undefined
  const kinds = shape.layerKinds ?? { full: layers, sliding: 0, recurrent: 0 }
  const perLayer =
    latent !== undefined
      ? latentKvBytesPerToken({ layers: 1, ...latent, bytes })
      : headsKv === undefined || headDim === undefined
        ? undefined
        : groupedKvBytesPerToken({
            layers: 1,
            headsKv,
            headDim,
            bytes,
            ...(valueDim === undefined ? {} : { valueDim }),
          })
  const attending = kinds.full + kinds.sliding
  if (attending > 0 && perLayer === undefined) return undefined
  const sliding = slidingWindow === undefined ? 0 : kinds.sliding
  const perSequence =
    kinds.recurrent === 0 ? 0 : shape.statePerLayer === undefined ? null : kinds.recurrent * shape.statePerLayer * bytes
  return {
    perToken: attending * (perLayer ?? 0),
    perTokenBeyondWindow: (attending - sliding) * (perLayer ?? 0),
    window: sliding === 0 ? null : (slidingWindow ?? null),
    perSequence,
  }
}

/** Bytes of the cache of one sequence of `tokens` tokens; null when a part is unknown. */
export function sequenceBytes(cache: CacheBytes, tokens: number): number | null {
  if (cache.perSequence === null) return null
  const near = cache.window === null ? tokens : Math.min(tokens, cache.window)
  return cache.perSequence + near * cache.perToken + (tokens - near) * cache.perTokenBeyondWindow
}

import type { GgufHeader } from './types.ts'

type Bound = { name: string; value: number | undefined; most: number; zeroIsFine: boolean }

/** What is impossible about the stated sizes, one sentence each. Bounds are an order of magnitude above the largest published models. */
export function impossibleHyperparameters(header: GgufHeader): string[] {
  // State-space models have no attention; their exporters write zero heads.
  const withoutAttention = /^(mamba|rwkv|arwkv|jamba|falcon-h1|granitehybrid|nemotron_h|lfm2|plamo)/.test(
    header.architecture ?? '',
  )
  const isModel = header.type === undefined || header.type === 'model'
  const bounds: Bound[] = [
    { name: 'context_length', value: header.contextLength, most: 2 ** 31, zeroIsFine: !isModel },
    { name: 'embedding_length', value: header.embeddingLength, most: 2 ** 20, zeroIsFine: !isModel },
    { name: 'block_count', value: header.blockCount, most: 10_000, zeroIsFine: !isModel },
    { name: 'attention.head_count', value: header.headCount, most: 65_536, zeroIsFine: withoutAttention },
    { name: 'attention.head_count_kv', value: header.headCountKv, most: 65_536, zeroIsFine: withoutAttention },
    { name: 'feed_forward_length', value: header.feedForwardLength, most: 2 ** 24, zeroIsFine: true },
    { name: 'expert_count', value: header.expertCount, most: 65_536, zeroIsFine: true },
  ]
  const wrong: string[] = []
  for (const { name, value, most, zeroIsFine } of bounds) {
    if (value === undefined) continue
    if (value < 0 || value > most || !Number.isInteger(value)) wrong.push(`${name} is ${value}`)
    else if (value === 0 && !zeroIsFine) wrong.push(`${name} is 0`)
  }
  const { headCount, headCountKv, expertCount, expertUsedCount } = header
  if (headCount !== undefined && headCountKv !== undefined && headCountKv > headCount) {
    wrong.push(`attention.head_count_kv ${headCountKv} is above attention.head_count ${headCount}`)
  }
  if (expertUsedCount !== undefined && expertUsedCount > (expertCount ?? 0)) {
    wrong.push(`expert_used_count ${expertUsedCount} is above expert_count ${expertCount ?? 0}`)
  }
  return wrong
}

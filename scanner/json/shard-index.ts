import { type JsonTokens } from './tokens.ts'
import type { ShardIndexFacts } from './types.ts'
import { readMembers, skipValue } from './values.ts'

const maxShards = 4096

/** Reads `weight_map`, with its `{` current: tensor names to file names. Only the distinct files are kept. */
export function readShardIndex(tokens: JsonTokens): ShardIndexFacts {
  const shards = new Set<string>()
  let tensors = 0
  readMembers(tokens, () => {
    tensors++
    if (tokens.type !== 'string') skipValue(tokens, 2)
    else if (shards.size < maxShards) shards.add(tokens.text.slice(0, 512))
  })
  return { tensors, shards: [...shards] }
}

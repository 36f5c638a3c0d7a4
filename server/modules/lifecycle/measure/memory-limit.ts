import type { EngineSpec, Metadata, StateReason } from '../../../../contract/index.ts'
import { estimateMemory } from '../../../../engine/index.ts'
import { givenHardware } from '../../catalog/index.ts'

/**
 * Why a version may not run in the embedded engine: its estimate, by the engine's own formula over the sizes in the version's metadata,
 * is above the memory limit that was given with it. Null when it fits, or when no limit was given.
 */
export function overMemoryLimit(metadata: Metadata, spec: Omit<EngineSpec, 'deploymentId'>): StateReason | null {
  const limit = givenHardware(metadata)?.memoryLimitBytes
  if (limit === undefined) return null
  const size = (key: string) => {
    const value = metadata[key]?.value
    return typeof value === 'number' ? value : undefined
  }
  const keyLength = size('headDim')
  const needed = estimateMemory(
    { ...spec, deploymentId: '' },
    {
      blocks: size('layers'),
      embedding: size('embeddingLength'),
      heads: size('heads'),
      kvHeads: size('headsKv'),
      keyLength,
      valueLength: keyLength,
      contextLength: size('contextLength'),
    },
  )
  if (needed <= limit) return null
  return {
    code: 'memory_limit',
    message: `The engine would need about ${needed} bytes, more than the ${limit} that were given as the memory limit of this version.`,
    remedy: 'Register a smaller quantization, or register it again with a higher memory limit.',
  }
}

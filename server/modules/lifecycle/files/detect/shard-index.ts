import { jsonHeaderOf } from '../../../../../scanner/index.ts'
import type { Marker } from '../description/marker.ts'

/** Which shard holds which tensor. Source: transformers, modeling_utils.py, `weight_map`. */
export const shardIndex: Marker = {
  kind: 'shard-index',
  title: 'Index of shards',
  reads: (file) => /^[^/]+\.safetensors\.index\.json$/.test(file.path),
  atMost: 4,
  look: (files, folder) => {
    const named = files.find((file) => file.path === 'model.safetensors.index.json') ?? files[0]
    const header = named?.header === undefined ? undefined : jsonHeaderOf({ header: named.header })
    if (named === undefined || header?.shardIndex === undefined) return {}
    const { shards, tensors } = header.shardIndex
    const present = new Set(folder.files.map((file) => file.path.replace(/^\.\//, '')))
    const missing = shards.filter((shard) => !present.has(shard.replace(/^\.\//, '')))
    return {
      facts: [
        { key: 'shards', value: shards.length, source: named.path },
        { key: 'missingShards', value: missing.length > 0 ? missing.slice(0, 20) : undefined, source: named.path },
      ],
      contradictions:
        missing.length > 0
          ? [
              `${named.path} names ${shards.length} shards, but ${missing.length} ${missing.length === 1 ? 'is' : 'are'} not there, such as ${missing[0]?.slice(0, 100)}.`,
            ]
          : [],
      structure: { index: { path: named.path, tensors, shards } },
    }
  },
}

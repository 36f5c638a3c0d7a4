import { Buffer } from 'node:buffer'
import { bundleIndexBytes } from '../tensorflow-bundle-bytes.ts'
import type { FormatSamples, Sample } from './types.ts'

type Args = Parameters<typeof bundleIndexBytes>
const sample = (name: string, tensors: Args[0], options: Args[1] = {}, ...rules: string[]): Sample => ({
  name,
  path: 'variables/variables.index',
  bytes: bundleIndexBytes(tensors, options),
  rules,
})
const plain = { name: 'dense/kernel', shape: [2, 2], offset: 0, size: 16 }

export const tensorflowBundleSamples: FormatSamples = {
  kind: 'tf-bundle',
  malicious: [
    sample('longer than its shape', [{ ...plain, size: 20 }], {}, 'TFB-BOUNDS-002'),
    sample('in a file that does not exist', [{ ...plain, shard: 3 }], {}, 'TFB-BOUNDS-003'),
    sample('at a negative place', [{ ...plain, offset: -8 }], {}, 'TFB-BOUNDS-003'),
    sample('a type of no fixed size', [{ ...plain, type: 21 }], {}, 'TFB-BOUNDS-002'),
    sample('files without number', [plain], { shards: 0 }, 'TFB-BOUNDS-001'),
  ],
  benign: [
    sample('one tensor', [plain]),
    sample('a scalar, a text, and keys that share their beginning', [
      { name: '_CHECKPOINTABLE_OBJECT_GRAPH', type: 7, shape: [], offset: 0, size: 40 },
      { name: 'dense/bias', shape: [4], offset: 40, size: 16 },
      { name: 'dense/kernel', shape: [], offset: 56, size: 4 },
    ]),
    sample('two files', [plain, { name: 'out', shape: [4], shard: 1, offset: 0, size: 16 }], { shards: 2 }),
  ],
  truncated: { name: 'cut', path: 'variables.index', bytes: bundleIndexBytes([plain]).subarray(0, 60) },
  mutations: [
    sample('compressed', [plain], { compression: 1 }, 'TFB-BOUNDS-001'),
    sample('big-endian', [plain], { header: [[2, 1]] }, 'TFB-BOUNDS-001'),
    {
      name: 'something before the table',
      path: 'variables.index',
      bytes: Buffer.concat([Buffer.from('more'), bundleIndexBytes([plain])]),
      rules: ['TFB-BOUNDS-001'],
    },
    {
      name: 'something between the blocks',
      path: 'variables.index',
      bytes: (() => {
        const bytes = bundleIndexBytes([plain])
        return Buffer.concat([bytes.subarray(0, -48), Buffer.from('hidden'), bytes.subarray(-48)])
      })(),
    },
  ],
}

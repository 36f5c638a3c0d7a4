import { Buffer } from 'node:buffer'
import * as p from '../pickle-bytes.ts'
import type { FormatSamples } from './types.ts'

const call = p.join(p.byName('posix', 'system'), p.text('echo inert'), p.tuple1, p.reduce)
const evil = p.join(p.legacyTorchHead, p.pickle(2, call), p.pickle(2, p.emptyList))

export const torchLegacySamples: FormatSamples = {
  kind: 'torch-legacy',
  malicious: [
    { name: 'a command in the object', bytes: evil, rules: ['PKL-CALL-001'] },
    {
      name: 'a command in the system',
      bytes: p.join(
        p.legacyTorchHead.subarray(0, 15),
        p.pickle(2, 'M\xe9\x03'),
        p.pickle(2, call),
        p.pickle(2, p.emptyDict),
        p.pickle(2, p.emptyList),
      ),
      rules: ['PKL-CALL-001'],
    },
    {
      name: 'a pickle behind the storages',
      bytes: p.legacyTorch([4], p.pickle(4, call)),
      rules: ['POLY-RUN-001', 'PKL-CALL-001'],
    },
    {
      name: 'a storage of another length',
      bytes: p.join(p.legacyTorch([4]).subarray(0, -24), p.u64(5), Buffer.alloc(20)),
      rules: ['TORCH-LEGACY-002'],
    },
    {
      name: 'a pickle behind a gap behind the storages',
      bytes: p.legacyTorch([4], p.join(Buffer.alloc(64), p.pickle(4, call))),
      rules: ['PKL-STRUCT-013', 'PKL-CALL-001'],
    },
    { name: 'a magic number alone', bytes: p.legacyTorchHead, rules: ['TORCH-LEGACY-001'] },
  ],
  benign: [
    { name: 'one tensor', path: 'pytorch_model.bin', bytes: p.legacyTorch([4]) },
    { name: 'three tensors', bytes: p.legacyTorch([1, 1000, 7]) },
    { name: 'no tensor', path: 'x.pt', bytes: p.legacyTorch([]) },
    {
      name: 'in a byte string that torch loads',
      bytes: p.pickle(
        4,
        p.byName('torch.storage', '_load_from_bytes'),
        p.bytes(p.legacyTorch([4])),
        p.tuple1,
        p.reduce,
      ),
    },
  ],
  truncated: {
    name: 'a tensor that ends early',
    bytes: p.legacyTorch([100]).subarray(0, -9),
    rules: ['TORCH-LEGACY-002'],
  },
  mutations: [
    {
      name: 'protocol 4 with a frame',
      bytes: p.join('\x80\x04\x95', p.u64(13), evil.subarray(2)),
      rules: ['PKL-CALL-001'],
    },
    { name: 'protocol 0', bytes: p.join('L119547037146038801333356L\n.', evil.subarray(15)), rules: ['PKL-CALL-001'] },
    { name: 'named as weights', path: 'a.safetensors', bytes: evil, rules: ['MISMATCH-RUN-001', 'PKL-CALL-001'] },
    {
      name: 'with a broken magic number',
      bytes: p.join(evil.subarray(0, 8), '\x00', evil.subarray(9)),
      rules: ['PKL-CALL-001'],
    },
  ],
}

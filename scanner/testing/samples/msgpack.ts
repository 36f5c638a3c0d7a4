import { Buffer } from 'node:buffer'
import { flaxArray, msgpackBytes } from '../msgpack-bytes.ts'
import { plainXgboost } from '../ubjson-bytes.ts'
import type { FormatSamples } from './types.ts'

const floats = Buffer.alloc(24, 0x3f)
const kernel = flaxArray([2, 3], 'float32', floats)
const pickle = Buffer.from('\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R.', 'latin1')
const deep = Buffer.concat([Buffer.from([0x81, 0xa1, 0x61]), Buffer.alloc(5_000, 0x91), Buffer.from([0xc0])])

export const msgpackSamples: FormatSamples = {
  kind: 'msgpack',
  malicious: [
    {
      name: 'an array of objects',
      bytes: msgpackBytes({ a: flaxArray([1], 'object', pickle) }),
      rules: ['MSGPACK-OBJECT-001'],
    },
    {
      name: 'a pickle in an extension of another type',
      bytes: msgpackBytes({ a: { type: 16, payload: pickle } }),
      rules: ['MSGPACK-EXT-001'],
    },
    { name: 'a pickle as bytes', bytes: msgpackBytes({ a: pickle }) },
    {
      name: 'an array of objects of msgpack-numpy',
      bytes: msgpackBytes({ a: { nd: true, type: '|O', kind: 'O', shape: [1], data: pickle } }),
      rules: ['MSGPACK-OBJECT-001'],
    },
    { name: 'lists in lists', bytes: deep, rules: ['MSGPACK-BOUNDS-002'] },
    {
      name: 'a length beyond the end',
      bytes: Buffer.from([0x81, 0xa1, 0x61, 0xdd, 0xff, 0xff, 0xff, 0xff]),
      rules: ['MSGPACK-BOUNDS-001'],
    },
    {
      name: 'a call in a text',
      bytes: msgpackBytes({ config: "__import__('os').system('id')" }),
      rules: ['MSGPACK-CODE-001'],
    },
  ],
  benign: [
    {
      name: 'a Flax checkpoint',
      bytes: msgpackBytes({ params: { dense: { kernel, bias: flaxArray([3], 'bfloat16', Buffer.alloc(6)) } } }),
    },
    {
      name: 'scalars',
      bytes: msgpackBytes({ step: 1_000_000, rate: 0.1, name: 'gelu', none: null, on: true, list: [1, 2, 3] }),
    },
    {
      name: 'an array in chunks',
      bytes: msgpackBytes({
        a: { __msgpack_chunked_array__: true, shape: { '0': 2, '1': 3 }, chunks: { '0': kernel } },
      }),
    },
    {
      name: 'arrays of msgpack-numpy',
      bytes: msgpackBytes({ a: { nd: true, type: '<f4', kind: '', shape: [2, 3], data: floats } }),
    },
  ],
  truncated: { name: 'cut inside an array', bytes: msgpackBytes({ a: kernel }).subarray(0, -5) },
  mutations: [
    {
      name: 'a shape that does not fit',
      bytes: msgpackBytes({ a: flaxArray([2, 4], 'float32', floats) }),
      rules: ['MSGPACK-BOUNDS-003'],
    },
    {
      name: 'bytes behind the end of something inside',
      bytes: msgpackBytes({ a: Buffer.concat([plainXgboost(), Buffer.from([1, 2, 3])]) }),
    },
    { name: 'bytes behind the end', bytes: Buffer.concat([msgpackBytes({ a: 1 }), pickle]) },
    { name: 'a pickle behind a name', path: 'flax_model.msgpack', bytes: msgpackBytes([pickle]) },
    { name: 'a byte that is never used', bytes: Buffer.from([0x81, 0xa1, 0x61, 0xc1]), rules: ['MSGPACK-BOUNDS-001'] },
  ],
}

import { Buffer } from 'node:buffer'
import { plainXgboost, ubjsonBytes } from '../ubjson-bytes.ts'
import type { FormatSamples } from './types.ts'

const head = Buffer.from('{L\0\0\0\0\0\0\0\x07learner', 'latin1')

export const ubjsonSamples: FormatSamples = {
  kind: 'ubjson',
  malicious: [
    { name: 'a call as the objective', bytes: plainXgboost("__import__('os').system('id')"), rules: ['XGB-CODE-001'] },
    { name: 'lists in lists', bytes: Buffer.concat([head, Buffer.alloc(5_000, '[')]), rules: ['XGB-BOUNDS-002'] },
    {
      name: 'a typed array beyond the end',
      bytes: Buffer.concat([head, Buffer.from('[$d#L\x7f\xff\xff\xff\xff\xff\xff\xff', 'latin1')]),
      rules: ['XGB-BOUNDS-001'],
    },
    {
      name: 'a billion nothings',
      bytes: Buffer.concat([head, Buffer.from('[$Z#l\x7f\xff\xff\xff', 'latin1')]),
      rules: ['XGB-BOUNDS-001'],
    },
  ],
  benign: [
    { name: 'a model', bytes: plainXgboost(), path: 'model.ubj' },
    { name: 'a model of another objective', bytes: plainXgboost('multi:softprob') },
    {
      name: 'empty trees',
      bytes: ubjsonBytes({ learner: { gradient_booster: { model: { trees: [] } } }, version: [3, 0, 0] }),
    },
  ],
  truncated: { name: 'cut in the middle', bytes: plainXgboost().subarray(0, 100) },
  mutations: [
    { name: 'a length without a value', bytes: Buffer.concat([head, Buffer.from('SX')]), rules: ['XGB-BOUNDS-001'] },
    {
      name: 'bytes behind the end',
      bytes: Buffer.concat([plainXgboost(), Buffer.from('\x80\x04cos\nsystem\n', 'latin1')]),
    },
    { name: 'another kind of document', bytes: ubjsonBytes({ payload: 'x' }), rules: ['XGB-FORMAT-001'] },
    {
      name: 'a negative length',
      bytes: Buffer.concat([head, Buffer.from('Si\xff', 'latin1')]),
      rules: ['XGB-BOUNDS-001'],
    },
  ],
}

import { Buffer } from 'node:buffer'
import * as p from '../pickle-bytes.ts'
import type { FormatSamples } from './types.ts'

const call = p.pickle(4, p.byName('posix', 'system'), p.text('echo inert'), p.tuple1, p.reduce)
const objects = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
const floats = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"

export const numpySamples: FormatSamples = {
  kind: 'npy',
  malicious: [
    { name: 'objects that run a command', bytes: p.npy(objects, call), rules: ['PKL-CALL-001', 'NPY-OBJECT-001'] },
    {
      name: 'objects in a field',
      bytes: p.npy("{'descr': [('a', '<f4'), ('b', '|O')], 'fortran_order': False, 'shape': (1,), }", call),
      rules: ['PKL-CALL-001'],
    },
    {
      name: 'an expression as header',
      bytes: p.npy("{'descr': __import__('os').system('id'), 'shape': ()}", Buffer.alloc(0)),
      rules: ['NPY-HEADER-001'],
    },
    {
      name: 'a pickle behind the numbers',
      bytes: p.npy(floats, p.join(Buffer.alloc(24), call)),
      rules: ['NPY-TRAIL-001', 'POLY-RUN-001', 'PKL-CALL-001'],
    },
    { name: 'a header of 2 GiB', bytes: p.join('\x93NUMPY\x02\x00', p.u32(2 ** 31), '{'), rules: ['NPY-HEADER-002'] },
    {
      name: 'a shape that overflows',
      bytes: p.npy("{'descr': '<f8', 'fortran_order': False, 'shape': (9007199254740991, 4096), }", Buffer.alloc(8)),
      rules: ['NPY-HEADER-004'],
    },
    { name: 'objects without a pickle', bytes: p.npy(objects, Buffer.from('just text')), rules: ['NPY-OBJECT-002'] },
    { name: 'version 9', bytes: p.join('\x93NUMPY\x09\x00', Buffer.alloc(80)), rules: ['NPY-HEADER-006'] },
    {
      name: 'a header of 70,000 bytes',
      bytes: p.join('\x93NUMPY\x02\x00', p.u32(70_000), floats, Buffer.alloc(80_000, 0x20)),
      rules: ['NPY-HEADER-003'],
    },
  ],
  benign: [
    { name: 'floats', path: 'w.npy', bytes: p.npy(floats, Buffer.alloc(24)) },
    { name: 'a scalar', bytes: p.npy("{'descr': '|b1', 'fortran_order': True, 'shape': (), }", Buffer.alloc(1)) },
    {
      name: 'fields',
      bytes: p.npy(
        "{'descr': [('a', '<f4'), ('b', '<i8', (2,)), ('c', 'S3')], 'fortran_order': False, 'shape': (2,), }",
        Buffer.alloc(46),
      ),
    },
    { name: 'nothing', bytes: p.npy("{'descr': '<U7', 'fortran_order': False, 'shape': (0,), }", Buffer.alloc(0)) },
    { name: 'dates', bytes: p.npy("{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (1,), }", Buffer.alloc(8)) },
  ],
  truncated: { name: 'floats that end early', bytes: p.npy(floats, Buffer.alloc(20)), rules: ['NPY-HEADER-005'] },
  mutations: [
    { name: 'objects under another name', path: 'weights.bin', bytes: p.npy(objects, call), rules: ['PKL-CALL-001'] },
    {
      name: 'objects by a big-endian type',
      bytes: p.npy("{'descr': '>O8', 'fortran_order': False, 'shape': (1,), }", call),
      rules: ['PKL-CALL-001'],
    },
    {
      name: 'a key said twice',
      bytes: p.npy("{'descr': '<f4', 'descr': '|O', 'fortran_order': False, 'shape': (1,), }", call),
    },
    { name: 'objects that break off', bytes: p.npy(objects, call.subarray(0, -1)), rules: ['PKL-CALL-001'] },
  ],
}

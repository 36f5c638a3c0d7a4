import { Buffer } from 'node:buffer'
import { hdf5Bytes } from '../hdf5-bytes.ts'
import { kerasWith, lambdaKeras, plainLegacyKeras } from './keras-values.ts'
import type { FormatSamples } from './types.ts'

const lambda = JSON.stringify(lambdaKeras)
const path = 'model.h5'
const evil = hdf5Bytes({ heapAttributes: [['model_config', lambda]], dataset: { values: 100 } })
const pickle = Buffer.from('\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R.', 'latin1')

export const hdf5Samples: FormatSamples = {
  kind: 'hdf5',
  malicious: [
    { name: 'a Lambda layer in a long attribute', path, bytes: evil, rules: ['KERAS-LAMBDA-001'] },
    {
      name: 'a Lambda layer in a short attribute',
      path,
      bytes: hdf5Bytes({ attributes: [['model_config', lambda]] }),
      rules: ['KERAS-LAMBDA-001'],
    },
    {
      name: 'a function of builtins',
      path,
      bytes: hdf5Bytes({
        heapAttributes: [
          ['model_config', JSON.stringify(kerasWith({ module: 'builtins', class_name: 'function', config: 'eval' }))],
        ],
      }),
      rules: ['KERAS-CALL-001'],
    },
    {
      name: 'a pickle in an attribute',
      path,
      bytes: hdf5Bytes({ heapAttributes: [['CLASS', 'cposix\nsystem\n(Vid\ntR.']] }),
      rules: ['HDF5-PICKLE-001'],
    },
    { name: 'a pickle in a list of bytes', path, bytes: hdf5Bytes({ bytes: pickle }), rules: ['HDF5-PICKLE-001'] },
    {
      name: 'a dataset of another size',
      path,
      bytes: hdf5Bytes({ dataset: { values: 10, stated: 4000 } }),
      rules: ['HDF5-BOUNDS-001'],
    },
    {
      name: 'a dataset that states less than its shape',
      path,
      bytes: hdf5Bytes({ dataset: { values: 10, stated: 8 } }),
      rules: ['HDF5-BOUNDS-001'],
    },
  ],
  benign: [
    { name: 'weights', path: 'model.weights.h5', bytes: hdf5Bytes({ dataset: { values: 300 } }) },
    {
      name: 'a plain model',
      path,
      bytes: hdf5Bytes({
        attributes: [
          ['backend', 'tensorflow'],
          ['keras_version', '2.15.0'],
        ],
        heapAttributes: [['model_config', JSON.stringify(plainLegacyKeras)]],
        dataset: { values: 40 },
      }),
    },
    { name: 'nothing', path, bytes: hdf5Bytes() },
  ],
  truncated: { name: 'cut', path, bytes: hdf5Bytes({ dataset: { values: 300 } }).subarray(0, 900) },
  mutations: [
    {
      name: 'behind a block of the user',
      path,
      bytes: Buffer.concat([Buffer.alloc(1024, 0x20), evil]),
      rules: ['KERAS-LAMBDA-001'],
    },
    {
      name: 'an attribute whose type is kept elsewhere',
      path,
      bytes: hdf5Bytes({ heapAttributes: [['model_config', lambda]], sharedTypes: true }),
      rules: ['KERAS-LAMBDA-001', 'HDF5-STRUCT-002'],
    },
    { name: 'another name', path: 'weights.bin', bytes: evil, rules: ['KERAS-LAMBDA-001'] },
    // A structure that this reader does not follow must not hide what a loader finds.
    {
      name: 'a broken heap',
      path,
      bytes: Buffer.from(evil.toString('latin1').replace('GCOL', 'GC0L'), 'latin1'),
      rules: ['KERAS-LAMBDA-001', 'HDF5-STRUCT-001'],
    },
    {
      name: 'a broken root',
      path,
      bytes: Buffer.from(evil.toString('latin1').replace('SNOD', 'SN0D'), 'latin1'),
      rules: ['KERAS-LAMBDA-001'],
    },
    {
      name: 'bytes behind the end',
      path,
      bytes: Buffer.concat([evil, Buffer.alloc(64, 0x41)]),
      rules: ['KERAS-LAMBDA-001'],
    },
  ],
}

import { Buffer } from 'node:buffer'
import { kerasWith, lambdaKeras, plainKeras, plainLegacyKeras } from './keras-values.ts'
import type { FormatSamples, Sample } from './types.ts'

const sample = (name: string, value: unknown, ...rules: string[]): Sample => ({
  name,
  path: 'config.json',
  bytes: Buffer.from(JSON.stringify(value)),
  rules,
})
const fn = (module: string, config: string): unknown => ({
  module,
  class_name: 'function',
  config,
  registered_name: 'function',
})

/** Configurations of Keras models, which are JSON in a `.keras` archive. */
export const kerasSamples: FormatSamples = {
  kind: 'json',
  malicious: [
    sample('a Lambda layer with byte code', lambdaKeras, 'KERAS-LAMBDA-001', 'KERAS-CODE-001'),
    sample(
      'a lambda as Keras 3 stores it',
      kerasWith({
        module: 'keras.layers',
        class_name: 'Dense',
        config: { activation: { class_name: '__lambda__', config: { code: '4wIAAAAAAAAAAAAA' } } },
      }),
      'KERAS-LAMBDA-001',
    ),
    sample('a function of os', kerasWith(fn('os', 'system')), 'KERAS-CALL-001'),
    sample('a function of builtins', kerasWith(fn('builtins', 'exec')), 'KERAS-CALL-001'),
    sample('a download by Keras itself', kerasWith(fn('keras.utils', 'get_file')), 'KERAS-CALL-001'),
    sample('protection switched off', kerasWith(fn('keras.config', 'enable_unsafe_deserialization')), 'KERAS-CALL-001'),
    sample(
      'a pickled module',
      kerasWith({
        module: 'keras.layers',
        class_name: 'TorchModuleWrapper',
        config: { module: 'gASVAAAAAAAAAABOLg==' },
      }),
      'KERAS-TORCH-001',
      'KERAS-CODE-002',
    ),
    sample(
      'a vocabulary from a file of the machine',
      kerasWith({ module: 'keras.layers', class_name: 'StringLookup', config: { vocabulary: '/etc/shadow' } }),
      'KERAS-FILE-001',
    ),
    sample(
      'a vocabulary from an address',
      kerasWith({
        module: 'keras.layers',
        class_name: 'TextVectorization',
        config: { vocabulary: 'http://169.254.169.254/x' },
      }),
      'KERAS-FILE-001',
    ),
    sample(
      'a class of another package',
      kerasWith({ module: 'evil.layers', class_name: 'Dense', config: {} }),
      'KERAS-CALL-002',
    ),
    sample(
      'a class that the loader must bring',
      kerasWith({ class_name: 'MyAttention', config: {} }),
      'KERAS-CUSTOM-001',
    ),
    sample(
      'a registered class',
      kerasWith({ module: 'builtins', class_name: 'Mine', config: {}, registered_name: 'Custom>Mine' }),
      'KERAS-CUSTOM-001',
    ),
    sample('an unknown function of Keras', kerasWith(fn('keras.src.utils', 'something_new')), 'KERAS-CALL-003'),
    sample(
      'a TensorFlow call that reads files',
      {
        class_name: 'Functional',
        config: { layers: [{ class_name: 'TFOpLambda', config: { function: 'io.read_file' } }] },
      },
      'KERAS-CALL-001',
    ),
    sample('a gadget below names of any kind', { anything: { else: [fn('subprocess', 'Popen')] } }, 'KERAS-CALL-001'),
  ],
  benign: [
    sample('a plain model', plainKeras),
    sample('a plain model of Keras 2', plainLegacyKeras),
    sample('a training configuration', {
      loss: 'categorical_crossentropy',
      metrics: ['accuracy'],
      optimizer_config: { class_name: 'Adam', config: { name: 'Adam', learning_rate: 0.001 } },
    }),
    sample(
      'a lookup layer with its words inside',
      kerasWith({ module: 'keras.layers', class_name: 'StringLookup', config: { vocabulary: ['a', '/b'] } }),
    ),
    sample('a config of another library', {
      class_name: 'T5',
      url: 'https://example.org',
      path: '/home/x',
      code: 'import os',
    }),
  ],
  truncated: { name: 'cut', path: 'config.json', bytes: Buffer.from(JSON.stringify(lambdaKeras).slice(0, 90)) },
  mutations: [
    {
      name: 'names with escapes',
      path: 'config.json',
      bytes: Buffer.from(
        JSON.stringify(lambdaKeras).replace('"Lambda"', '"\\u004cambda"').replaceAll('class_name', 'class_n\\u0061me'),
      ),
      rules: ['KERAS-LAMBDA-001'],
    },
    {
      name: 'the class given twice',
      path: 'config.json',
      bytes: Buffer.from('{"class_name":"Lambda","config":{},"class_name":"Dense","module":"keras.layers"}'),
      rules: ['KERAS-LAMBDA-001'],
    },
    {
      name: 'the class given twice, the other way round',
      path: 'config.json',
      bytes: Buffer.from('{"module":"keras.layers","class_name":"Dense","config":{},"class_name":"Lambda"}'),
      rules: ['KERAS-LAMBDA-001'],
    },
    {
      name: 'another path',
      path: 'notes.json',
      bytes: Buffer.from(JSON.stringify(kerasWith(fn('posix', 'system')))),
      rules: ['KERAS-CALL-001'],
    },
    {
      name: 'deep in arguments of a layer',
      path: 'config.json',
      bytes: Buffer.from(
        JSON.stringify(
          kerasWith({
            class_name: 'Dense',
            config: {},
            inbound_nodes: [{ args: [[fn('runpy', 'run_path')]], kwargs: {} }],
          }),
        ),
      ),
      rules: ['KERAS-CALL-001'],
    },
  ],
}

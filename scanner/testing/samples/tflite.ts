import { Buffer } from 'node:buffer'
import { type FlatFields, tfliteBytes } from '../flatbuffer-bytes.ts'
import type { FormatSamples } from './types.ts'

const path = 'model.tflite'
const custom = (name: string): FlatFields[] => [{ 0: { u8: 32 }, 1: { text: name }, 3: { i32: 32 } }]
const evil = tfliteBytes({ codes: custom('FlexReadFile') })

export const tfliteSamples: FormatSamples = {
  kind: 'tflite',
  malicious: [
    { name: 'a custom operator', path, bytes: tfliteBytes({ codes: custom('MyThing') }), rules: ['TFLITE-OP-001'] },
    {
      name: 'an operator of TensorFlow',
      path,
      bytes: tfliteBytes({ codes: custom('FlexErf') }),
      rules: ['TFLITE-OP-002'],
    },
    { name: 'an operator that reads files', path, bytes: evil, rules: ['TFLITE-OP-003'] },
    {
      name: 'a file operator in the options of another',
      path,
      bytes: tfliteBytes({ codes: custom('FlexErf'), options: Buffer.from('\x08n0\x12\x09WriteFile', 'latin1') }),
      rules: ['TFLITE-OP-003'],
    },
    {
      name: 'an impossible shape',
      path,
      bytes: tfliteBytes({ shape: [2_000_000_000, 2_000_000_000] }),
      rules: ['TFLITE-BOUNDS-002'],
    },
    { name: 'a tensor of another size', path, bytes: tfliteBytes({ shape: [4, 4] }), rules: ['TFLITE-BOUNDS-001'] },
  ],
  benign: [
    { name: 'a plain model', path, bytes: tfliteBytes() },
    { name: 'a scalar', path, bytes: tfliteBytes({ shape: [], data: Buffer.alloc(4, 1) }) },
    {
      name: 'an operator that the runtime registers',
      path,
      bytes: tfliteBytes({ codes: custom('TFLite_Detection_PostProcess') }),
    },
  ],
  truncated: { name: 'cut', path, bytes: tfliteBytes().subarray(0, 400) },
  mutations: [
    { name: 'another name', path: 'x.bin', bytes: evil, rules: ['TFLITE-OP-003'] },
    {
      name: 'an offset beyond the end',
      path,
      bytes: (() => {
        const bytes = Buffer.from(evil)
        bytes.writeUInt32LE(0x7fffffff, 0)
        return bytes
      })(),
      rules: ['TFLITE-STRUCT-001'],
    },
    {
      name: 'a text that claims more than the file',
      path,
      bytes: (() => {
        const bytes = tfliteBytes()
        bytes.writeUInt32LE(0x7fffffff, bytes.indexOf('generated') - 4)
        return bytes
      })(),
      rules: ['TFLITE-STRUCT-001'],
    },
    {
      name: 'bytes behind the end',
      path,
      bytes: Buffer.concat([evil, Buffer.alloc(200, 0x41)]),
      rules: ['TFLITE-OP-003'],
    },
    {
      name: 'the name of a numbered operator',
      path,
      bytes: tfliteBytes({ codes: [{ 0: { u8: 9 }, 1: { text: 'Evil' }, 3: { i32: 9 } }] }),
      rules: ['TFLITE-OP-001'],
    },
  ],
}

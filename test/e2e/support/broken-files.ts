import { ggufBytes } from '../../../engine/starter/gguf-writer.ts'
import { tinyRandomModel } from '../../../engine/testing/tiny-random.ts'
import { safetensorsBytes, seededFloats } from './model-files.ts'

export type BrokenFile = {
  name: string
  file: string
  bytes: Uint8Array
  /** What the scan must say; null where only the engine can know. */
  rule: RegExp | null
  /** Where: a byte offset of the file, or false for a finding about the file as a whole. */
  offset: number | boolean
  /** Code of the engine's reason; undefined where the engine must not see the file. */
  engine?: string
}

/** A file of each kind that must not reach an application, and who has to notice. */
export function brokenFiles(): BrokenFile[] {
  const tensors = safetensorsBytes([{ name: 'w', shape: [64, 64], data: seededFloats(64 * 64, 1) }])
  const lying = ggufBytes(tinyRandomModel()).slice()
  new DataView(lying.buffer).setBigUint64(8, 2n ** 40n, true)
  return [
    {
      name: 'truncated-safetensors',
      file: 'model.safetensors',
      bytes: tensors.slice(0, Math.floor(tensors.length * 0.6)),
      rule: /^ST-/,
      offset: true,
    },
    { name: 'lying-header', file: 'model.gguf', bytes: lying, rule: /^GGUF-/, offset: true },
    {
      name: 'head-count-0',
      file: 'model.gguf',
      bytes: ggufBytes(tinyRandomModel({ headCount: 0 })),
      rule: /^GGUF-HPARAM-/,
      offset: true,
    },
    {
      name: 'nan-weights',
      file: 'model.gguf',
      bytes: ggufBytes(tinyRandomModel({ outputFill: Number.NaN })),
      rule: null,
      offset: false,
      engine: 'nan_logits',
    },
    { name: 'pickle', file: 'pytorch_model.bin', bytes: systemCall(), rule: /^PKL-/, offset: true },
  ]
}

/** A pickle of protocol 2 that would run a command when it is loaded: os.system('true'). */
function systemCall(): Uint8Array {
  return Buffer.concat([
    Buffer.from([0x80, 0x02]),
    Buffer.from('cposix\nsystem\n'),
    Buffer.from([0x58, 4, 0, 0, 0]),
    Buffer.from('true'),
    Buffer.from([0x85, 0x52, 0x2e]),
  ])
}

import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { mixedBytes } from './mixed-bytes.ts'

const tensors = 32

/** A whole safetensors file of float32 tensors. @param size bytes of its tensors, a multiple of 128 */
export function writeSafetensors(path: string, size: number): void {
  const each = size / tensors
  const header = Object.fromEntries(
    Array.from({ length: tensors }, (_none, i) => [
      `layer.${i}.weight`,
      { dtype: 'F32', shape: [each / 4], data_offsets: [i * each, (i + 1) * each] },
    ]),
  )
  const json = Buffer.from(JSON.stringify(header))
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')])
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  const file = openSync(path, 'w')
  writeSync(file, Buffer.concat([length, padded]))
  for (const chunk of mixedBytes(size)) writeSync(file, chunk)
  fsyncSync(file)
  closeSync(file)
}

import { Buffer } from 'node:buffer'

/** The bytes of a safetensors file with this header text (or object) and this many bytes of data. */
export function safetensorsBytes(
  header: string | object,
  dataBytes: number,
  trailing: Uint8Array = Buffer.alloc(0),
): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  return Buffer.concat([length, json, Buffer.alloc(dataBytes, 7), trailing])
}

/** A small safetensors file without anything wrong. */
export function plainSafetensors(): Buffer {
  return safetensorsBytes(
    {
      __metadata__: { format: 'pt' },
      a: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] },
      b: { dtype: 'BF16', shape: [3], data_offsets: [16, 22] },
    },
    22,
  )
}

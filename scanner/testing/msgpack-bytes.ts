import { Buffer } from 'node:buffer'

/** An extension: its type and its payload. */
export type Extension = { type: number; payload: Buffer }

/** MessagePack of plain values; buffers become binary, `Extension` objects extensions. */
export function msgpackBytes(value: unknown): Buffer {
  if (value === null || value === undefined) return Buffer.from([0xc0])
  if (typeof value === 'boolean') return Buffer.from([value ? 0xc3 : 0xc2])
  if (typeof value === 'number') return numberBytes(value)
  if (typeof value === 'string') {
    const text = Buffer.from(value)
    return Buffer.concat([text.length < 32 ? Buffer.from([0xa0 | text.length]) : word(0xdb, text.length), text])
  }
  if (Buffer.isBuffer(value)) return Buffer.concat([word(0xc6, value.length), value])
  if (Array.isArray(value))
    return Buffer.concat([
      value.length < 16 ? Buffer.from([0x90 | value.length]) : word(0xdd, value.length),
      ...value.map(msgpackBytes),
    ])
  if (isExtension(value))
    return Buffer.concat([word(0xc9, value.payload.length), Buffer.from([value.type & 0xff]), value.payload])
  const entries = Object.entries(value as object)
  const head = entries.length < 16 ? Buffer.from([0x80 | entries.length]) : word(0xdf, entries.length)
  return Buffer.concat([head, ...entries.flatMap(([key, each]) => [msgpackBytes(key), msgpackBytes(each)])])
}

/** An array as Flax writes it. */
export function flaxArray(shape: number[], dtype: string, data: Buffer): Extension {
  return { type: 1, payload: msgpackBytes([shape, dtype, data]) }
}

function isExtension(value: unknown): value is Extension {
  return typeof value === 'object' && value !== null && 'payload' in value && 'type' in value
}

function numberBytes(value: number): Buffer {
  if (Number.isInteger(value) && value >= 0 && value < 128) return Buffer.from([value])
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 32) return word(0xce, value)
  const bytes = Buffer.alloc(9, 0xcb)
  bytes.writeDoubleBE(value, 1)
  return bytes
}

function word(mark: number, value: number): Buffer {
  const bytes = Buffer.alloc(5, mark)
  bytes.writeUInt32BE(value, 1)
  return bytes
}

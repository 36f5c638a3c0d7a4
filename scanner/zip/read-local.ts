import { Buffer } from 'node:buffer'
import { hasAt, u16At, u32At } from '../probe.ts'
import type { Reader } from '../reader.ts'
import { readExtra } from './fields.ts'
import type { LocalHeader } from './types.ts'

export const localSignature: readonly number[] = [0x50, 0x4b, 0x03, 0x04]
const fixed = 30

/**
 * The local header at a place; undefined when there is none. `explained` is false when its extra fields hold bytes of unknown purpose.
 * Source: APPNOTE.TXT, section 4.3.7.
 */
export function readLocal(reader: Reader, at: number): { header: LocalHeader; explained: boolean } | undefined {
  // Enough for nearly every name, so that one look-up does.
  let bytes = reader.read(at, 512)
  if (bytes.length < fixed || !hasAt(bytes, 0, localSignature)) return undefined
  const nameLength = u16At(bytes, 26)
  const extraLength = u16At(bytes, 28)
  const length = fixed + nameLength + extraLength
  if (length > bytes.length) bytes = reader.read(at, length)
  if (bytes.length < length) return undefined
  const name = bytes.subarray(fixed, fixed + nameLength)
  const extra = readExtra(bytes.subarray(fixed + nameLength, length), name)
  const size = u32At(bytes, 22)
  const packed = u32At(bytes, 18)
  // Both are in the field, in this order, when either does not fit.
  const [wideSize, widePacked] = extra.zip64
  return {
    header: {
      at,
      raw: Buffer.from(name).toString('latin1'),
      flags: u16At(bytes, 6),
      method: u16At(bytes, 8),
      crc: u32At(bytes, 14),
      packed: packed === 0xffffffff ? (widePacked ?? wideSize ?? packed) : packed,
      size: size === 0xffffffff ? (wideSize ?? size) : size,
      dataAt: at + length,
      ...(extra.unicode === undefined ? {} : { unicode: extra.unicode }),
    },
    explained: extra.explained,
  }
}

/**
 * Bytes of the data descriptor at a place, 0 when there is none that says the same. Its signature is optional and its sizes have four
 * or eight bytes. Source: APPNOTE.TXT, section 4.3.9.
 */
export function descriptorLength(
  reader: Reader,
  at: number,
  said: { crc: number; packed: number; size: number },
): number {
  const bytes = reader.read(at, 24)
  for (const start of [4, 0]) {
    if (start === 4 && !hasAt(bytes, 0, [0x50, 0x4b, 0x07, 0x08])) continue
    if (u32At(bytes, start) !== said.crc) continue
    if (bytes.length >= start + 20) {
      const packed = u32At(bytes, start + 4) + u32At(bytes, start + 8) * 4294967296
      const size = u32At(bytes, start + 12) + u32At(bytes, start + 16) * 4294967296
      if (packed === said.packed && size === said.size) return start + 20
    }
    const matches =
      u32At(bytes, start + 4) === said.packed % 4294967296 && u32At(bytes, start + 8) === said.size % 4294967296
    if (bytes.length >= start + 12 && matches) return start + 12
  }
  return 0
}

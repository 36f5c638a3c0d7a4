import { Buffer } from 'node:buffer'
import { crc32 } from 'node:zlib'
import { u16At, u32At } from '../probe.ts'

/** Extra fields that archivers write, by id. Source: APPNOTE.TXT, sections 4.5 and 4.6; Info-ZIP proginfo/extrafld.txt. */
const known: ReadonlySet<number> = new Set([
  0x0001, 0x0007, 0x000a, 0x000d, 0x000e, 0x5455, 0x5855, 0x7855, 0x7875, 0x6375, 0x7075, 0x9901, 0xcafe, 0xd935,
  0xa220,
])
/** What torch fills with `Z` so that tensors begin at a multiple of 64. */
const torchPadding = 0x4246
/** An unknown field this small cannot hold much. */
const harmless = 64

export type Extra = {
  /** Values from the ZIP64 field, in its order. */
  zip64: number[]
  /** The name of the unicode-path field when it was made for this name. */
  unicode?: string
  /** False when there are bytes that no known field explains. */
  explained: boolean
}

/**
 * Reads the extra fields of a header.
 * @param name bytes of the name in the same header
 */
export function readExtra(bytes: Uint8Array, name: Uint8Array): Extra {
  const extra: Extra = { zip64: [], explained: true }
  let at = 0
  while (at + 4 <= bytes.length) {
    const id = u16At(bytes, at)
    const length = u16At(bytes, at + 2)
    const field = bytes.subarray(at + 4, at + 4 + length)
    if (field.length < length) break
    if (id === 0x0001) for (let i = 0; i + 8 <= length; i += 8) extra.zip64.push(u64At(field, i))
    else if (id === 0x7075 && field[0] === 1 && length > 5) {
      if (u32At(field, 1) === crc32(name)) extra.unicode = Buffer.from(field.subarray(5)).toString('utf8')
    } else if (id === torchPadding) extra.explained &&= field.every((byte) => byte === 0x5a || byte === 0)
    else if (!known.has(id) && length > harmless) extra.explained = false
    at += 4 + length
  }
  if (!bytes.subarray(at).every((byte) => byte === 0)) extra.explained = false
  return extra
}

/** Exact up to 2^53, else the nearest number above it, which no file can satisfy. */
export function u64At(bytes: Uint8Array, at: number): number {
  return u32At(bytes, at) + u32At(bytes, at + 4) * 4294967296
}

/** The name for people: UTF-8 where it is, else one letter per byte. */
export function shownName(raw: string): string {
  for (let i = 0; i < raw.length; i++) {
    if (raw.charCodeAt(i) < 0x80) continue
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(raw, 'latin1'))
    } catch {
      return raw
    }
  }
  return raw
}

/** True for text that people write: no control characters but white space. */
export function isPlain(bytes: Uint8Array): boolean {
  return bytes.every((byte) => (byte >= 0x20 && byte !== 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09)
}

import { Buffer } from 'node:buffer'

/** One header block of 512 bytes. Source: POSIX.1-2017, pax; GNU tar manual, section "Basic Tar Format". */
export type TarHeader = {
  name: string
  /** Bytes of content as claimed; exact up to 2^53. */
  size: number
  /** One character: `0` file, `1` hard link, `2` symbolic link, `5` folder, `x` and `g` pax, `L` and `K` GNU long names. */
  type: string
  linkName: string
  checksumHolds: boolean
}

export const block = 512

/** The header in a block; undefined for a block of zeros or one that holds no number where the checksum stands. */
export function readTarHeader(bytes: Uint8Array): TarHeader | undefined {
  if (bytes.length < block) return undefined
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, block)
  const claimed = number(buffer, 148, 8)
  if (claimed === undefined) return undefined
  const { unsigned, signed } = sums(buffer)
  const prefix = buffer.toString('latin1', 257, 262) === 'ustar' && buffer[262] === 0 ? text(buffer, 345, 155) : ''
  const name = text(buffer, 0, 100)
  const type = String.fromCharCode(buffer[156] ?? 0)
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size: number(buffer, 124, 12) ?? Number.NaN,
    type: type === '\0' ? '0' : type,
    linkName: text(buffer, 157, 100),
    checksumHolds: claimed === unsigned || claimed === signed,
  }
}

/** The sum of all bytes with the checksum taken as spaces; old tools summed signed bytes. */
function sums(buffer: Buffer): { unsigned: number; signed: number } {
  let unsigned = 0
  let signed = 0
  for (let i = 0; i < block; i++) {
    const byte = i >= 148 && i < 156 ? 0x20 : (buffer[i] ?? 0)
    unsigned += byte
    signed += byte > 127 ? byte - 256 : byte
  }
  return { unsigned, signed }
}

/** Text up to its first zero byte. */
function text(buffer: Buffer, at: number, length: number): string {
  const field = buffer.subarray(at, at + length)
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end < 0 ? length : end)
}

/** Octal digits, or the base-256 form that large numbers have; undefined for anything else. */
function number(buffer: Buffer, at: number, length: number): number | undefined {
  const first = buffer[at] ?? 0
  if ((first & 0x80) !== 0) {
    // Negative numbers have no meaning here.
    if (first !== 0x80) return undefined
    let value = 0
    for (let i = 1; i < length; i++) value = value * 256 + (buffer[at + i] ?? 0)
    return value
  }
  const digits = /^[ \0]*([0-7]*)[ \0]*$/.exec(buffer.toString('latin1', at, at + length))
  if (digits?.[1] === undefined) return undefined
  return digits[1] === '' ? (at === 148 ? undefined : 0) : Number.parseInt(digits[1], 8)
}

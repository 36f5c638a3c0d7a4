/** Adler-32 of a zlib stream, continued from `value` (1 at the start). Source: RFC 1950, section 8.2. */
export function adler32(bytes: Uint8Array, value: number): number {
  let low = value & 0xffff
  let high = value >>> 16
  for (let at = 0; at < bytes.length; ) {
    // 5,552 is the most bytes before the sums could pass 2^32.
    const end = Math.min(bytes.length, at + 5552)
    for (; at < end; at++) {
      low += bytes[at] as number
      high += low
    }
    low %= 65521
    high %= 65521
  }
  return ((high << 16) | low) >>> 0
}

const crc64Table = new Uint32Array(512)
for (let byte = 0; byte < 256; byte++) {
  let low = byte
  let high = 0
  for (let bit = 0; bit < 8; bit++) {
    const odd = low & 1
    low = ((low >>> 1) | (high << 31)) >>> 0
    high >>>= 1
    if (odd === 1) {
      low = (low ^ 0xd7870f42) >>> 0
      high = (high ^ 0xc96c5795) >>> 0
    }
  }
  crc64Table[byte * 2] = low
  crc64Table[byte * 2 + 1] = high
}

export type Crc64 = { low: number; high: number }

/** CRC-64 of xz (ECMA-182), continued in place from `sum`; begin with zeros. Source: The .xz File Format, section 6. */
export function crc64(bytes: Uint8Array, sum: Crc64): void {
  let low = ~sum.low
  let high = ~sum.high
  for (let i = 0; i < bytes.length; i++) {
    const at = ((low ^ (bytes[i] as number)) & 0xff) * 2
    low = ((low >>> 8) | (high << 24)) ^ (crc64Table[at] as number)
    high = (high >>> 8) ^ (crc64Table[at + 1] as number)
  }
  sum.low = ~low >>> 0
  sum.high = ~high >>> 0
}

const bzip2Table = Uint32Array.from({ length: 256 }, (_none, byte) => {
  let value = byte << 24
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1
  return value >>> 0
})

/** The CRC-32 of bzip2, highest bit first, continued from `value`; begin with -1 and invert at the end. */
export function crc32Big(bytes: Uint8Array, value: number): number {
  let sum = value
  for (let i = 0; i < bytes.length; i++) sum = (sum << 8) ^ (bzip2Table[(sum >>> 24) ^ (bytes[i] as number)] as number)
  return sum
}

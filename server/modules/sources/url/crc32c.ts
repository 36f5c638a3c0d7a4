// CRC-32C (Castagnoli), reflected polynomial 0x82F63B78, as in RFC 3720, appendix B.4; eight bytes a step by tables of their own.
const tables = Array.from({ length: 8 }, () => new Uint32Array(256))
const table = (index: number): Uint32Array => tables[index] ?? new Uint32Array(256)
for (let byte = 0; byte < 256; byte++) {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  table(0)[byte] = value
}
for (let index = 1; index < 8; index++) {
  for (let byte = 0; byte < 256; byte++) {
    const before = table(index - 1)[byte] ?? 0
    table(index)[byte] = (before >>> 8) ^ (table(0)[before & 255] ?? 0)
  }
}
const [t0, t1, t2, t3, t4, t5, t6, t7] = Array.from({ length: 8 }, (_, index) => table(index)) as [
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
]

/** Goes on from the checksum of what came before; 0 to begin. */
export function crc32c(bytes: Uint8Array, before = 0): number {
  let crc = ~before
  let at = 0
  const last = bytes.length - 7
  for (; at < last; at += 8) {
    const low =
      crc ^
      ((bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24))
    crc =
      (t7[low & 255] as number) ^
      (t6[(low >>> 8) & 255] as number) ^
      (t5[(low >>> 16) & 255] as number) ^
      (t4[low >>> 24] as number) ^
      (t3[bytes[at + 4] as number] as number) ^
      (t2[bytes[at + 5] as number] as number) ^
      (t1[bytes[at + 6] as number] as number) ^
      (t0[bytes[at + 7] as number] as number)
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ (t0[(crc ^ (bytes[at] as number)) & 255] as number)
  return ~crc >>> 0
}

export const blockBytes = 512

export type TarHeader = {
  name: string
  /** Bytes. */
  size: number
  /** One character; '0' for regular files of every age. */
  type: string
}

/** A ustar, GNU or older header (POSIX.1-1988; the sum is taken with its own field as spaces). Null when it does not fit its sum. */
export function parseTarHeader(block: Buffer): TarHeader | null {
  if (!isTarHeader(block)) return null
  const size = parseNumber(block.subarray(124, 136))
  if (size === null) return null
  const isPosix = block.subarray(257, 263).toString('latin1') === 'ustar\0'
  const prefix = isPosix ? text(block.subarray(345, 500)) : ''
  const type = String.fromCharCode(block[156] ?? 0)
  const name = text(block.subarray(0, 100))
  return { name: prefix === '' ? name : `${prefix}/${name}`, size, type: type === '\0' ? '0' : type }
}

/** Whether a block, or the beginning of a longer piece, is a tar header by its own sum. */
export function isTarHeader(block: Buffer): boolean {
  if (block.length < blockBytes || block[0] === 0) return false
  const stated = parseNumber(block.subarray(148, 156))
  let sum = 0
  for (let at = 0; at < blockBytes; at++) sum += at >= 148 && at < 156 ? 32 : (block[at] ?? 0)
  return sum === stated
}

export const isZeroBlock = (block: Buffer): boolean => block.every((byte) => byte === 0)

/** The records of a pax header: `length key=value\n` each. Null when they are not in that form. */
export function parsePax(bytes: Buffer): Record<string, string> | null {
  const records: Record<string, string> = {}
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at)
    const length = space < 0 ? Number.NaN : Number(bytes.subarray(at, space).toString('latin1'))
    if (!Number.isInteger(length) || length < 5 || at + length > bytes.length) return null
    const record = bytes.subarray(space + 1, at + length - 1).toString('utf8')
    const equals = record.indexOf('=')
    if (equals < 1 || bytes[at + length - 1] !== 0x0a) return null
    records[record.slice(0, equals)] = record.slice(equals + 1)
    at += length
  }
  return records
}

function text(field: Buffer): string {
  const end = field.indexOf(0)
  return field.subarray(0, end < 0 ? field.length : end).toString('utf8')
}

/** Octal digits, or with the highest bit set the number itself (GNU, for 8 GiB and more). */
function parseNumber(field: Buffer): number | null {
  if (((field[0] ?? 0) & 0x80) !== 0) {
    const value = BigInt(
      `0x${Buffer.concat([Buffer.from([(field[0] ?? 0) & 0x7f]), field.subarray(1)]).toString('hex')}`,
    )
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : null
  }
  const digits = field.toString('latin1').replaceAll('\0', ' ').trim()
  if (digits === '') return 0
  return /^[0-7]{1,12}$/.test(digits) ? Number.parseInt(digits, 8) : null
}

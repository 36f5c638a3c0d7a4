import { Buffer } from 'node:buffer'

/** What a pax header overrides; other keys are ignored by readers. */
export type Pax = {
  path?: string
  linkPath?: string
  size?: number
  sparse: boolean
  /** The name that GNU tar gives to a sparse file. */
  sparseName?: string
}

/**
 * The records of a pax header: `<length> <key>=<value>\n`. Returns what was read and whether all of it made sense.
 * Source: POSIX.1-2017, pax Extended Header.
 */
export function readPax(bytes: Uint8Array): { pax: Pax; whole: boolean } {
  const pax: Pax = { sparse: false }
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = 0
  while (at < buffer.length && buffer[at] !== 0) {
    const space = buffer.indexOf(0x20, at)
    const digits = space < 0 || space - at > 10 ? '' : buffer.toString('latin1', at, space)
    const length = /^\d+$/.test(digits) ? Number(digits) : 0
    const end = at + length
    const equals = buffer.indexOf(0x3d, space)
    if (length < 5 || end > buffer.length || equals < 0 || equals >= end || buffer[end - 1] !== 0x0a)
      return { pax, whole: false }
    const key = buffer.toString('utf8', space + 1, equals)
    const value = buffer.toString('utf8', equals + 1, end - 1)
    if (key === 'path') pax.path = value
    else if (key === 'linkpath') pax.linkPath = value
    else if (key === 'size') pax.size = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN
    else if (key.startsWith('GNU.sparse.')) {
      pax.sparse = true
      if (key === 'GNU.sparse.name') pax.sparseName = value
    }
    at = end
  }
  return { pax, whole: true }
}

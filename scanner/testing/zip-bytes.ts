import { Buffer } from 'node:buffer'
import { crc32, deflateRawSync } from 'node:zlib'

/** What one of the two headers of a member says; what is absent follows from the content. */
type HeaderFields = {
  name?: string | Buffer
  flags?: number
  method?: number
  crc?: number
  packed?: number
  size?: number
  extra?: Buffer
}

export type ZipEntry = {
  name: string | Buffer
  data?: Buffer | string
  /** Bytes in the archive when they are not the content, stored or deflated. */
  packedData?: Buffer
  method?: number
  flags?: number
  /** Unix file type and permissions. */
  mode?: number
  extra?: Buffer
  /** Sizes and checksum behind the content, and nothing in the local header; `wide` has sizes of eight bytes. */
  descriptor?: true | 'wide'
  local?: HeaderFields
  central?: HeaderFields & { comment?: string; offset?: number }
  /** Left out of the directory. */
  unlisted?: boolean
  /** Bytes in front of the local header. */
  before?: Buffer
}

export type ZipOptions = {
  prefix?: Buffer
  /** Offsets count from the start of the file, prefix included. */
  absolute?: boolean
  comment?: Buffer | string
  count?: number
  zip64?: boolean
  noDirectory?: boolean
}

/** The bytes of a ZIP archive, honest but for what the entries ask for. */
export function zipBytes(entries: readonly ZipEntry[], options: ZipOptions = {}): Buffer {
  const prefix = options.prefix ?? Buffer.alloc(0)
  const base = options.absolute === true ? 0 : prefix.length
  const parts: Buffer[] = [prefix]
  const directory: Buffer[] = []
  let at = prefix.length
  let listed = 0
  const push = (bytes: Buffer): void => {
    parts.push(bytes)
    at += bytes.length
  }
  for (const entry of entries) {
    if (entry.before !== undefined) push(entry.before)
    const data = Buffer.from(entry.data ?? '')
    const method = entry.method ?? 0
    const packed = entry.packedData ?? (method === 8 ? deflateRawSync(data) : data)
    const flags = (entry.flags ?? 0) | (entry.descriptor === undefined ? 0 : 8)
    const said = { flags, method, crc: crc32(data), packed: packed.length, size: data.length }
    const offset = at - base
    const silent = entry.descriptor !== undefined ? { crc: 0, packed: 0, size: 0 } : {}
    push(localHeader({ name: entry.name, ...said, ...silent, ...extraOf(entry), ...entry.local }))
    push(packed)
    if (entry.descriptor === true) push(numbers(['PK\x07\x08', said.crc, said.packed, said.size]))
    if (entry.descriptor === 'wide') push(numbers(['PK\x07\x08', said.crc, said.packed, 0, said.size, 0]))
    if (entry.unlisted === true) continue
    listed += 1
    const fields = { name: entry.name, ...said, ...extraOf(entry), offset, ...entry.central }
    directory.push(centralHeader(fields, entry.mode ?? 0, entry.central?.comment ?? ''))
  }
  if (options.noDirectory === true) return Buffer.concat(parts)
  const start = at - base
  const records = Buffer.concat(directory)
  push(records)
  const count = options.count ?? listed
  if (options.zip64 === true) {
    const wideAt = BigInt(at - base)
    const wide = Buffer.alloc(76)
    wide.write('PK\x06\x06', 0, 'latin1')
    wide.writeBigUInt64LE(44n, 4)
    wide.writeUInt16LE(45, 12)
    wide.writeUInt16LE(45, 14)
    for (const [index, value] of [count, count, records.length, start].entries())
      wide.writeBigUInt64LE(BigInt(value), 24 + 8 * index)
    wide.write('PK\x06\x07', 56, 'latin1')
    wide.writeBigUInt64LE(wideAt, 64)
    wide.writeUInt32LE(1, 72)
    push(wide)
  }
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(Math.min(0xffff, count), 8)
  end.writeUInt16LE(Math.min(0xffff, count), 10)
  end.writeUInt32LE(options.zip64 === true ? 0xffffffff : records.length, 12)
  end.writeUInt32LE(options.zip64 === true ? 0xffffffff : start, 16)
  const comment = Buffer.from(options.comment ?? '')
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([...parts, end, comment])
}

function extraOf({ extra }: ZipEntry): { extra: Buffer } {
  return { extra: extra ?? Buffer.alloc(0) }
}

type Fields = Required<Omit<HeaderFields, 'name'>> & { name: string | Buffer }

function localHeader({ name, flags, method, crc, packed, size, extra }: Fields): Buffer {
  const bytes = Buffer.from(name)
  const header = Buffer.alloc(30)
  header.write('PK\x03\x04', 0, 'latin1')
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(flags, 6)
  header.writeUInt16LE(method, 8)
  header.writeUInt32LE(crc, 14)
  header.writeUInt32LE(packed, 18)
  header.writeUInt32LE(size, 22)
  header.writeUInt16LE(bytes.length, 26)
  header.writeUInt16LE(extra.length, 28)
  return Buffer.concat([header, bytes, extra])
}

function centralHeader(fields: Fields & { offset: number }, mode: number, comment: string): Buffer {
  const bytes = Buffer.from(fields.name)
  const header = Buffer.alloc(46)
  header.write('PK\x01\x02', 0, 'latin1')
  header.writeUInt16LE(0x0314, 4)
  header.writeUInt16LE(20, 6)
  header.writeUInt16LE(fields.flags, 8)
  header.writeUInt16LE(fields.method, 10)
  header.writeUInt32LE(fields.crc, 16)
  header.writeUInt32LE(fields.packed, 20)
  header.writeUInt32LE(fields.size, 24)
  header.writeUInt16LE(bytes.length, 28)
  header.writeUInt16LE(fields.extra.length, 30)
  header.writeUInt16LE(comment.length, 32)
  header.writeUInt16LE(mode, 40)
  header.writeUInt32LE(fields.offset, 42)
  return Buffer.concat([header, bytes, fields.extra, Buffer.from(comment)])
}

/** A signature and numbers of 32 bit. */
function numbers([signature, ...values]: [string, ...number[]]): Buffer {
  const bytes = Buffer.alloc(4 + values.length * 4)
  bytes.write(signature, 0, 'latin1')
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, 4 + index * 4)
  return bytes
}

/** An extra field. */
export function extraField(id: number, data: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt16LE(id, 0)
  head.writeUInt16LE(data.length, 2)
  return Buffer.concat([head, data])
}

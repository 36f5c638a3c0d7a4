import { crc32, deflateRawSync } from 'node:zlib'

export type ZipMember = {
  name: string
  data?: Uint8Array | string
  /** Unix mode with its type, such as 0o120777 for a link. */
  mode?: number
  deflate?: boolean
  /** Set in both headers; 1: encrypted. */
  flags?: number
  method?: number
  /** Name in the local header, where it lies. */
  localName?: string
  /** Uncompressed size that both headers claim. */
  claim?: number
  crc?: number
  /** Offset of the local header that the directory gives, instead of its own. */
  at?: number
}

/** A zip written byte by byte, so that each header may lie. Layout: PKWARE APPNOTE 6.3.10, sections 4.3.7 and 4.3.12. */
export function buildZip(members: readonly ZipMember[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const member of members) {
    const data = Buffer.from(member.data ?? '')
    const deflate = member.deflate === true
    const packed = deflate ? deflateRawSync(data) : data
    const method = member.method ?? (deflate ? 8 : 0)
    const sum = member.crc ?? crc32(data)
    const size = member.claim ?? data.length
    const head = (name: Buffer, central: boolean) => {
      const common = Buffer.alloc(26)
      common.writeUInt16LE(20, 0)
      common.writeUInt16LE((member.flags ?? 0) | 0x800, 2)
      common.writeUInt16LE(method, 4)
      common.writeUInt32LE(sum, 10)
      common.writeUInt32LE(packed.length, 14)
      common.writeUInt32LE(size, 18)
      common.writeUInt16LE(name.length, 22)
      if (!central) return Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name])
      const rest = Buffer.alloc(14)
      rest.writeUInt32LE(((member.mode ?? 0) << 16) >>> 0, 6)
      rest.writeUInt32LE(member.at ?? offset, 10)
      return Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, rest, name])
    }
    const local = head(Buffer.from(member.localName ?? member.name), false)
    directory.push(head(Buffer.from(member.name), true))
    parts.push(local, packed)
    offset += local.length + packed.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(members.length, 8)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, central, end])
}

export type TarMember = {
  name: string
  data?: Uint8Array | string
  /** Type flag: '0' file, '1' hard link, '2' link, '3' and '4' devices, '5' folder, '6' pipe, 'S' sparse, 'x' pax header. */
  type?: string
  link?: string
  /** Size that the header claims. */
  claim?: number
}

/** A tar written header by header. Layout: POSIX.1-1988 ustar. */
export function buildTar(members: readonly TarMember[], options: { end?: boolean } = {}): Buffer {
  const parts: Buffer[] = []
  for (const { name, data = '', type = '0', link = '', claim } of members) {
    const bytes = Buffer.from(data)
    const header = Buffer.alloc(512)
    header.write(name, 0, 100)
    header.write('0000644\0', 100)
    header.write('0000000\0', 108)
    header.write('0000000\0', 116)
    header.write(`${(claim ?? bytes.length).toString(8).padStart(11, '0')}\0`, 124)
    header.write('00000000000\0', 136)
    header.write('        ', 148)
    header.write(type, 156)
    header.write(link, 157, 100)
    header.write('ustar\x0000', 257, 'latin1')
    const sum = header.reduce((total, byte) => total + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    parts.push(header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512))
  }
  if (options.end !== false) parts.push(Buffer.alloc(1_024))
  return Buffer.concat(parts)
}

/** One pax record: its length counts itself. */
export function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`
  let length = rest.length
  while (`${length}${rest}`.length !== length) length = `${length}${rest}`.length
  return `${length}${rest}`
}

import { Buffer } from 'node:buffer'

export type TarEntry = {
  name: string
  data?: Buffer | string
  /** `0` unless told. */
  type?: string
  linkName?: string
  /** Claimed, when it is not the content's. */
  size?: number
  /** Written as a number of base 256. */
  wide?: boolean
  checksum?: number
  /** What fills the last block, zeros unless told. */
  padding?: number
}

/** The bytes of a ustar archive, honest but for what the entries ask for. @param ending blocks of zeros at the end */
export function tarBytes(entries: readonly TarEntry[], ending: number = 2): Buffer {
  return Buffer.concat([...entries.flatMap(entryBytes), Buffer.alloc(512 * ending)])
}

/** A pax header that holds these records for the next member. */
export function paxEntry(records: { [key: string]: string }, type: string = 'x'): TarEntry {
  const lines = Object.entries(records).map(([key, value]) => {
    const rest = Buffer.byteLength(` ${key}=${value}\n`)
    let length = rest + String(rest).length
    if (String(length).length !== String(rest).length) length = rest + String(length).length
    return `${length} ${key}=${value}\n`
  })
  return { name: 'PaxHeaders/x', type, data: lines.join('') }
}

function entryBytes(entry: TarEntry): Buffer[] {
  const data = Buffer.from(entry.data ?? '')
  const size = entry.size ?? data.length
  const header = Buffer.alloc(512)
  header.write(entry.name.slice(0, 100), 0)
  header.write('0000644\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  if (entry.wide === true) {
    header[124] = 0x80
    header.writeUIntBE(size, 130, 6)
  } else header.write(`${size.toString(8).padStart(11, '0')} `, 124)
  header.write('00000000000 ', 136)
  header.fill(0x20, 148, 156)
  header.write(entry.type ?? '0', 156)
  header.write(entry.linkName ?? '', 157)
  header.write('ustar\x0000', 257)
  const sum = entry.checksum ?? header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  const rest = (512 - (data.length % 512)) % 512
  return [header, data, Buffer.alloc(rest, entry.padding ?? 0)]
}

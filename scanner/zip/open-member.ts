import { crc32 } from 'node:zlib'
import { bzip2Stream } from '../codec/bzip2.ts'
import { inflateRawStream } from '../codec/inflate.ts'
import { zipLzmaStream } from '../codec/lzma.ts'
import { BrokenStream, type UnpackStream } from '../codec/types.ts'
import { xzStream } from '../codec/xz.ts'
import { zstdStream } from '../codec/zstd.ts'
import type { Budget } from '../nested/budget.ts'
import { partOf } from '../nested/part-of.ts'
import { openUnpacked, slowMsPerMiB } from '../nested/unpacked-reader.ts'
import type { Reader } from '../reader.ts'
import type { Reading } from './types.ts'

type Open = (reader: Reader, offset: number, reading: Reading) => UnpackStream

/** Compression methods that are read. Source: APPNOTE.TXT, section 4.4.5. */
const methods: ReadonlyMap<number, { name: string; open?: Open }> = new Map<number, { name: string; open?: Open }>([
  [0, { name: 'stored' }],
  [8, { name: 'deflate', open: (reader, at, { packed }) => inflateRawStream(reader, at, packed) }],
  [12, { name: 'bzip2', open: (reader, at, { packed }) => bzip2Stream(reader, at, packed) }],
  [14, { name: 'lzma', open: (reader, at, { packed, size }) => zipLzmaStream(reader, at, packed, size) }],
  [20, { name: 'zstd', open: (reader, at, { packed }) => zstdStream(reader, at, packed) }],
  [93, { name: 'zstd', open: (reader, at, { packed }) => zstdStream(reader, at, packed) }],
  [95, { name: 'xz', open: (reader, at, { packed }) => xzStream(reader, at, packed) }],
])

/** The method's name for people. */
export function methodName(method: number): string {
  return methods.get(method)?.name ?? `method ${method}`
}

export type OpenedMember = {
  reader: Reader
  /** Where the content lies in the file as it is; absent when it was unpacked. */
  offset?: number
  /** True when all of it can be read, to its own end. */
  complete: boolean
  problem?: { code: string; detail: string }
  /** Packed bytes behind the end of the packed content. */
  slack: number
  /** Checksum of the content; absent when it was not read in full. */
  crc?: number
}

/** Stored content up to this is read to verify its checksum; more would cost as much as hashing the file again. */
const maxVerified = 16 * 1024 * 1024
const step = 1024 * 1024

/**
 * The content of a member by one way to read it. Never throws for what the bytes are.
 * @param verify false leaves the checksum of stored content alone, so that its bytes are not read
 */
export function openMember(
  reader: Reader,
  dataAt: number,
  reading: Reading,
  budget: Budget,
  { verify = true }: { verify?: boolean } = {},
): OpenedMember {
  const available = Math.max(0, Math.min(reading.packed, reader.size - dataAt))
  const way = methods.get(reading.method)
  if (reading.method === 0) {
    const content = partOf(reader, dataAt, available)
    const crc = verify && content.size <= maxVerified ? crcOf(content) : undefined
    return { reader: content, offset: dataAt, complete: true, slack: 0, ...(crc === undefined ? {} : { crc }) }
  }
  const raw = partOf(reader, dataAt, available)
  if (way?.open === undefined) {
    const problem = { code: 'archive.opaque', detail: `compression ${methodName(reading.method)}` }
    return { reader: raw, offset: dataAt, complete: false, slack: 0, problem }
  }
  if (budget.unpackable() === 0) {
    const problem = { code: 'archive.bomb', detail: 'all that may be unpacked of this file is unpacked' }
    return { reader: partOf(reader, dataAt, 0), complete: false, slack: 0, problem }
  }
  const { open } = way
  let crc = 0
  let used = 0
  let first = true
  const start = (): UnpackStream => {
    const stream = open(reader, dataAt, { ...reading, packed: available })
    if (!first) return stream
    first = false
    return {
      consumed: stream.consumed,
      read: (max) => {
        const bytes = stream.read(max)
        crc = crc32(bytes, crc)
        used = stream.consumed()
        return bytes
      },
    }
  }
  try {
    const {
      reader: content,
      complete,
      problem,
    } = openUnpacked(start, {
      budget,
      packedBytes: available,
      ...(reading.method === 8 ? {} : { msPerMiB: slowMsPerMiB }),
    })
    return {
      reader: content,
      complete,
      slack: complete ? available - used : 0,
      ...(complete ? { crc } : {}),
      ...(problem === undefined ? {} : { problem }),
    }
  } catch (error) {
    if (!(error instanceof BrokenStream)) throw error
    return { reader: raw, complete: false, slack: 0, problem: { code: error.code, detail: error.message } }
  }
}

function crcOf(content: Reader): number {
  let crc = 0
  for (let at = 0; at < content.size; at += step) crc = crc32(content.read(at, step), crc)
  return crc
}

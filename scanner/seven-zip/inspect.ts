import { Buffer } from 'node:buffer'
import { crc32 } from 'node:zlib'
import { createMemberNames } from '../archive/member-names.ts'
import { BrokenStream, type ByteStream } from '../codec/types.ts'
import { createCursor, PastEnd } from '../cursor.ts'
import type { InspectContext, Inspected } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { partOf } from '../nested/part-of.ts'
import { openUnpacked, slowMsPerMiB } from '../nested/unpacked-reader.ts'
import type { Reader } from '../reader.ts'
import { isEncrypted, methodName, openFolder } from './open-folder.ts'
import { readHeader, readNumber, readStreams, unpackedSize } from './read-header.ts'
import type { FileEntry, Folder, SevenZipHeader, StreamsInfo } from './types.ts'

const signatureSize = 32
const maxHeader = 16 * 1024 * 1024
const maxFiles = 100_000
const maxListed = 200
/** A link's target is its content. */
const maxTarget = 4096

/** Reads a 7-Zip archive: its header, packed or not, and every file of every folder that it knows how to unpack. */
export function inspectSevenZip(context: InspectContext): Inspected {
  const { offset, length, observe, cover } = context
  const end = offset + length
  const header: SevenZipHeader = { kind: '7z', memberCount: 0, claimedBytes: null, methods: [], members: [] }
  try {
    const place = readSignature(context)
    if (place === undefined) return { header, end }
    const read = readAny(context, place)
    if (read === undefined) return { header, end: place.offset + place.length }
    cover(offset, signatureSize, 'parsed')
    cover(place.offset, place.length, 'parsed')
    inspectFiles(context, read.streams, read.files, header)
    return { header, end: place.offset + place.length }
  } catch (error) {
    if (!(error instanceof BrokenStream || error instanceof PastEnd)) throw error
    const code = error instanceof BrokenStream ? error.code : 'archive.broken'
    observe({ code, offset, detail: error instanceof PastEnd ? 'the header ends too early' : error.message })
    return { header, end }
  }
}

type Place = { offset: number; length: number }

/** Where the header is, by the first 32 bytes. Undefined when it lies outside the file or there is none. */
function readSignature({ reader, offset, length, observe, cover }: InspectContext): Place | undefined {
  const cursor = createCursor(reader, offset, offset + length)
  cursor.skip(8)
  const sum = cursor.u32()
  const fields = cursor.bytes(20).slice()
  const view = new DataView(fields.buffer)
  if (crc32(fields) !== sum) observe({ code: 'archive.checksum', offset, detail: 'the start of the 7z archive' })
  const at = view.getUint32(0, true) + view.getUint32(4, true) * 4294967296
  const size = view.getUint32(8, true) + view.getUint32(12, true) * 4294967296
  if (signatureSize + at + size > length) {
    observe({ code: 'archive.broken', offset, detail: 'the header of the 7z archive lies behind the end of the file' })
    return undefined
  }
  const place = { offset: offset + signatureSize + at, length: size }
  if (size > maxHeader) throw new BrokenStream('archive.opaque', `a header of ${size} bytes`)
  if (size === 0) {
    cover(offset, signatureSize, 'parsed')
    return undefined
  }
  if (checksum(reader, place.offset, size) !== view.getUint32(16, true))
    observe({ code: 'archive.checksum', offset: place.offset, detail: 'the header of the 7z archive' })
  return place
}

function checksum(reader: Reader, offset: number, length: number): number {
  let sum = 0
  for (let at = 0; at < length; at += 1024 * 1024)
    sum = crc32(reader.read(offset + at, Math.min(1024 * 1024, length - at)), sum)
  return sum
}

/** The header, unpacked as often as it is packed. Undefined when it is encrypted or too large, which is noted. */
function readAny(context: InspectContext, place: Place): { streams: StreamsInfo; files: FileEntry[] } | undefined {
  const { reader, offset, observe, cover, budget } = context
  let from = reader
  let { offset: start, length } = place
  for (let layer = 0; layer < 4; layer++) {
    const cursor = createCursor(from, start, start + length)
    const kind = readNumber(cursor)
    if (kind === 1) return readHeader(cursor, offset + signatureSize)
    if (kind !== 0x17) throw new BrokenStream('archive.broken', 'the header of the 7z archive is of an unknown kind')
    const streams = readStreams(cursor, offset + signatureSize)
    const folder = streams.folders[0]
    if (folder === undefined) throw new BrokenStream('archive.broken', 'the packed header of the 7z archive is missing')
    if (isEncrypted(folder)) {
      observe({ code: 'archive.encrypted', offset: place.offset, detail: 'the names of the files are encrypted too' })
      return undefined
    }
    if (unpackedSize(folder) > maxHeader) throw new BrokenStream('archive.opaque', 'the packed header is too large')
    const packs = streams.packs.slice(0, folder.packed.length)
    const packedBytes = packs.reduce((sum, pack) => sum + pack.length, 0)
    const {
      reader: inner,
      problem,
      complete,
      size,
    } = openUnpacked(() => openFolder(reader, folder, packs), { budget, packedBytes, msPerMiB: slowMsPerMiB })
    if (problem !== undefined) observe({ ...problem, offset: place.offset })
    if (!complete) return undefined
    if (folder.crc !== undefined && checksum(inner, 0, size) !== folder.crc)
      observe({ code: 'archive.checksum', offset: place.offset, detail: 'the packed header of the 7z archive' })
    for (const pack of packs) cover(pack.offset, pack.length, 'parsed')
    from = inner
    start = 0
    length = size
  }
  throw new BrokenStream('archive.opaque', 'the header is packed over and over')
}

function inspectFiles(
  context: InspectContext,
  streams: StreamsInfo,
  files: readonly FileEntry[],
  header: SevenZipHeader,
): void {
  const { offset, observe } = context
  header.memberCount = files.length
  header.claimedBytes = streams.contents.flat().reduce((sum, { size }) => sum + size, 0)
  header.methods = [
    ...new Set(streams.folders.flatMap(({ coders }) => coders.map(({ method }) => methodName(method)))),
  ].slice(0, 16)
  if (files.length > maxFiles) observe({ code: 'archive.count', offset, detail: `${files.length} members` })
  const names = createMemberNames(observe)
  for (const file of files.slice(0, maxFiles)) {
    // Links are named once their target was read.
    if (!isLink(file)) names.add({ name: file.name })
  }
  const withStream = files.filter((file) => file.hasStream).slice(0, maxFiles)
  const count = streams.contents.reduce((sum, folder) => sum + folder.length, 0)
  if (count !== withStream.length)
    observe({ code: 'archive.broken', offset, detail: `${withStream.length} files are listed, ${count} are packed` })
  let firstFile = 0
  let firstPack = 0
  for (const [i, folder] of streams.folders.entries()) {
    const contents = streams.contents[i] ?? []
    const packs = streams.packs.slice(firstPack, firstPack + folder.packed.length)
    inspectFolder(context, folder, packs, contents, withStream.slice(firstFile, firstFile + contents.length), {
      header,
      addLink: (name, target) => names.add({ name, link: { target, hard: false } }),
    })
    firstPack += folder.packed.length
    firstFile += contents.length
  }
  names.finish()
}

type Collected = { header: SevenZipHeader; addLink: (name: string, target: string) => void }

function inspectFolder(
  context: InspectContext,
  folder: Folder,
  packs: readonly Place[],
  contents: StreamsInfo['contents'][number],
  files: readonly FileEntry[],
  { header, addLink }: Collected,
): void {
  const { reader, offset, budget, observe, cover, nested } = context
  const list = (name: string, size: number, format: string | null): void => {
    if (header.members.length < maxListed) header.members.push({ name: escapeText(name), size, format })
  }
  if (isEncrypted(folder)) {
    for (const file of files) observe({ code: 'archive.encrypted', member: file.name, offset })
    if (files.length === 0) observe({ code: 'archive.encrypted', offset })
    for (const [i, file] of files.entries()) list(file.name, contents[i]?.size ?? 0, null)
    return
  }
  const packedBytes = packs.reduce((sum, pack) => sum + pack.length, 0)
  let summed: Summed | undefined
  const unpacked = openUnpacked(
    () => {
      const stream = openFolder(reader, folder, packs)
      if (summed !== undefined) return stream
      summed = summing(stream, contents)
      return summed.stream
    },
    { budget, packedBytes, msPerMiB: slowMsPerMiB },
  )
  const first = files[0]?.name
  if (unpacked.problem !== undefined)
    observe({
      ...unpacked.problem,
      offset: packs[0]?.offset ?? offset,
      ...(first === undefined ? {} : { member: first }),
    })
  for (const wrong of summed?.wrong ?? [])
    observe({
      code: 'archive.checksum',
      member: files[wrong]?.name ?? `file ${wrong}`,
      detail: 'CRC-32 of the content',
    })

  let complete = unpacked.complete
  let at = 0
  for (const [i, { size }] of contents.entries()) {
    const file = files[i]
    const name = file?.name ?? `file ${i}`
    const part = partOf(unpacked.reader, at, size)
    at += size
    // Behind the break there is nothing to inspect.
    if (part.size === 0) {
      list(name, size, null)
      continue
    }
    if (file !== undefined && isLink(file)) addLink(name, Buffer.from(part.read(0, maxTarget)).toString())
    const inner = nested({ name, reader: part })
    complete &&= inner.complete
    list(name, size, inner.format)
  }
  const only = packs[0]
  if (complete && summed?.wrong.length === 0 && only !== undefined)
    cover(only.offset, Math.min(summed.used(), only.length), 'parsed')
}

type Summed = { stream: ByteStream; wrong: number[]; used: () => number }

/** Passes a folder on and compares the CRC-32 of each of its files. */
function summing(stream: ByteStream & { used: () => number }, contents: StreamsInfo['contents'][number]): Summed {
  const wrong: number[] = []
  let file = 0
  let left = contents[0]?.size ?? 0
  let sum = 0
  const see = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length && file < contents.length; ) {
      const part = bytes.subarray(at, at + left)
      sum = crc32(part, sum)
      left -= part.length
      at += part.length
      while (left === 0 && file < contents.length) {
        const crc = contents[file]?.crc
        if (crc !== undefined && crc !== sum) wrong.push(file)
        sum = 0
        file += 1
        left = contents[file]?.size ?? 0
      }
    }
  }
  return {
    wrong,
    used: stream.used,
    stream: {
      read: (max) => {
        const bytes = stream.read(max)
        see(bytes)
        return bytes
      },
    },
  }
}

/** The upper half of the attributes holds the Unix mode when bit 15 says so. */
function isLink({ attributes }: FileEntry): boolean {
  return (attributes & 0x8000) !== 0 && ((attributes >>> 16) & 0xf000) === 0xa000
}

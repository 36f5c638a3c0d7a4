import { Buffer } from 'node:buffer'
import { BrokenStream } from '../codec/types.ts'
import type { Cursor } from '../cursor.ts'
import type { Coder, FileEntry, Folder, StreamsInfo } from './types.ts'

/** Numbers of properties. Source: 7zFormat.txt of the LZMA SDK. */
const id = {
  end: 0,
  header: 1,
  archiveProperties: 2,
  additionalStreams: 3,
  mainStreams: 4,
  files: 5,
  packInfo: 6,
  unpackInfo: 7,
  subStreams: 8,
  size: 9,
  crc: 10,
  folder: 11,
  coderSizes: 12,
  streamCounts: 13,
  emptyStream: 14,
  emptyFile: 15,
  names: 17,
  attributes: 21,
}

/** Coders in one folder; 7-Zip itself makes four at most. */
const maxCoders = 32

/** A number of 1 to 9 bytes, whose first byte says how many. */
export function readNumber(cursor: Cursor): number {
  const first = cursor.u8()
  let value = 0
  for (let i = 0, mask = 0x80; i < 8; i++, mask >>= 1) {
    if ((first & mask) === 0) return value + (first & (mask - 1)) * 2 ** (8 * i)
    value += cursor.u8() * 2 ** (8 * i)
  }
  return value
}

/** A count of things that each take at least `bytes` of what is left. */
function readCount(cursor: Cursor, bytes: number): number {
  const count = readNumber(cursor)
  if (count * bytes > cursor.remaining()) throw broken7z(`${count} entries do not fit into the header`)
  return count
}

function expect(cursor: Cursor, wanted: number): void {
  if (readNumber(cursor) !== wanted) throw broken7z('its header has another structure')
}

function readBits(cursor: Cursor, count: number): boolean[] {
  const bytes = cursor.bytes(Math.ceil(count / 8))
  return Array.from({ length: count }, (_none, i) => (((bytes[i >> 3] as number) >> (7 - (i & 7))) & 1) === 1)
}

/** Bits behind a byte that says whether all are set. */
function readOptionalBits(cursor: Cursor, count: number): boolean[] {
  return cursor.u8() === 0 ? readBits(cursor, count) : Array<boolean>(count).fill(true)
}

function readDigests(cursor: Cursor, count: number): (number | undefined)[] {
  return readOptionalBits(cursor, count).map((defined) => (defined ? cursor.u32() : undefined))
}

/** Where packed streams lie, how they unpack, and into what. Throws `BrokenStream` or `PastEnd`. */
export function readStreams(cursor: Cursor, base: number): StreamsInfo {
  const info: StreamsInfo = { packs: [], folders: [], contents: [] }
  let hasContents = false
  for (;;) {
    const property = readNumber(cursor)
    if (property === id.end) break
    if (property === id.packInfo) info.packs = readPacks(cursor, base)
    else if (property === id.unpackInfo) info.folders = readFolders(cursor)
    else if (property === id.subStreams) {
      info.contents = readContents(cursor, info.folders)
      hasContents = true
    } else throw broken7z('its header has another structure')
  }
  if (!hasContents) info.contents = info.folders.map((folder) => [wholeOf(folder)])
  return info
}

function wholeOf(folder: Folder): { size: number; crc?: number } {
  return { size: unpackedSize(folder), ...(folder.crc === undefined ? {} : { crc: folder.crc }) }
}

function readPacks(cursor: Cursor, base: number): { offset: number; length: number }[] {
  let offset = base + readNumber(cursor)
  const count = readCount(cursor, 1)
  let packs: { offset: number; length: number }[] = []
  for (;;) {
    const property = readNumber(cursor)
    if (property === id.end) return packs
    if (property === id.size)
      packs = Array.from({ length: count }, () => {
        const pack = { offset, length: readNumber(cursor) }
        offset += pack.length
        return pack
      })
    else if (property === id.crc) readDigests(cursor, count)
    else throw broken7z('its header has another structure')
  }
}

function readFolders(cursor: Cursor): Folder[] {
  expect(cursor, id.folder)
  const count = readCount(cursor, 3)
  if (cursor.u8() !== 0) throw new BrokenStream('archive.opaque', 'its header refers to another stream')
  const folders = Array.from({ length: count }, () => readFolder(cursor))
  expect(cursor, id.coderSizes)
  for (const folder of folders)
    folder.sizes = Array.from({ length: sum(folder.coders, 'outputs') }, () => readNumber(cursor))
  for (;;) {
    const property = readNumber(cursor)
    if (property === id.end) return folders
    if (property !== id.crc) throw broken7z('its header has another structure')
    for (const [i, crc] of readDigests(cursor, count).entries()) if (crc !== undefined) (folders[i] as Folder).crc = crc
  }
}

function readFolder(cursor: Cursor): Folder {
  const count = readNumber(cursor)
  if (count < 1 || count > maxCoders) throw broken7z('an impossible number of coders')
  const coders = Array.from({ length: count }, () => readCoder(cursor))
  const inputs = sum(coders, 'inputs')
  const outputs = sum(coders, 'outputs')
  if (inputs > maxCoders || outputs > maxCoders || outputs < 1) throw broken7z('an impossible number of streams')
  const binds = Array.from({ length: outputs - 1 }, () => ({ input: readNumber(cursor), output: readNumber(cursor) }))
  const free = inputs - binds.length
  if (free < 1) throw broken7z('no packed stream feeds a folder')
  const packed =
    free === 1
      ? [Array.from({ length: inputs }, (_none, i) => i).find((i) => binds.every(({ input }) => input !== i)) ?? 0]
      : Array.from({ length: free }, () => readNumber(cursor))
  return { coders, binds, packed, sizes: [] }
}

function readCoder(cursor: Cursor): Coder {
  const flags = cursor.u8()
  if ((flags & 0xc0) !== 0) throw broken7z('a coder with alternatives')
  const method = Buffer.from(cursor.bytes(flags & 15)).toString('hex')
  const complex = (flags & 16) !== 0
  const inputs = complex ? readNumber(cursor) : 1
  const outputs = complex ? readNumber(cursor) : 1
  const length = (flags & 32) === 0 ? 0 : readNumber(cursor)
  if (length > 1024) throw broken7z('a coder with too many properties')
  return { method, properties: length === 0 ? new Uint8Array(0) : cursor.bytes(length).slice(), inputs, outputs }
}

function sum(coders: readonly Coder[], field: 'inputs' | 'outputs'): number {
  return coders.reduce((total, coder) => total + coder[field], 0)
}

/** Bytes a folder gives: those of the output that no other coder takes. */
export function unpackedSize(folder: Folder): number {
  const main = folder.sizes.findIndex((_size, i) => folder.binds.every(({ output }) => output !== i))
  return folder.sizes[main] ?? 0
}

function readContents(cursor: Cursor, folders: readonly Folder[]): { size: number; crc?: number }[][] {
  let counts = folders.map(() => 1)
  let property = readNumber(cursor)
  if (property === id.streamCounts) {
    // One file fills its folder and needs no size, so a folder of n files takes n - 1 bytes at least.
    counts = folders.map(() => readCount({ ...cursor, remaining: () => cursor.remaining() + 1 }, 1))
    property = readNumber(cursor)
  }
  const withSizes = property === id.size
  const contents: { size: number; crc?: number }[][] = folders.map((folder, i) => {
    const count = counts[i] as number
    if (count > 1 && !withSizes) throw broken7z('a folder of several files without sizes')
    let left = unpackedSize(folder)
    const files: { size: number; crc?: number }[] = []
    for (let file = 1; file < count; file++) {
      const size = readNumber(cursor)
      left -= size
      files.push({ size })
    }
    if (left < 0) throw broken7z('files are longer than their folder')
    if (count > 0) files.push({ size: left })
    return files
  })
  if (withSizes) property = readNumber(cursor)
  const open: { size: number; crc?: number }[] = []
  for (const [i, files] of contents.entries()) {
    const crc = folders[i]?.crc
    const only = files[0]
    if (files.length === 1 && only !== undefined && crc !== undefined) only.crc = crc
    else open.push(...files)
  }
  for (; property !== id.end; property = readNumber(cursor)) {
    if (property !== id.crc) throw broken7z('its header has another structure')
    for (const [i, crc] of readDigests(cursor, open.length).entries())
      if (crc !== undefined) (open[i] as { crc?: number }).crc = crc
  }
  return contents
}

/** The plain header: streams and files. Throws `BrokenStream` or `PastEnd`. */
export function readHeader(cursor: Cursor, base: number): { streams: StreamsInfo; files: FileEntry[] } {
  let streams: StreamsInfo = { packs: [], folders: [], contents: [] }
  let files: FileEntry[] = []
  for (;;) {
    const property = readNumber(cursor)
    if (property === id.end) return { streams, files }
    if (property === id.archiveProperties) {
      while (readNumber(cursor) !== id.end) cursor.skip(readNumber(cursor))
    } else if (property === id.mainStreams) streams = readStreams(cursor, base)
    else if (property === id.files) files = readFiles(cursor)
    else if (property === id.additionalStreams)
      throw new BrokenStream('archive.opaque', 'its header refers to another stream')
    else throw broken7z('its header has another structure')
  }
}

function readFiles(cursor: Cursor): FileEntry[] {
  // Each has a name of two bytes at least; a nameless list needs one bit.
  const count = readCount(cursor, 1 / 8)
  const files = Array.from(
    { length: count },
    (): FileEntry => ({ name: '', hasStream: true, isFolder: false, attributes: 0 }),
  )
  for (;;) {
    const property = readNumber(cursor)
    if (property === id.end) return files
    const size = readNumber(cursor)
    if (size > cursor.remaining()) throw broken7z('a property is longer than the header')
    const end = cursor.position() + size
    if (property === id.emptyStream) {
      for (const [i, empty] of readBits(cursor, count).entries()) {
        const file = files[i] as FileEntry
        file.hasStream = !empty
        file.isFolder = empty
      }
    } else if (property === id.emptyFile) {
      const empty = files.filter((file) => !file.hasStream)
      for (const [i, isFile] of readBits(cursor, empty.length).entries())
        if (isFile) (empty[i] as FileEntry).isFolder = false
    } else if (property === id.names || property === id.attributes) {
      const defined = property === id.names ? [] : readOptionalBits(cursor, count)
      if (cursor.u8() !== 0) throw new BrokenStream('archive.opaque', 'its header refers to another stream')
      for (const [i, file] of files.entries()) {
        if (property === id.names) file.name = readName(cursor)
        else if (defined[i] === true) file.attributes = cursor.u32()
      }
    }
    // Times and padding say nothing about safety.
    cursor.seek(end)
  }
}

function readName(cursor: Cursor): string {
  let name = ''
  for (let unit = cursor.u16(); unit !== 0; unit = cursor.u16()) {
    if (name.length >= 32_768) throw broken7z('a name is too long')
    name += String.fromCharCode(unit)
  }
  return name
}

export function broken7z(what: string): BrokenStream {
  return new BrokenStream('archive.broken', `broken 7z archive: ${what}`)
}

import { bzip2From } from '../codec/bzip2.ts'
import { branchFilter, deltaFilter, filtered } from '../codec/filters.ts'
import { inflateFrom } from '../codec/inflate.ts'
import { inputFrom } from '../codec/input.ts'
import { lzmaStreamFrom } from '../codec/lzma.ts'
import { lzmaProperties } from '../codec/lzma-decoder.ts'
import { lzma2Dictionary, lzma2StreamFrom } from '../codec/lzma2.ts'
import { BrokenStream, type ByteStream, type UnpackStream } from '../codec/types.ts'
import { zstdFrom } from '../codec/zstd.ts'
import type { Reader } from '../reader.ts'
import { broken7z } from './read-header.ts'
import type { Coder, Folder } from './types.ts'

type Method = { name: string; open: (source: UnpackStream, coder: Coder, size: number) => UnpackStream }

/** Methods by their number in hex. Source: Methods.txt of the LZMA SDK. */
const methods = new Map<string, Method>([
  ['00', { name: 'Copy', open: (source) => source }],
  [
    '21',
    {
      name: 'LZMA2',
      open: (source, { properties }) => lzma2StreamFrom(inputFrom(source), lzma2Dictionary(byteOf(properties))),
    },
  ],
  ['030101', { name: 'LZMA', open: openLzma }],
  ['040108', { name: 'Deflate', open: (source) => inflateFrom(inputFrom(source)) }],
  ['04f71101', { name: 'zstd', open: (source) => zstdFrom(inputFrom(source)) }],
  ['040202', { name: 'BZip2', open: (source) => bzip2From(inputFrom(source)) }],
  ['03', { name: 'Delta', open: (source, { properties }) => filtered(source, deltaFilter(byteOf(properties) + 1)) }],
  ['04', branch('BCJ', 4)],
  ['03030103', branch('BCJ', 4)],
  ['05', branch('PPC', 5)],
  ['03030205', branch('PPC', 5)],
  ['07', branch('ARM', 7)],
  ['03030501', branch('ARM', 7)],
  ['08', branch('ARMT', 8)],
  ['03030701', branch('ARMT', 8)],
  ['09', branch('SPARC', 9)],
  ['03030805', branch('SPARC', 9)],
  ['0a', branch('ARM64', 10)],
])

/** Methods known by name that this product does not read. */
const closed: { readonly [method: string]: string } = {
  '0303011b': 'BCJ2',
  '030401': 'PPMd',
  '040109': 'Deflate64',
  '06f10701': '7zAES',
}

/** Name of a method for people. */
export function methodName(method: string): string {
  return methods.get(method)?.name ?? closed[method] ?? `method ${method}`
}

/** True when a coder of the folder decrypts. */
export function isEncrypted(folder: Folder): boolean {
  return folder.coders.some(({ method }) => method.startsWith('06f1'))
}

/**
 * Opens a folder as one stream of its files. `packs` are the packed streams that feed it; `used` says how much of them the first coder
 * took.  * Throws `BrokenStream` with `archive.opaque` for coders that are not read.
 */
export function openFolder(
  reader: Reader,
  folder: Folder,
  packs: readonly { offset: number; length: number }[],
): ByteStream & { used: () => number } {
  const { coders, binds, packed, sizes } = folder
  const unknown = coders.find((coder) => coder.inputs !== 1 || coder.outputs !== 1 || !methods.has(coder.method))
  if (unknown !== undefined)
    throw new BrokenStream('archive.opaque', `a folder is packed with ${methodName(unknown.method)}`)
  const main = coders.findIndex((_coder, i) => binds.every(({ output }) => output !== i))

  let used = (): number => 0

  function open(index: number, depth: number): UnpackStream {
    const coder = coders[index]
    if (coder === undefined || depth > coders.length) throw broken7z('its coders form a circle')
    const bind = binds.find(({ input }) => input === index)
    const pack = packs[packed.indexOf(index)]
    if (bind === undefined && pack === undefined) throw broken7z('a coder has no input')
    const source =
      bind === undefined && pack !== undefined ? bytesOf(reader, pack) : open(bind?.output ?? -1, depth + 1)
    const size = sizes[index] as number
    const stream = methods.get(coder.method)?.open(source, coder, size) ?? source
    if (bind === undefined) used = stream.consumed
    return exactly(stream, size)
  }
  const stream = open(main, 0)
  return { read: stream.read, used }
}

function branch(name: string, id: number): Method {
  return {
    name,
    open: (source, { properties }) => {
      if (properties.some((byte) => byte !== 0))
        throw new BrokenStream('archive.opaque', 'packed with a branch converter that begins elsewhere')
      return filtered(source, branchFilter(id))
    },
  }
}

function openLzma(source: UnpackStream, { properties }: Coder, size: number): UnpackStream {
  if (properties.length !== 5) throw broken7z('LZMA without its five properties')
  const dictionary = new DataView(properties.buffer, properties.byteOffset).getUint32(1, true)
  return lzmaStreamFrom(inputFrom(source), lzmaProperties(byteOf(properties)), dictionary, size)
}

function byteOf(properties: Uint8Array): number {
  const byte = properties[0]
  if (byte === undefined) throw broken7z('a coder without properties')
  return byte
}

function bytesOf(reader: Reader, { offset, length }: { offset: number; length: number }): UnpackStream {
  let at = 0
  return {
    consumed: () => at,
    read: (max) => {
      const bytes = reader.read(offset + at, Math.min(max, length - at))
      at += bytes.length
      return bytes
    },
  }
}

/** A stream that must have `size` bytes. */
function exactly(stream: UnpackStream, size: number): UnpackStream {
  let left = size
  let ended = false
  return {
    consumed: stream.consumed,
    read: (max) => {
      if (ended) return new Uint8Array(0)
      if (left === 0) {
        // The end mark of the data, if there is one, belongs to them.
        ended = true
        if (stream.read(1).length > 0) throw broken7z(`a folder gives more than the ${size} bytes it says`)
        return new Uint8Array(0)
      }
      const bytes = stream.read(Math.min(max, left))
      if (bytes.length === 0) throw broken7z(`a folder gives ${left} bytes less than it says`)
      left -= bytes.length
      return bytes
    },
  }
}

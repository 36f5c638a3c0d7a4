import { Header } from 'tar/header'
import { Pax } from 'tar/pax'
import { createByteReader } from '../../../platform/byte-reader.ts'
import { broken } from './manifest.ts'

const block = 512
/** Of what a header says when its fields are too short for it (bytes). */
const mostPaxBytes = 16 * 1024

/** The header of a regular file; more than one block for long names and large files. */
export function tarHeader(path: string, size: number, mtime: Date): Buffer {
  const facts = { path, size, mtime, mode: 0o644, type: 'File' as const }
  const buffer = Buffer.alloc(block)
  const needsMore = new Header(facts).encode(buffer)
  return needsMore ? Buffer.concat([new Pax({ path, size }).encode(), buffer]) : buffer
}

/** What fills the last block of a file. */
export const tarPadding = (size: number): Buffer => Buffer.alloc((block - (size % block)) % block)

export const tarEnd = Buffer.alloc(2 * block)

export type TarEntry = { path: string; size: number }

export type TarReader = {
  /** The next file; null at the end, when nothing comes after it. The bytes of the one before must have been read. */
  next: () => Promise<TarEntry | null>
  /** The bytes of the file, once. */
  bytes: () => AsyncGenerator<Uint8Array, void, void>
}

/** Reads the files of a tar file as they come. Throws `invalid` `bundle_invalid` for anything but regular files. */
export function createTarReader(source: AsyncIterable<Uint8Array>): TarReader {
  const reader = createByteReader(
    source,
    () => undefined,
    () => broken('it ends too early'),
  )
  let current: TarEntry = { path: '', size: 0 }
  const readHeader = async (more?: Pax): Promise<Header> => {
    const header = new Header(await reader.read(block), 0, more)
    if (!header.nullBlock && !header.cksumValid) throw broken('it is no tar file')
    return header
  }

  return {
    next: async () => {
      let header = await readHeader()
      let more: Pax | undefined
      if (header.type === 'ExtendedHeader' && !header.nullBlock) {
        const size = header.size ?? 0
        if (size > mostPaxBytes) throw broken('a header is too long')
        const text = (await reader.read(size)).toString('utf8')
        await reader.read(tarPadding(size).length)
        more = Pax.parse(text)
        header = await readHeader(more)
      }
      if (header.nullBlock) {
        if ((await reader.read(block)).some((byte) => byte !== 0) || (await reader.hasMore())) {
          throw broken('something comes after its end')
        }
        return null
      }
      const { type, size } = header
      // The path of a header gets the beginning that an older field holds, also where the longer one was given whole.
      const path = more?.path ?? header.path
      if (type !== 'File' || path === undefined || size === undefined || !Number.isSafeInteger(size) || size < 0) {
        throw broken('it holds something that is no regular file')
      }
      current = { path, size }
      return current
    },
    bytes: async function* () {
      const { size } = current
      yield* reader.take(size)
      if ((await reader.read(tarPadding(size).length)).some((byte) => byte !== 0)) {
        throw broken('a file is longer than it says')
      }
    },
  }
}

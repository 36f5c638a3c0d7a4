import { createReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { HubError } from '../../../../kernel/index.ts'
import { type ByteReader, createByteReader } from '../../../platform/byte-reader.ts'
import type { ArchiveKind } from './detect.ts'
import { type Policy, refused, show } from './policy.ts'
import { blockBytes, isZeroBlock, parsePax, parseTarHeader, type TarHeader } from './tar-header.ts'
import type { Member, WriteMember } from './write-member.ts'

const chunkBytes = 256 * 1024
/** Extended headers hold names; a name longer than 1,024 bytes is refused anyway. */
const maxExtendedBytes = 64 * 1024

/**
 * The files of a tar, packed or not, in one pass and one at a time. Links, devices, sparse files and anything else that is no regular
 * file are refused, and so is one without its end. `countRaw` sees every byte that is unpacked: headers, padding and all.
 */
export async function readTar(
  path: string,
  kind: Exclude<ArchiveKind, 'zip'>,
  policy: Policy,
  write: WriteMember,
  countRaw: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<Member[]> {
  const file = createReadStream(path, { highWaterMark: chunkBytes })
  const inflate =
    kind === 'tar.gz'
      ? createGunzip({ chunkSize: chunkBytes })
      : kind === 'tar.zst'
        ? createZstdDecompress({ chunkSize: chunkBytes })
        : null
  // What fails is seen by whoever reads; the pipeline only ends both together.
  if (inflate !== null) pipeline(file, inflate, () => undefined)
  const stream: Readable = inflate ?? file
  const reader = createByteReader(
    stream as AsyncIterable<Uint8Array>,
    (chunk) => {
      signal?.throwIfAborted()
      countRaw(chunk.length)
    },
    () => new Error('the stream ends early'),
  )
  try {
    return await readMembers(reader, policy, write)
  } catch (error) {
    signal?.throwIfAborted()
    throw error instanceof HubError || isDisk(error) ? error : refused('is damaged or cut off', error)
  } finally {
    stream.destroy()
    file.destroy()
  }
}

async function readMembers(reader: ByteReader, policy: Policy, write: WriteMember): Promise<Member[]> {
  const members: Member[] = []
  let over: { path?: string; size?: number } = {}
  for (;;) {
    const block = await reader.read(blockBytes)
    if (isZeroBlock(block)) break
    const header = parseTarHeader(block)
    if (header === null) throw refused('is damaged: a header does not fit its own sum')
    if (extended.has(header.type)) {
      over = { ...over, ...(await readExtended(reader, header)) }
      continue
    }
    const name = over.path ?? header.name
    const size = over.size ?? header.size
    over = {}
    const isFolder = header.type === 'folder' || (header.type === 'file' && name.endsWith('/'))
    if (!isFolder && header.type !== 'file') {
      throw refused(`holds ${show(name)}, which is neither a regular file nor a folder`)
    }
    if (isFolder && size > 0) throw refused(`holds a folder with content: ${show(name)}`)
    const taken = policy.admit(name, isFolder ? 'folder' : 'file')
    const bytes = reader.take(size)
    if (taken !== null && !isFolder) members.push(await write(taken, bytes))
    else for await (const _skipped of bytes);
    await reader.read(-size & (blockBytes - 1))
  }
  // What follows the end is padding; it is read so that a sum behind it, as that of gzip, is compared.
  await reader.drain()
  return members
}

/** Headers that speak of the next member, or of all: pax (x, g) and GNU long names (L, K). */
const extended = new Set<TarHeader['type']>(['pax', 'pax-of-all', 'long-name', 'long-link'])

async function readExtended(
  reader: ByteReader,
  { type, size, name }: TarHeader,
): Promise<{ path?: string; size?: number }> {
  if (size > maxExtendedBytes) throw refused(`holds an extended header of ${size} bytes, at ${show(name)}`)
  const bytes = await reader.read(size)
  await reader.read(-size & (blockBytes - 1))
  const text = (bytes: Buffer) => bytes.toString('utf8').replace(/\0+$/, '')
  if (type === 'long-name') return { path: text(bytes) }
  if (type !== 'pax') return {}
  const records = parsePax(bytes)
  if (records === null) throw refused('is damaged: an extended header cannot be read')
  if (Object.keys(records).some((key) => key.startsWith('GNU.sparse.'))) throw refused('holds a sparse file')
  const { path, size: stated } = records
  if (stated !== undefined && !/^\d{1,15}$/.test(stated)) throw refused('is damaged: a size is no number')
  return { ...(path === undefined ? {} : { path }), ...(stated === undefined ? {} : { size: Number(stated) }) }
}

/** What the disk says is not the archive's fault. */
const isDisk = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  ['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'EACCES'].includes(String(error.code))

import { crc32 } from 'node:zlib'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { HubError, messageOf } from '../../../../kernel/index.ts'
import { type Policy, refused, show, tooLarge, tooMany, type UnpackLimits } from './policy.ts'
import type { Member, WriteMember } from './write-member.ts'

const typeMask = 0o170000
const regular = 0o100000
const folder = 0o040000
const stored = 0
const deflated = 8

/**
 * The files of a zip. The central directory is believed only where the local header of each member agrees: the same name and method,
 * at a place that no other member covers. Sizes and CRC-32 are compared with the real bytes.
 */
export async function readZip(
  path: string,
  limits: UnpackLimits,
  policy: Policy,
  write: WriteMember,
  signal?: AbortSignal,
): Promise<Member[]> {
  let zip: ZipFile
  try {
    zip = await openPromise(path, { strictFileNames: true, autoClose: false, validateEntrySizes: true })
  } catch (cause) {
    throw refused('is damaged: its directory cannot be read', cause)
  }
  try {
    if (zip.entryCount > limits.entries) throw tooMany(limits.entries)
    const wanted = await admitEntries(zip, limits, policy)
    const members: Member[] = []
    for (const { entry, name } of wanted) {
      signal?.throwIfAborted()
      members.push(await write(name, readEntry(zip, entry)))
    }
    return members
  } catch (error) {
    signal?.throwIfAborted()
    throw asRefused(error)
  } finally {
    zip.close()
  }
}

type Wanted = { entry: Entry; name: string }

async function admitEntries(zip: ZipFile, limits: UnpackLimits, policy: Policy): Promise<Wanted[]> {
  const wanted: Wanted[] = []
  const spans: { from: number; to: number; name: string }[] = []
  let claimed = 0
  for await (const entry of zip.eachEntry()) {
    const kind = kindOf(entry)
    const name = policy.admit(entry.fileName, kind)
    spans.push(await checkLocal(zip, entry))
    if (kind === 'folder' || name === null) continue
    claimed += entry.uncompressedSize
    if (claimed > limits.totalBytes) throw tooLarge(limits.totalBytes)
    wanted.push({ entry, name })
  }
  spans.sort((a, b) => a.from - b.from)
  spans.forEach((span, index) => {
    const next = spans[index + 1]
    if (next !== undefined && next.from < span.to) {
      throw refused(`lays the members ${show(span.name)} and ${show(next.name)} over one another`)
    }
  })
  return wanted
}

function kindOf(entry: Entry): 'file' | 'folder' {
  if (entry.isEncrypted() || (entry.generalPurposeBitFlag & 0x2041) !== 0) throw refused('is encrypted')
  if (entry.compressionMethod !== stored && entry.compressionMethod !== deflated) {
    throw refused(
      `compresses ${show(entry.fileName)} in a way that is not supported (method ${entry.compressionMethod})`,
    )
  }
  const isFolder = entry.fileName.endsWith('/')
  // The upper half is the mode where the archive was made on a system that has one; some tools leave it 0.
  const type = (entry.externalFileAttributes >>> 16) & typeMask
  if (type !== 0 && type !== (isFolder ? folder : regular)) {
    throw refused(`holds ${show(entry.fileName)}, which is neither a regular file nor a folder`)
  }
  if (isFolder && entry.uncompressedSize > 0) throw refused(`holds a folder with content: ${show(entry.fileName)}`)
  return isFolder ? 'folder' : 'file'
}

async function checkLocal(zip: ZipFile, entry: Entry): Promise<{ from: number; to: number; name: string }> {
  const local = await zip.readLocalFileHeaderPromise(entry)
  const same =
    local.fileName.equals(entry.fileNameRaw) &&
    local.compressionMethod === entry.compressionMethod &&
    (local.generalPurposeBitFlag & 1) === 0
  if (!same) throw refused(`says two different things about the member ${show(entry.fileName)}`)
  return {
    from: entry.relativeOffsetOfLocalHeader,
    to: local.fileDataStart + entry.compressedSize,
    name: entry.fileName,
  }
}

async function* readEntry(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  const stream = await zip.openReadStreamPromise(entry)
  let sum = 0
  for await (const chunk of stream) {
    sum = crc32(chunk as Uint8Array, sum)
    yield chunk as Uint8Array
  }
  if (sum !== entry.crc32)
    throw refused(`is damaged: the bytes of ${show(entry.fileName)} are not those it was made of`)
}

function asRefused(error: unknown): unknown {
  if (error instanceof HubError || isDisk(error)) return error
  // The library looks at these itself.
  if (/encrypt/i.test(messageOf(error))) return refused('is encrypted', error)
  if (/file ?name|relative path|absolute path/i.test(messageOf(error))) {
    return refused('holds a member whose name is not allowed', error)
  }
  return refused('is damaged or does not hold what it says', error)
}

/** What the disk says is not the archive's fault. */
const isDisk = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  ['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'EACCES'].includes(String(error.code))

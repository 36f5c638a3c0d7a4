import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open, readlink } from 'node:fs/promises'
import { messageOf } from '../../kernel/index.ts'
import { describeHollow } from '../hollow.ts'
import { incompleteFacts } from '../pool/incomplete-facts.ts'
import type { ScannerPool } from '../pool.ts'
import type { FileFacts } from '../types.ts'
import { scannerVersion } from '../version.ts'
import type { WalkedFile } from './walk.ts'

export type FileOutcome = { path: string; size: number; sha256: string; facts: FileFacts; link?: string }

const reasons = {
  special: 'a device, socket or pipe',
  unreadable: 'it cannot be reached: no permission, a path too long, or gone',
  unnamed: 'its name is not UTF-8',
}

/** Hashes and inspects one entry through the same open descriptor, so that both are about the same bytes. Throws only on cancellation. */
export async function scanFile(entry: WalkedFile, pool: ScannerPool, signal?: AbortSignal): Promise<FileOutcome> {
  const { file, path } = entry
  if (entry.kind === 'link') return linkOutcome(file, path)
  if (entry.kind !== 'file') {
    const reason = reasons[entry.kind]
    return { path, size: 0, sha256: '', facts: incompleteFacts(0, reason, 'unreadable') }
  }
  let handle: FileHandle | undefined
  let size = 0
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const before = await handle.stat({ bigint: true })
    size = Number(before.size)
    if (!before.isFile()) throw new Error('no regular file any more')
    const hollow = await describeHollow(handle)
    if (hollow !== null) throw new Error(`it ${hollow}`)
    const request = { fd: handle.fd, size, name: path, ...(signal === undefined ? {} : { signal }) }
    const [sha256, result] = await Promise.all([hashOf(handle, size, signal), pool.inspect(request)])
    const after = await handle.stat({ bigint: true })
    if (after.size !== before.size || after.mtimeNs !== before.mtimeNs || after.ctimeNs !== before.ctimeNs) {
      throw new Error('it changed while it was read')
    }
    return { path, size, sha256, facts: result.facts }
  } catch (error) {
    signal?.throwIfAborted()
    return { path, size, sha256: '', facts: incompleteFacts(size, messageOf(error), 'unreadable') }
  } finally {
    await handle?.close()
  }
}

const chunk = 1024 * 1024

/** SHA-256 of the whole; the next piece is read while one is hashed. */
async function hashOf(handle: FileHandle, size: number, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256')
  const length = Math.min(Math.max(size, 1), chunk)
  let [buffer, spare] = [new Uint8Array(length), new Uint8Array(size > length ? length : 0)]
  let pending = handle.read(buffer, 0, buffer.length, 0)
  for (let offset = 0; offset < size; ) {
    const { bytesRead } = await pending
    signal?.throwIfAborted()
    if (bytesRead === 0) break
    offset += bytesRead
    if (offset < size) pending = handle.read(spare, 0, spare.length, offset)
    hash.update(buffer.subarray(0, bytesRead))
    ;[buffer, spare] = [spare, buffer]
  }
  return hash.digest('hex')
}

async function linkOutcome(file: string, path: string): Promise<FileOutcome> {
  const target = await readlink(file).catch(() => '')
  const size = Buffer.byteLength(target)
  const facts: FileFacts = {
    scannerVersion,
    size,
    format: 'symlink',
    title: 'Symbolic link',
    parts: [],
    coverage: { parsedBytes: size, tensorBytes: 0, inertBytes: 0, unaccountedBytes: 0, unaccounted: [] },
    observations: [],
  }
  return { path, size, sha256: createHash('sha256').update(target).digest('hex'), facts, link: target }
}

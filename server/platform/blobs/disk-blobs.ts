import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, link, mkdir, open, readdir, rename, rm, stat, statfs, unlink, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { limitReached, notFound, upstream } from '../../../kernel/index.ts'
import { abortable } from '../abortable.ts'
import { fsyncFolder, makeFolderDurably } from '../durable-files.ts'
import { workingBytes } from '../place/room.ts'
import { processIsGone } from '../process-gone.ts'
import { assertSha256, type BlobInfo, type BlobStore, type PutOptions } from './blob-store.ts'
import { type CloneFile, cloneFile } from './clone-file.ts'

const dayMs = 86_400_000
const chunkSize = 256 * 1024
/** What a system says that cannot give a file another name there: another disk, no links on it, or too many of them. */
const noLink: ReadonlySet<unknown> = new Set(['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'])
/** After so many bytes of a file the room on the disk is looked at. */
const roomEvery = 8 * 2 ** 20
/** Temporary files are named after machine and process, so that those of a killed process are known as such where others still write. */
const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 12)
const mark = `${machine}.${process.pid}.${randomUUID()}`
const temporaryName = () => `${mark}.${randomUUID()}`

/** A blob store in a folder: `sha256/ab/<digest>`, `tmp/`, `quarantine/`. Folders are made with mode 0700, files with 0600. */
export function openDiskBlobs(folder: string, clone: CloneFile = cloneFile): BlobStore {
  const blobs = join(folder, 'sha256')
  const temporary = join(folder, 'tmp')
  const quarantined = join(folder, 'quarantine')
  for (const path of [blobs, temporary, quarantined]) makeFolderDurably(path)

  const holds = new Set<object>()
  const folderOf = (sha256: string) => join(blobs, sha256.slice(0, 2))
  const pathOf = (sha256: string) => {
    assertSha256(sha256)
    return join(folderOf(sha256), sha256)
  }
  /** Moves a whole file to its place so that a power cut leaves either nothing or all of it. */
  const settle = async (from: string, sha256: string) => {
    const target = folderOf(sha256)
    await mkdir(target, { recursive: true, mode: 0o700 })
    await rename(from, join(target, sha256))
    await flushName(sha256)
  }
  const copyIn = async (from: string, sha256: string, size: number) => {
    const path = join(temporary, temporaryName())
    try {
      await write(createReadStream(from, { highWaterMark: chunkSize }), path, {
        expectedSha256: sha256,
        expectedSize: size,
      })
      await settle(path, sha256)
    } catch (error) {
      throw await asFull(error, folder, path, size)
    } finally {
      await rm(path, { force: true })
    }
  }
  const flushedFolders = new Set<string>()
  /** Also for a blob that was here: another put, or one that was killed, may not have come to it yet. */
  const flushName = async (sha256: string) => {
    const target = folderOf(sha256)
    await fsyncFolder(target)
    if (flushedFolders.has(target)) return
    await fsyncFolder(blobs)
    flushedFolders.add(target)
  }

  return {
    put: async (source, options = {}) => {
      const path = join(temporary, temporaryName())
      try {
        const cloned = options.cloneOf !== undefined && (await clone(options.cloneOf, path))
        const written = cloned
          ? await readClone(path, options)
          : await write(typeof source === 'string' ? createReadStream(source) : source, path, options)
        const existed = await touch(pathOf(written.sha256))
        await (existed ? flushName(written.sha256) : settle(path, written.sha256))
        return { ...written, existed }
      } catch (error) {
        throw await asFull(error, folder, path, options.expectedSize)
      } finally {
        await rm(path, { force: true })
      }
    },
    adopt: async (path, { sha256, size }, { keep = false } = {}) => {
      const target = pathOf(sha256)
      const actual = await flushOwn(path)
      if (actual !== size) throw sizeMismatch(size, String(actual))
      const existed = await touch(target)
      if (existed) await flushName(sha256)
      else {
        // The second name first: moved into its place the file is there whole or not at all.
        const from = keep ? join(temporary, temporaryName()) : path
        try {
          if (keep) await link(path, from)
          await settle(from, sha256)
        } catch (error) {
          if (!noLink.has(codeOf(error))) throw error
          await copyIn(path, sha256, size)
        } finally {
          if (keep) await rm(from, { force: true })
        }
      }
      if (!keep) await rm(path, { force: true })
      return { sha256, size, existed }
    },
    renew: (sha256) => touch(pathOf(sha256)),
    open: async (sha256) => {
      const path = pathOf(sha256)
      const handle = await open(path, 'r').catch((error: unknown) => {
        throw asMissing(error, sha256)
      })
      try {
        const { size } = await handle.stat()
        return { fd: handle.fd, size, path, close: () => handle.close() }
      } catch (error) {
        await handle.close()
        throw error
      }
    },
    createReadStream: (sha256, range = {}) =>
      Readable.from(readRange(pathOf(sha256), sha256, range), { objectMode: false }),
    has: async (sha256) => (await statFile(pathOf(sha256))) !== undefined,
    stat: async (sha256) => {
      const found = await statFile(pathOf(sha256))
      return found === undefined ? undefined : { sha256, size: found.size, touchedAt: found.mtime }
    },
    delete: async (sha256, { untouchedSince } = {}) => {
      const path = pathOf(sha256)
      if (holds.size > 0) return false
      // Moved aside first: a put that comes later finds nothing and writes its own, and one that came before has left its time.
      const aside = join(temporary, temporaryName())
      if (!(await succeeds(rename(path, aside)))) return false
      const { mtime } = await stat(aside)
      if (untouchedSince !== undefined && mtime >= untouchedSince) {
        await settle(aside, sha256)
        return false
      }
      await unlink(aside)
      return true
    },
    hold: () => {
      const one = {}
      holds.add(one)
      return () => void holds.delete(one)
    },
    list: () => list(blobs, pathOf),
    quarantine: async (sha256) => {
      const target = join(quarantined, `${sha256}-${randomUUID().slice(0, 8)}`)
      await rename(pathOf(sha256), target).catch((error: unknown) => {
        throw asMissing(error, sha256)
      })
      await fsyncFolder(quarantined)
      return target
    },
    sweepTemporary: async (olderThanMs = dayMs) => {
      let removed = 0
      for (const name of await readdir(temporary)) {
        const path = join(temporary, name)
        const found = await statFile(path)
        if (found === undefined) continue
        if (!isOrphaned(name) && found.mtimeMs > Date.now() - olderThanMs) continue
        await rm(path, { force: true })
        removed += 1
      }
      return removed
    },
  }
}

/** True for a temporary file of a process of this machine that has ended. */
function isOrphaned(name: string): boolean {
  const [madeOn, pid] = name.split('.')
  return madeOn === machine && !name.startsWith(mark) && processIsGone(Number(pid))
}

/** Reads a clone once for its digest, and flushes it: its bytes are on the disk, its map of them may not be. */
async function readClone(path: string, options: PutOptions): Promise<{ sha256: string; size: number }> {
  const { observer, signal } = options
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    signal?.throwIfAborted()
    size += (chunk as Buffer).length
    hash.update(chunk as Buffer)
    observer?.(chunk as Buffer)
  }
  const sha256 = hash.digest('hex')
  assertExpected({ sha256, size }, options)
  await flushOwn(path)
  return { sha256, size }
}

/** Writes and hashes in one pass and flushes to the disk. */
async function write(
  source: AsyncIterable<Uint8Array>,
  path: string,
  options: PutOptions,
): Promise<{ sha256: string; size: number }> {
  const { expectedSize, observer, signal } = options
  signal?.throwIfAborted()
  const hash = createHash('sha256')
  let size = 0
  const file = await open(path, 'wx', 0o600)
  const flusher = createFlusher(file)
  try {
    // A source that stands still must not hold up an abort.
    const chunks = signal === undefined ? source : abortable(source, signal)
    for await (const chunk of chunks) {
      size += chunk.length
      if (expectedSize !== undefined && size > expectedSize)
        throw sizeMismatch(expectedSize, `more than ${expectedSize}`)
      // The disk works while the digest is computed.
      const writing = writeAll(file, chunk)
      hash.update(chunk)
      observer?.(chunk)
      await writing
      if (Math.floor(size / roomEvery) > Math.floor((size - chunk.length) / roomEvery)) {
        await assertRoomLeft(dirname(path))
        flusher.begin()
      }
    }
    await flusher.ended()
    const sha256 = hash.digest('hex')
    assertExpected({ sha256, size }, options)
    await file.sync()
    return { sha256, size }
  } finally {
    await file.close()
  }
}

function assertExpected(
  { sha256, size }: { sha256: string; size: number },
  { expectedSize, expectedSha256 }: PutOptions,
): void {
  if (expectedSize !== undefined && size !== expectedSize) throw sizeMismatch(expectedSize, String(size))
  if (expectedSha256 === undefined || sha256 === expectedSha256) return
  throw upstream(
    'blob_digest_mismatch',
    `The bytes have the SHA-256 ${sha256}, expected was ${expectedSha256}.`,
    'Fetch them again; if it happens again, do not trust the source.',
    { details: { sha256, expectedSha256 } },
  )
}

/** Flushes what is written while more comes, so that at the end little is left to wait for. One flush runs at a time. */
function createFlusher(file: FileHandle): { begin: () => void; ended: () => Promise<void> } {
  let running: Promise<void> | null = null
  let failure: unknown
  return {
    begin: () => {
      running ??= file
        .datasync()
        .catch((error: unknown) => {
          failure ??= error
        })
        .finally(() => {
          running = null
        })
    },
    // The system tells of a page that it could not write once only: a later flush would say that all is well.
    ended: async () => {
      await running
      if (failure !== undefined) throw failure
    },
  }
}

/** Other copies may run at the same time, and other programs: the database on the same disk must not be what finds it full. */
async function assertRoomLeft(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < workingBytes) throw Object.assign(new Error('too little room is left'), { code: 'ENOSPC' })
}

async function writeAll(file: Awaited<ReturnType<typeof open>>, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.length; ) done += (await file.write(chunk, done)).bytesWritten
}

async function* readRange(
  path: string,
  sha256: string,
  range: { start?: number; end?: number },
): AsyncGenerator<Buffer> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw asMissing(error, sha256)
  })
  try {
    let position = range.start ?? 0
    const end = range.end ?? Number.MAX_SAFE_INTEGER - 1
    while (position <= end) {
      const buffer = Buffer.allocUnsafe(Math.min(chunkSize, end + 1 - position))
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, position)
      if (bytesRead === 0) return
      position += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}

async function* list(blobs: string, pathOf: (sha256: string) => string): AsyncGenerator<BlobInfo> {
  for (const prefix of (await readdir(blobs)).sort()) {
    for (const sha256 of (await readdir(join(blobs, prefix))).sort()) {
      const found = /^[0-9a-f]{64}$/.test(sha256) ? await statFile(pathOf(sha256)) : undefined
      if (found !== undefined) yield { sha256, size: found.size, touchedAt: found.mtime }
    }
  }
}

/** Flushes a file that becomes a blob, gives it the mode of one and the time of now. Returns its size. */
async function flushOwn(path: string): Promise<number> {
  const file = await open(path, 'r+')
  try {
    await file.chmod(0o600)
    const now = new Date()
    await file.utimes(now, now)
    await file.sync()
    return (await file.stat()).size
  } finally {
    await file.close()
  }
}

/** Renews the time of a file; false when there is none. */
async function touch(path: string): Promise<boolean> {
  const now = new Date()
  return await succeeds(utimes(path, now, now))
}

async function succeeds(work: Promise<void>): Promise<boolean> {
  try {
    await work
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}

async function statFile(path: string): Promise<{ size: number; mtime: Date; mtimeMs: number } | undefined> {
  try {
    return await stat(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

function asMissing(error: unknown, sha256: string): unknown {
  if (codeOf(error) !== 'ENOENT') return error
  return notFound('blob_not_found', `The store has no blob ${sha256}.`, 'Ingest the version again.', { cause: error })
}

async function asFull(error: unknown, folder: string, path: string, size: number | undefined): Promise<unknown> {
  if (codeOf(error) !== 'ENOSPC' && codeOf(error) !== 'EDQUOT') return error
  const written = (await statFile(path).catch(() => undefined))?.size ?? 0
  const missingBytes = size === undefined ? null : Math.max(0, size - written)
  const missing = missingBytes === null ? '' : `: ${missingBytes} bytes are missing`
  return limitReached('disk_full', `The disk of ${folder} is full${missing}.`, 'Free space there, then retry.', {
    details: { status: 507, folder, missingBytes },
    cause: error,
  })
}

const sizeMismatch = (expected: number, actual: string) =>
  upstream(
    'blob_size_mismatch',
    `The source gave ${actual} bytes, expected were ${expected}.`,
    'Fetch it again; the file may have changed at the source.',
  )

import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { link, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fsyncFolder, makeFolderDurably } from '../durable-files.ts'
import { processIsGone } from '../process-gone.ts'
import { assertSha256, type BlobInfo, type BlobStore } from './blob-store.ts'
import { type CloneFile, cloneFile } from './clone-file.ts'
import { asFull, asMissing, codeOf, statFile, succeeds, touch } from './file-state.ts'
import { readRange } from './read-range.ts'
import { flushOwn, readClone, sizeMismatch, writeFlushed } from './write-file.ts'

const dayMs = 86_400_000
const copySize = 256 * 1024
/** What a system says that cannot give a file another name there: another disk, no links on it, or too many of them. */
const noLink: ReadonlySet<unknown> = new Set(['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'])
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
      await writeFlushed(createReadStream(from, { highWaterMark: copySize }), path, {
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
          : await writeFlushed(typeof source === 'string' ? createReadStream(source) : source, path, options)
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

async function* list(blobs: string, pathOf: (sha256: string) => string): AsyncGenerator<BlobInfo> {
  for (const prefix of (await readdir(blobs)).sort()) {
    for (const sha256 of (await readdir(join(blobs, prefix))).sort()) {
      const found = /^[0-9a-f]{64}$/.test(sha256) ? await statFile(pathOf(sha256)) : undefined
      if (found !== undefined) yield { sha256, size: found.size, touchedAt: found.mtime }
    }
  }
}

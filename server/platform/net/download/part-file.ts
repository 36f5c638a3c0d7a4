import { existsSync } from 'node:fs'
import { type FileHandle, open, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { limitReached } from '../../../../kernel/index.ts'
import { workingBytes } from '../../place/room.ts'
import { addExtent, contiguousEnd, type Extent } from './extents.ts'
import { createFrontier } from './frontier.ts'
import { beginJournal, journalLine, type Progress } from './journal.ts'

/** A file that is filled at several places at once, hashed from its beginning, with a journal of what is safely in it. */
export type PartFile = {
  progress: () => Progress
  /** Notes what the source says; in the journal from its next line on. */
  note: (facts: Partial<Pick<Progress, 'size' | 'etag' | 'statedEtag'>>) => void
  /** Writes and hashes; waits when much is not yet journaled. Throws `limit` `disk_full`. */
  write: (position: number, chunks: readonly Uint8Array[]) => Promise<void>
  /** Flushes the bytes and then the journal. */
  sync: () => Promise<void>
  /** Flushes, cuts off what is behind `size`, gives the SHA-256. */
  finish: (size: number, signal: AbortSignal) => Promise<string>
  /** Bytes per second that writing, flushing and hashing could take; null before anything was written. */
  capacity: () => number | null
  close: () => Promise<void>
}

const mebibyte = 2 ** 20
const journalEvery = 8 * mebibyte
/** Together with what lies in the buffers of the connections this bounds what a kill costs. */
const mostUnjournaled = 24 * mebibyte

/** Opens a part file with what its journal says, or empties it. */
export async function openPartFile(
  paths: { part: string; journal: string },
  begin: Progress,
  onWritten: (bytes: number) => void,
): Promise<PartFile> {
  const file = await open(paths.part, begin.have.length === 0 ? 'w+' : 'r+', 0o600)
  // An old journal must not be believed for other bytes. Without one nothing is lost when the first line comes with the first 8 MiB.
  if (begin.have.length > 0 || existsSync(paths.journal)) beginJournal(paths.journal, begin)
  const journal = await open(paths.journal, 'a', 0o600)
  const frontier = createFrontier(
    async (buffer, position) => (await file.read(buffer, 0, buffer.length, position)).bytesRead,
  )
  let progress: Progress = begin
  let unjournaled = 0
  /** Something is known that the journal does not say. */
  let untold = false
  let written = 0
  let diskMs = 0
  let syncing: Promise<void> | null = null
  frontier.advance(contiguousEnd(begin.have))

  const timed = async (work: Promise<unknown>) => {
    const began = performance.now()
    await work
    diskMs += performance.now() - began
  }
  const syncOnce = async () => {
    const [snapshot, bytes] = [progress, unjournaled]
    untold = false
    try {
      // The line says that the bytes are there: they go first.
      await timed(file.datasync())
      await journal.appendFile(journalLine(snapshot))
    } catch (error) {
      untold = true
      throw asFull(error, paths.part)
    }
    unjournaled -= bytes
  }
  const sync = (): Promise<void> => {
    syncing ??= syncOnce().finally(() => {
      syncing = null
    })
    return syncing
  }
  const flushAll = async () => {
    // A sync under way may have begun before the newest bytes.
    if (syncing !== null) await syncing
    if (untold) await sync()
  }
  return {
    progress: () => progress,
    note: (facts) => {
      progress = { ...progress, ...facts }
      untold = true
    },
    write: async (position, chunks) => {
      const work = timed(writeAll(file, chunks, position))
      // Meanwhile, on this thread: writing waits for another one.
      frontier.offer(position, chunks)
      try {
        await work
      } catch (error) {
        throw asFull(error, paths.part)
      }
      const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
      const extent: Extent = [position, position + bytes]
      progress = { ...progress, have: addExtent(progress.have, extent) }
      frontier.advance(contiguousEnd(progress.have))
      written += bytes
      unjournaled += bytes
      untold = true
      onWritten(bytes)
      if (unjournaled < journalEvery) return
      if (syncing === null) await assertRoomLeft(paths.part)
      const flushed = sync()
      if (unjournaled >= mostUnjournaled) await flushed
      // Otherwise nobody waits for it; what it throws comes up with the next one, or at the end.
      else flushed.catch(() => undefined)
    },
    sync: flushAll,
    finish: async (size, signal) => {
      await file.truncate(size)
      await flushAll()
      return await frontier.digest(size, signal)
    },
    capacity: () => (written === 0 ? null : (written * 1_000) / Math.max(1, diskMs + frontier.busyMs())),
    close: async () => {
      await frontier.stop()
      await syncing?.catch(() => undefined)
      await journal.close()
      await file.close()
    },
  }
}

async function writeAll(file: FileHandle, chunks: readonly Uint8Array[], position: number): Promise<void> {
  const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  const { bytesWritten } = await file.writev(chunks as Uint8Array[], position)
  if (bytesWritten === total) return
  // Rare: the system took a part of it.
  const rest = Buffer.concat(chunks).subarray(bytesWritten)
  for (let done = 0; done < rest.length; ) {
    const one = await file.write(rest, done, rest.length - done, position + bytesWritten + done)
    done += one.bytesWritten
  }
}

/** Other work shares the disk: the database must not be what finds it full. */
async function assertRoomLeft(path: string): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(path))
  // What others of our streams write until the next look counts too.
  if (bavail * bsize < workingBytes + mostUnjournaled) throw diskFull(path)
}

function asFull(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ENOSPC' || code === 'EDQUOT' ? diskFull(path, error) : error
}

const diskFull = (path: string, cause?: unknown) =>
  limitReached(
    'disk_full',
    `The disk of ${dirname(path)} is full.`,
    'Free space there, then retry: what was fetched is kept.',
    {
      details: { status: 507, folder: dirname(path) },
      ...(cause === undefined ? {} : { cause }),
    },
  )

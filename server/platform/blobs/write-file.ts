import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { upstream } from '../../../kernel/index.ts'
import { abortable } from '../abortable.ts'
import { workingBytes } from '../place/room.ts'
import type { PutOptions } from './blob-store.ts'

/** After so many bytes of a file the room on the disk is looked at, and what is written begins to be flushed. */
const roomEvery = 8 * 2 ** 20

/** Reads a clone once for its digest, and flushes it: its bytes are on the disk, its map of them may not be. */
export async function readClone(path: string, options: PutOptions): Promise<{ sha256: string; size: number }> {
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
export async function writeFlushed(
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

/** Flushes a file that becomes a blob, gives it the mode of one and the time of now. Returns its size. */
export async function flushOwn(path: string): Promise<number> {
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

/** What is said of a source that gave another number of bytes than it announced. */
export const sizeMismatch = (expected: number, actual: string) =>
  upstream(
    'blob_size_mismatch',
    `The source gave ${actual} bytes, expected were ${expected}.`,
    'Fetch it again; the file may have changed at the source.',
  )

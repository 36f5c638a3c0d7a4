import { createHash, type Hash } from 'node:crypto'
import { constants, existsSync } from 'node:fs'
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { abortable } from '../../../platform/abortable.ts'
import { fsyncFolder, makeFolderDurably } from '../../../platform/durable-files.ts'
import { freeBytes, workingBytes } from '../../../platform/place/index.ts'
import { type UploadDeps, uploadFolder, uploadPath } from './deps.ts'
import { noUpload, noUploadFile, takenOver, tooLong, uploadBusy, uploadEnded, wrongOffset } from './errors.ts'
import type { Receipts } from './receipts.ts'
import type { Rooms } from './rooms.ts'
import { findUpload, findUploadFile, type UploadFileRow } from './upload-store.ts'

/** Of a long body so much at most is received again after a kill. */
const checkpointBytes = 32 * 2 ** 20

/** Who sends a file now, and how far the digest of each unfinished file has been computed; of this process. */
export type Sending = {
  writers: Map<string, { stop: AbortController; ended: Promise<unknown> }>
  hashes: Map<string, { hash: Hash; at: number }>
}

export const keyOf = (id: string, ordinal: number): string => `${id}/${ordinal}`

/** Digests begun and not ended that are kept; of an older one the file is read again in the end. */
const mostHashes = 2_000

/**
 * Appends bytes to a file of an upload, where those that are here end; returns once they are flushed and recorded. What arrived before a
 * body broke off is kept. A newer request for the same file ends an older one, which may be of a connection that nobody holds any more.
 * Throws `conflict` `wrong_offset` (details: receivedBytes), `upload_taken_over`, `upload_finished`; `invalid` `upload_too_long`; `limit`
 * `disk_full`; what the body throws.
 */
export async function sendFile(
  deps: UploadDeps,
  state: Sending & { receipts: Receipts; rooms: Rooms },
  to: { id: string; ordinal: number; offset: number },
  body: { chunks: AsyncIterable<Uint8Array>; bytes: number },
): Promise<UploadFileRow> {
  const { id, ordinal } = to
  const key = keyOf(id, ordinal)
  await readTarget(deps, id, ordinal)
  for (let other = state.writers.get(key); other !== undefined; other = state.writers.get(key)) {
    other.stop.abort(takenOver())
    await other.ended
  }
  const stop = new AbortController()
  const work = (async () => {
    // Other processes of the hub may share the folder.
    const release = await deps.database.presence.hold(`modelhub.upload.${key}`)
    if (release === undefined) throw uploadBusy()
    try {
      const file = await readTarget(deps, id, ordinal)
      if (to.offset !== file.received) throw wrongOffset(file)
      if (to.offset + body.bytes > file.size) throw tooLong(file, to.offset + body.bytes)
      return await append(deps, state, file, body, stop.signal)
    } finally {
      await release()
    }
  })()
  const mine = { stop, ended: work.catch(() => undefined) }
  state.writers.set(key, mine)
  try {
    return await work
  } finally {
    // A newer one may have come already.
    if (state.writers.get(key) === mine) state.writers.delete(key)
  }
}

async function readTarget(deps: UploadDeps, id: string, ordinal: number): Promise<UploadFileRow> {
  const { db } = deps.database
  const upload = await findUpload(db, id)
  if (upload === undefined) throw noUpload(id)
  const file = await findUploadFile(db, id, ordinal)
  if (file === undefined) throw noUploadFile(ordinal)
  if (upload.state !== 'open') throw uploadEnded()
  return file
}

async function append(
  deps: UploadDeps,
  state: Sending & { receipts: Receipts; rooms: Rooms },
  file: UploadFileRow,
  body: { chunks: AsyncIterable<Uint8Array>; bytes: number },
  signal: AbortSignal,
): Promise<UploadFileRow> {
  const { upload_id: id, ordinal } = file
  const key = keyOf(id, ordinal)
  if (file.received === file.size && file.arrived !== null) return file
  const room = await state.rooms.of(id)
  assertRoomLeft(deps)
  const handle = await openForAppend(deps, id, ordinal)
  const known = state.hashes.get(key)
  state.hashes.delete(key)
  try {
    const found = await handle.stat()
    if (found.size < file.received) return await lost(state.receipts, file)
    // What is beyond was never acknowledged: nobody knows what it is, and it is written over.
    let hash = file.received === 0 ? createHash('sha256') : known?.at === file.received ? known.hash : null
    let written = file.received
    let recorded = file.received
    const record = async () => {
      await handle.datasync()
      const whole = written === file.size
      const arrived = whole && hash !== null ? hash.copy().digest('hex') : null
      if (written > recorded || whole) await state.receipts({ uploadId: id, ordinal, received: written, arrived })
      recorded = written
      if (!whole && hash !== null) remember(state, key, { hash, at: written })
      return { ...file, received: written, arrived }
    }
    try {
      for await (const chunk of abortable(body.chunks, signal)) {
        // The server itself cuts off what is more than was said; this holds where it does not.
        if (written + chunk.length > file.size) throw tooLong(file, written + chunk.length)
        // The disk works while the digest is computed. It has seen more than was written when that fails.
        const digest = hash
        hash = null
        const writing = writeAt(handle, chunk, written)
        digest?.update(chunk)
        await writing
        hash = digest
        written += chunk.length
        room.took(chunk.length)
        if (written - recorded < checkpointBytes) continue
        await record()
        assertRoomLeft(deps)
      }
    } catch (error) {
      await record().catch((cause: unknown) =>
        deps.log.warn({ err: cause, uploadId: id }, 'bytes of an upload were lost'),
      )
      throw error
    }
    return await record()
  } finally {
    await handle.close()
  }
}

/** The disk was put back to an earlier state, such as from a copy: what is missing must be sent again. */
async function lost(receipts: Receipts, file: UploadFileRow): Promise<never> {
  await receipts({ uploadId: file.upload_id, ordinal: file.ordinal, received: 0, arrived: null })
  throw wrongOffset({ ...file, received: 0 })
}

/** Other programs may fill the disk: the database must not be what finds it full. */
function assertRoomLeft({ folder }: UploadDeps): void {
  if (existsSync(folder) && freeBytes(folder) < workingBytes) {
    throw Object.assign(new Error('no space left on device: too little room is left'), { code: 'ENOSPC' })
  }
}

function remember(state: Sending, key: string, value: { hash: Hash; at: number }): void {
  state.hashes.delete(key)
  state.hashes.set(key, value)
  for (const oldest of state.hashes.keys()) {
    if (state.hashes.size <= mostHashes) break
    state.hashes.delete(oldest)
  }
}

async function openForAppend(deps: UploadDeps, id: string, ordinal: number): Promise<FileHandle> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW
  const path = uploadPath(deps, id, ordinal)
  const first = await open(path, flags, 0o600).catch((error: NodeJS.ErrnoException) => error)
  if (!(first instanceof Error)) return first
  if (first.code !== 'ENOENT') throw first
  makeFolderDurably(deps.folder)
  await mkdir(uploadFolder(deps, id), { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await fsyncFolder(deps.folder)
  return await open(path, flags, 0o600)
}

async function writeAt(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    done += (await handle.write(chunk, done, chunk.length - done, position + done)).bytesWritten
  }
}

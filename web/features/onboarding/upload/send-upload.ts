import { HubApiError, unwrap } from '../../../../sdk/index.ts'
import { hub, type Schema } from '../../../app/client.ts'
import type { Picked, PickedFile } from './picked-files.ts'

export type Upload = Schema<'Upload'>

const filesAtOnce = 3
/** One request carries about so many seconds of the line as it is, so that a cut costs little and progress shows. */
const secondsPerRequest = 2
const [leastBytes, mostBytes] = [2 ** 20, 32 * 2 ** 20]
const mostPauseMs = 30_000
/** After so many failures in a row of one file, somebody has to look. */
const mostTries = 12

export type SendEvents = {
  /** So many bytes are safe on the hub. */
  onBytes: (done: number) => void
  /** The line is cut; goes on at this time, in milliseconds since 1970. Null: it goes on now. */
  onPause: (until: number | null) => void
}

/** The upload of the same list of files that can be gone on with, or a new one. */
export async function openUpload(picked: Picked, project: string, signal: AbortSignal) {
  const found = await findOpen(picked, signal)
  if (found !== undefined) return found
  const files = picked.files.map(({ path, file }) => ({ path, size: file.size }))
  const body = { files, name: picked.name.slice(0, 200), ...(project === '' ? {} : { project }) }
  const upload = await unwrap(hub.POST('/uploads', { body, signal }))
  return { upload, received: picked.files.map(() => 0) }
}

async function findOpen(picked: Picked, signal: AbortSignal) {
  const total = picked.files.reduce((sum, { file }) => sum + file.size, 0)
  const { items } = await unwrap(hub.GET('/uploads', { params: { query: { state: 'open', limit: 200 } }, signal }))
  for (const upload of items) {
    if (upload.fileCount !== picked.files.length || upload.totalBytes !== total) continue
    const received = await receivedOf(upload.id, picked.files, signal)
    if (received !== null) return { upload, received }
  }
  return undefined
}

/** Bytes of each file that are on the hub; null: it is an upload of other files. */
async function receivedOf(id: string, files: readonly PickedFile[], signal: AbortSignal): Promise<number[] | null> {
  const received: number[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = { limit: 2_000, ...(cursor === '' ? {} : { cursor }) }
    const detail: Schema<'UploadDetail'> = await unwrap(
      hub.GET('/uploads/{id}', { params: { path: { id }, query }, signal }),
    )
    for (const known of detail.files.items) {
      const mine = files[known.ordinal]
      if (mine === undefined || mine.path !== known.path || mine.file.size !== known.size) return null
      received[known.ordinal] = known.receivedBytes
    }
    cursor = detail.files.nextCursor
  }
  return received
}

/** Sends what is missing of every file; a cut line is taken up where it broke. Throws what only a person can put right. */
export async function sendFiles(
  upload: Upload,
  picked: Picked,
  received: number[],
  events: SendEvents,
  signal: AbortSignal,
): Promise<void> {
  const tell = () => events.onBytes(received.reduce((sum, bytes) => sum + bytes, 0))
  tell()
  const queue = picked.files.map((_file, ordinal) => ordinal)
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const worker = async () => {
    for (let ordinal = queue.shift(); ordinal !== undefined; ordinal = queue.shift()) {
      const file = picked.files[ordinal]?.file
      if (file !== undefined) await sendOne(upload.id, ordinal, file, received, tell, events, either)
    }
  }
  try {
    await Promise.all(Array.from({ length: filesAtOnce }, worker))
  } catch (error) {
    stop.abort()
    throw error
  }
}

async function sendOne(
  id: string,
  ordinal: number,
  file: File,
  received: number[],
  tell: () => void,
  events: SendEvents,
  signal: AbortSignal,
): Promise<void> {
  let size = 4 * leastBytes
  let tries = 0
  for (;;) {
    const offset = received[ordinal] ?? 0
    if (offset >= file.size) return
    const began = performance.now()
    try {
      const chunk = file.slice(offset, offset + size)
      const answer = await unwrap(
        hub.PUT('/uploads/{id}/files/{ordinal}', {
          params: { path: { id, ordinal }, query: { offset } },
          // The client's types know text only; the bytes go as they are.
          body: chunk as unknown as string,
          bodySerializer: (body) => body as unknown as Blob,
          headers: { 'content-type': 'application/octet-stream' },
          signal,
        }),
      )
      received[ordinal] = answer.receivedBytes
      tries = 0
      const rate = chunk.size / Math.max(0.05, (performance.now() - began) / 1_000)
      size = Math.round(Math.min(mostBytes, Math.max(leastBytes, rate * secondsPerRequest)))
      tell()
    } catch (error) {
      signal.throwIfAborted()
      const known = knownOffset(error)
      if (known !== null) received[ordinal] = known
      else if (!mayPass(error)) throw error
      tries += 1
      if (tries > mostTries) throw error
      const pause = known === null ? Math.min(mostPauseMs, 1_000 * 2 ** (tries - 1)) : 0
      if (pause > 0) {
        events.onPause(Date.now() + pause)
        await sleep(pause, signal)
        events.onPause(null)
      }
    }
  }
}

function knownOffset(error: unknown): number | null {
  if (!(error instanceof HubApiError) || error.problem?.code !== 'wrong_offset') return null
  const bytes = error.problem.details?.receivedBytes
  return typeof bytes === 'number' ? bytes : null
}

/** A line that was cut, a hub that restarts or asks for a pause. */
const mayPass = (error: unknown): boolean =>
  !(error instanceof HubApiError) ||
  error.status >= 500 ||
  error.problem?.code === 'upload_busy' ||
  (error.status === 429 && error.problem?.code !== 'disk_full')

/** Ends the upload and waits for the hub to compare what arrived. */
export async function finishUpload(id: string, signal: AbortSignal): Promise<Upload> {
  for (;;) {
    const upload = await unwrap(hub.POST('/uploads/{id}/finish', { params: { path: { id } }, body: {}, signal }))
    if (upload.state === 'ready') return upload
    await sleep(1_000, signal)
  }
}

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal.addEventListener('abort', stop, { once: true })
  })

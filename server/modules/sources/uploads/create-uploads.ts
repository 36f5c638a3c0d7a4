import type { CreateUpload, FinishUpload, Upload, UploadDetail, UploadFile } from '../../../../contract/index.ts'
import type { Actor } from '../../../platform/actor.ts'
import type { Database } from '../../../platform/db/index.ts'
import type { Page } from '../../../platform/page.ts'
import { createUpload } from './create-upload.ts'
import type { UploadDeps } from './deps.ts'
import { type Checks, finishUpload } from './finish-upload.ts'
import { type OpenUpload, openUpload } from './open-upload.ts'
import { listUploads, presentFile, readUpload, readUploadFiles } from './present.ts'
import { createReceipts } from './receipts.ts'
import { removeUpload, sweepUploads } from './remove-upload.ts'
import { createRooms } from './rooms.ts'
import { type Sending, sendFile } from './send-file.ts'

export type Uploads = {
  /** `database` may be one that keeps what is returned with the key of the request. */
  create: (
    actor: Actor,
    project: { id: string },
    input: Pick<CreateUpload, 'files' | 'name'>,
    database?: Database,
  ) => Promise<{ id: string }>
  list: (input: Parameters<typeof listUploads>[1]) => Promise<Page<Upload>>
  read: (id: string) => Promise<Upload>
  readFiles: (id: string, page: { limit: number; cursor?: string }) => Promise<UploadDetail>
  send: (
    to: { id: string; ordinal: number; offset: number },
    body: { chunks: AsyncIterable<Uint8Array>; bytes: number },
  ) => Promise<UploadFile>
  finish: (actor: Actor, id: string, input: FinishUpload) => Promise<Upload>
  remove: (actor: Actor, id: string) => Promise<void>
  /** For sources. */
  open: (id: string) => Promise<OpenUpload>
  sweep: () => Promise<number>
  stop: () => Promise<void>
}

const sweepEveryMs = 600_000

/** The uploads of a hub: what people send to be the source of a model. */
export function createUploads(deps: UploadDeps): Uploads {
  const { db } = deps.database
  const stopping = new AbortController()
  const sending: Sending = { writers: new Map(), hashes: new Map() }
  const checks: Checks = new Map()
  const rooms = createRooms(deps)
  const state = { ...sending, checks, rooms, receipts: createReceipts(deps), stopping: stopping.signal }
  const sweep = () => sweepUploads(deps, state)
  const timer = setInterval(() => {
    sweep().catch((error: unknown) => deps.log.warn({ err: error }, 'could not clear uploads'))
  }, sweepEveryMs)
  timer.unref()
  return {
    create: (actor, project, input, database = deps.database) =>
      createUpload({ ...deps, database }, actor, project, input),
    list: (input) => listUploads(db, input),
    read: (id) => readUpload(db, id),
    readFiles: (id, page) => readUploadFiles(db, id, page),
    send: async (to, body) => presentFile(await sendFile(deps, state, to, body)),
    finish: async (actor, id, input) => {
      await finishUpload(deps, state, actor, id, input)
      return await readUpload(db, id)
    },
    remove: (actor, id) => removeUpload(deps, state, actor, id),
    open: (id) => openUpload(deps, id),
    sweep,
    stop: async () => {
      clearInterval(timer)
      stopping.abort(new Error('the hub stops'))
      for (const { stop } of sending.writers.values()) stop.abort(stopping.signal.reason)
      await Promise.allSettled([...checks.values(), ...[...sending.writers.values()].map(({ ended }) => ended)])
      rooms.stop()
    },
  }
}

import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FinishUpload } from '../../../../contract/index.ts'
import { conflict, invalid } from '../../../../kernel/index.ts'
import type { Actor } from '../../../platform/actor.ts'
import { fsyncFolder, makeFolderDurably } from '../../../platform/durable-files.ts'
import { keepMs, type UploadDeps, uploadFolder, uploadPath } from './deps.ts'
import { noUpload } from './errors.ts'
import type { Rooms } from './rooms.ts'
import {
  findUpload,
  forgetReceived,
  incompleteFiles,
  lockUpload,
  pageUploadFiles,
  recordArrived,
  setUploadState,
  stateDigests,
  type UploadFileRow,
  wrongFiles,
} from './upload-store.ts'

/** A request waits so long for the check; one that takes longer goes on behind it. */
const waitMs = 20_000
const shownFiles = 20
const chunkBytes = 2 ** 20

export type Checks = Map<string, Promise<void>>

/**
 * Ends an upload: every file has its size, and hashes to what was stated of it. Files whose digest was not computed while they came are
 * read for it, in the background when that takes long: the state is `checking` then, and the call may be repeated. Throws `conflict`
 * `upload_incomplete`, `upload_damaged`; what is damaged is forgotten, to be sent again.
 */
export async function finishUpload(
  deps: UploadDeps,
  state: { checks: Checks; rooms: Rooms; stopping: AbortSignal },
  actor: Actor,
  id: string,
  input: FinishUpload,
): Promise<void> {
  const upload = await findUpload(deps.database.db, id)
  if (upload === undefined) throw noUpload(id)
  if (upload.state === 'ready') return
  if (upload.state === 'open') await close(deps, id, input.files ?? [])
  state.rooms.release(id)
  const running = state.checks.get(id) ?? check(deps, actor, id, state.stopping)
  if (!state.checks.has(id)) {
    state.checks.set(id, running)
    running.catch(() => undefined).finally(() => state.checks.delete(id))
  }
  const timer = new AbortController()
  await Promise.race([running, sleep(waitMs, undefined, { signal: timer.signal, ref: false })]).finally(() =>
    timer.abort(),
  )
}

/** From here on no bytes are taken. */
async function close(deps: UploadDeps, id: string, digests: readonly { ordinal: number; sha256: string }[]) {
  const at = deps.clock.date()
  await deps.database.transaction(async (trx) => {
    const upload = await lockUpload(trx, id)
    if (upload === undefined) throw noUpload(id)
    if (upload.state !== 'open') return
    const [refused] = await stateDigests(trx, id, digests)
    if (refused !== undefined) {
      throw invalid(
        'digest_differs',
        `Another SHA-256 was stated of the file with the ordinal ${refused}, or there is none.`,
        'State one digest of each file.',
      )
    }
    const { count, first } = await incompleteFiles(trx, id, shownFiles)
    if (count > 0) {
      throw conflict(
        'upload_incomplete',
        `${count} ${count === 1 ? 'file lacks' : 'files lack'} bytes, such as ${first[0]?.path}.`,
        'Send what is missing, then finish again.',
        {
          details: {
            count,
            files: first.map(({ ordinal, path, size, received }) => ({ ordinal, path, size, receivedBytes: received })),
          },
        },
      )
    }
    await setUploadState(trx, id, 'checking', at, new Date(at.getTime() + keepMs))
  })
}

async function check(deps: UploadDeps, actor: Actor, id: string, signal: AbortSignal): Promise<void> {
  const release = await deps.database.presence.hold(`modelhub.upload.check.${id}`)
  // Another process of the hub is at it.
  if (release === undefined) return
  try {
    const found = await readFiles(deps, id, signal)
    if (found.gone.length > 0) await reopen(deps, id, found.gone, 'is not on the disk of the hub any more')
    await deps.database.transaction((trx) => recordArrived(trx, id, found.arrived))
    const wrong = await wrongFiles(deps.database.db, id)
    if (wrong.length > 0) await reopen(deps, id, wrong, 'has other bytes than were stated')
    await settle(deps, actor, id)
  } finally {
    await release()
  }
}

type Found = { arrived: { ordinal: number; sha256: string }[]; gone: UploadFileRow[] }

/** Looks for every file, and hashes those that were not hashed while they came. */
async function readFiles(deps: UploadDeps, id: string, signal: AbortSignal): Promise<Found> {
  const found: Found = { arrived: [], gone: [] }
  makeFolderDurably(uploadFolder(deps, id))
  for (let after = -1; ; ) {
    const files = await pageUploadFiles(deps.database.db, id, 1_000, after)
    const last = files.at(-1)
    if (last === undefined) break
    after = last.ordinal
    for (const file of files) {
      signal.throwIfAborted()
      const sha256 = await readFile(deps, file, signal)
      if (sha256 === null) found.gone.push(file)
      else if (file.arrived === null) found.arrived.push({ ordinal: file.ordinal, sha256 })
    }
  }
  // Of files without bytes nothing was sent, so they are made here.
  await fsyncFolder(uploadFolder(deps, id))
  return found
}

/** The digest; that is the known one where there is one. Null: the file has not its bytes. */
async function readFile(deps: UploadDeps, file: UploadFileRow, signal: AbortSignal): Promise<string | null> {
  const path = uploadPath(deps, file.upload_id, file.ordinal)
  const make = file.size === 0 ? constants.O_CREAT : 0
  const handle = await open(path, constants.O_RDWR | constants.O_NOFOLLOW | make, 0o600).catch(() => null)
  if (handle === null) return null
  try {
    if ((await handle.stat()).size !== file.size) return null
    return file.arrived ?? (await hashOf(handle, signal))
  } finally {
    await handle.close()
  }
}

async function hashOf(handle: FileHandle, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafeSlow(chunkBytes)
  for (let position = 0; ; ) {
    signal.throwIfAborted()
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position)
    if (bytesRead === 0) return hash.digest('hex')
    hash.update(buffer.subarray(0, bytesRead))
    position += bytesRead
  }
}

async function reopen(deps: UploadDeps, id: string, files: readonly UploadFileRow[], what: string): Promise<never> {
  const at = deps.clock.date()
  const ordinals = files.map(({ ordinal }) => ordinal)
  await deps.database.transaction(async (trx) => {
    await forgetReceived(trx, id, ordinals)
    await setUploadState(trx, id, 'open', at, new Date(at.getTime() + keepMs))
  })
  const more = files.length > 1 ? `, and ${files.length - 1} more` : ''
  throw conflict(
    'upload_damaged',
    `${files[0]?.path} ${what}${more}. Nothing of it was kept.`,
    'Send it again, then finish again; if it happens again, begin another upload: the file may have changed.',
    {
      details: {
        count: files.length,
        files: files.slice(0, shownFiles).map(({ ordinal, path }) => ({ ordinal, path })),
      },
    },
  )
}

async function settle(deps: UploadDeps, actor: Actor, id: string): Promise<void> {
  const at = deps.clock.date()
  await deps.database.transaction(async (trx) => {
    const upload = await lockUpload(trx, id)
    if (upload === undefined) throw noUpload(id)
    if (upload.state === 'ready') return
    await setUploadState(trx, id, 'ready', at, new Date(at.getTime() + keepMs))
    await deps.audit(trx, {
      actor,
      action: 'upload.finish',
      object: { type: 'upload', id, ...(upload.name === null ? {} : { name: upload.name }) },
      projectId: upload.project_id,
      after: { files: upload.file_count, bytes: upload.total_bytes },
    })
  })
}

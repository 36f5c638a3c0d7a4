import { readdir, rm, stat } from 'node:fs/promises'
import { HubError } from '../../../../kernel/index.ts'
import { type Actor, systemActor } from '../../../platform/actor.ts'
import { type UploadDeps, uploadFolder } from './deps.ts'
import { noUpload, uploadEnded } from './errors.ts'
import type { Rooms } from './rooms.ts'
import { keyOf, type Sending } from './send-file.ts'
import { deleteUploadRow, knownUploads, lockUpload, uploadsToSweep } from './upload-store.ts'

type State = Sending & { rooms: Rooms }

/** Hubs that share a PostgreSQL may share the folder: what another one is just making is not known here (ms). */
const othersMs = 86_400_000

/** Removes an upload with its bytes; what the store took of them stays there. */
export async function removeUpload(
  deps: UploadDeps,
  state: State,
  actor: Actor,
  id: string,
  reason?: string,
): Promise<void> {
  await deps.database.transaction(async (trx) => {
    const upload = await lockUpload(trx, id)
    if (upload === undefined) throw noUpload(id)
    await deleteUploadRow(trx, id)
    await deps.audit(trx, {
      actor,
      action: 'upload.delete',
      object: { type: 'upload', id, ...(upload.name === null ? {} : { name: upload.name }) },
      projectId: upload.project_id,
      before: { state: upload.state, files: upload.file_count, bytes: upload.total_bytes },
      ...(reason === undefined ? {} : { reason }),
    })
  })
  for (const [key, writer] of state.writers) {
    if (!key.startsWith(keyOf(id, 0).slice(0, -1))) continue
    writer.stop.abort(uploadEnded())
    await writer.ended
  }
  state.rooms.release(id)
  await rm(uploadFolder(deps, id), { recursive: true, force: true })
}

/**
 * Removes uploads that nothing was made of in their time, those whose versions have all they need in the store, and folders that no
 * upload names. Returns how many.
 */
export async function sweepUploads(deps: UploadDeps, state: State): Promise<number> {
  const found = await uploadsToSweep(deps.database.db, deps.clock.date())
  const users = await deps.usersOf(found.map(({ id }) => id))
  let removed = 0
  for (const { id, expired } of found) {
    const versions = users.filter(({ upload }) => upload === id)
    if (versions.some(({ done }) => !done)) continue
    if (versions.length === 0 && !expired) continue
    const reason = versions.length > 0 ? 'Its files are in the store.' : 'Nothing was made of it for seven days.'
    try {
      await removeUpload(deps, state, systemActor, id, reason)
      removed += 1
    } catch (error) {
      // Another process of the hub was quicker.
      if (!(error instanceof HubError && error.kind === 'not_found')) throw error
    }
  }
  return removed + (await sweepFolders(deps))
}

async function sweepFolders(deps: UploadDeps): Promise<number> {
  const names = (await readdir(deps.folder).catch(() => [])).filter((name) => /^upl_[0-9a-z]+$/.test(name))
  const known = await knownUploads(deps.database.db, names)
  let removed = 0
  for (const name of names.filter((one) => !known.has(one))) {
    const folder = uploadFolder(deps, name)
    if (deps.database.kind !== 'embedded') {
      const found = await stat(folder).catch(() => null)
      if (found !== null && found.mtimeMs > Date.now() - othersMs) continue
    }
    await rm(folder, { recursive: true, force: true })
    removed += 1
  }
  return removed
}

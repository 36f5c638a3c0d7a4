import { createHash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { versionsStillOpen } from '../../catalog/index.ts'
import type { LifecycleDeps } from '../deps.ts'

const folderName = 'downloads'

/** Where the bytes of a version are while they are fetched. They stay through cancel, failure and restart until the version is done. */
export const downloadFolder = (deps: Pick<LifecycleDeps, 'dataFolder'>, versionId: string): string =>
  join(deps.dataFolder, folderName, versionId)

/** The name of one file's parts: no path of a source becomes a path here. */
export const downloadKey = (path: string): string => createHash('sha256').update(path).digest('hex').slice(0, 32)

export async function removeDownloads(deps: Pick<LifecycleDeps, 'dataFolder'>, versionId: string): Promise<void> {
  await rm(downloadFolder(deps, versionId), { recursive: true, force: true })
}

/** Removes what was fetched for versions that are gone, or are past their ingest. Returns how many. */
export async function sweepDownloads(deps: Pick<LifecycleDeps, 'dataFolder' | 'database'>): Promise<number> {
  const names = await readdir(join(deps.dataFolder, folderName)).catch(() => [])
  const ids = names.filter((name) => /^ver_[0-9a-z]+$/.test(name))
  const open = await versionsStillOpen(deps.database.db, ids)
  const done = ids.filter((id) => !open.has(id))
  for (const id of done) await removeDownloads(deps, id)
  return done.length
}

import { mkdir, readlink, symlink, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { EngineSpec, StateReason } from '../../../../contract/index.ts'
import type { Db, Trx } from '../../../platform/db/index.ts'
import { type FileRow, readFilesOfFormat } from '../../artifacts/index.ts'
import { getVersion } from '../../catalog/index.ts'
import { engineKinds } from '../../engines/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { filePath } from '../files/open-file.ts'
import { overMemoryLimit } from './memory-limit.ts'

/** The only engine of this release. */
export const engineName = 'embedded'

export type EngineFit = { fit: true; spec: Omit<EngineSpec, 'deploymentId'> } | { fit: false; reason: StateReason }

/** Whether an engine here can run the version within its memory limit, and with which files. */
export async function engineFit(
  deps: Pick<LifecycleDeps, 'blobs' | 'dataFolder'>,
  db: Db | Trx,
  versionId: string,
): Promise<EngineFit> {
  const rows = (await readFilesOfFormat(db, versionId, 'gguf')).filter((row) => row.stored !== 'pending')
  const files = await Promise.all(
    rows.map(async (row) => ({
      path: row.path,
      realPath: await namedPath(deps, versionId, row),
      size: row.size,
      format: row.format,
      ...(row.stored === 'in_place' && row.fingerprint !== null ? { fingerprint: row.fingerprint } : {}),
    })),
  )
  const plan = engineKinds.get(engineName).plan(files)
  if (!plan.fit) return plan
  const reason = overMemoryLimit((await getVersion(db, versionId)).metadata, plan.spec)
  return reason === null ? plan : { fit: false, reason }
}

/**
 * Engines find the parts of a split model by their names, which stored files have lost; a link with the right name is made for those.
 * Files that kept their name are used where they are.
 */
async function namedPath(
  deps: Pick<LifecycleDeps, 'blobs' | 'dataFolder'>,
  versionId: string,
  row: FileRow,
): Promise<string> {
  const real = await filePath(deps, row)
  if (basename(real) === basename(row.path)) return real
  const link = join(deps.dataFolder, 'views', versionId, row.path)
  const present = await readlink(link).catch(() => null)
  if (present === real) return link
  await mkdir(dirname(link), { recursive: true, mode: 0o700 })
  if (present !== null) await unlink(link)
  await symlink(real, link).catch((error: NodeJS.ErrnoException) => {
    // Another call made the same link first.
    if (error.code !== 'EEXIST') throw error
  })
  return link
}

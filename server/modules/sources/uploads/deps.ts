import type { Clock, NewId } from '../../../../kernel/index.ts'
import type { WriteAudit } from '../../../platform/audit.ts'
import type { Database } from '../../../platform/db/index.ts'
import type { Log } from '../../../platform/log.ts'
import type { ReserveRoom } from '../../../platform/place/index.ts'

export type UploadDeps = {
  database: Database
  clock: Clock
  newId: NewId
  audit: WriteAudit
  log: Log
  reserveRoom: ReserveRoom
  /** `<data>/uploads`, absolute and free of links: bytes of one upload are in the folder of its id, each file named by its ordinal. */
  folder: string
  /** Versions made of these uploads; `done` once their bytes are in the store for good. */
  usersOf: (ids: readonly string[]) => Promise<readonly { upload: string; done: boolean }[]>
}

/** An upload is removed so long after its last byte, or after it became ready, unless a version needs it (ms). */
export const keepMs = 7 * 86_400_000

export const uploadFolder = (deps: Pick<UploadDeps, 'folder'>, id: string): string => `${deps.folder}/${id}`
export const uploadPath = (deps: Pick<UploadDeps, 'folder'>, id: string, ordinal: number): string =>
  `${uploadFolder(deps, id)}/${ordinal}`

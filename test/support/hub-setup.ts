import { afterAll, beforeAll } from 'vitest'
import { type Permission, permissions } from '../../contract/index.ts'
import { type Clock, createNewId, fixedClock, type NewId } from '../../kernel/index.ts'
import { type AuditSeal, createAuditSeal, createWriteAudit } from '../../server/modules/governance/index.ts'
import { ensureDefaultProject, type ProjectRow, resolveProject } from '../../server/modules/projects/index.ts'
import type { Actor } from '../../server/platform/actor.ts'
import type { WriteAudit } from '../../server/platform/audit.ts'
import { type BlobStore, openDiskBlobs } from '../../server/platform/blobs/index.ts'
import type { Database } from '../../server/platform/db/index.ts'
import type { Log } from '../../server/platform/log.ts'
import { createReserveRoom, type ReserveRoom } from '../../server/platform/place/index.ts'
import { quietLog } from './quiet-log.ts'
import { temporaryFolder } from './temporary-folder.ts'

export const testEpoch = Date.UTC(2026, 0, 1)

/** A person with these permissions; all of them unless told. */
export function person(name = 'Ada', allowed: readonly Permission[] = permissions): Actor {
  return { type: 'user', id: `usr_${name.toLowerCase()}`, name, permissions: new Set(allowed) }
}

/** What the modules of a hub work with, beside the parts that need other processes. */
export type HubSetup = {
  database: Database
  clock: Clock & { advance: (ms: number) => void }
  newId: NewId
  audit: WriteAudit
  seal: AuditSeal
  log: Log
  blobs: BlobStore
  scanner: never
  engine: null
  sources: { roots: string[] }
  reserveRoom: ReserveRoom
  dataFolder: string
  project: ProjectRow
}

/** A hub of one project on the block's shared database; the clock stands still at 2026-01-01 until moved. */
export function setUpHub(getDb: () => Database): () => HubSetup {
  let hub: HubSetup | undefined
  const folder = temporaryFolder('hub')
  beforeAll(async () => {
    const clock = fixedClock(testEpoch)
    // Ids must sort by creation although the clock stands still.
    let tick = testEpoch
    const newId = createNewId(() => tick++)
    const database = getDb()
    const seal = createAuditSeal(Buffer.alloc(32, 1))
    await ensureDefaultProject({ database, clock, newId })
    hub = {
      database,
      clock,
      newId,
      audit: createWriteAudit({ clock, newId, seal }),
      seal,
      log: quietLog(),
      blobs: openDiskBlobs(`${folder.path}/blobs`),
      // Nothing here reaches the scanner; what does brings its own.
      scanner: undefined as never,
      engine: null,
      sources: { roots: [folder.path] },
      reserveRoom: createReserveRoom(),
      dataFolder: folder.path,
      project: await resolveProject(database.db, undefined),
    }
  })
  afterAll(() => folder.remove())
  return () => {
    if (hub === undefined) throw new Error('there is a hub only inside a test')
    return hub
  }
}

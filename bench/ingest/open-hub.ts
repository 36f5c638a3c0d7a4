import { join } from 'node:path'
import { sql } from 'kysely'
import type { Source } from '../../contract/index.ts'
import { createNewId, systemClock } from '../../kernel/index.ts'
import { createScannerPool } from '../../scanner/index.ts'
import { getVersion, registerVersion } from '../../server/modules/catalog/index.ts'
import { createAuditSeal, createWriteAudit } from '../../server/modules/governance/index.ts'
import type { LifecycleDeps } from '../../server/modules/lifecycle/index.ts'
import type { OnboardContext } from '../../server/modules/lifecycle/onboard-context.ts'
import { ingest } from '../../server/modules/lifecycle/steps/ingest.ts'
import { inspect } from '../../server/modules/lifecycle/steps/inspect.ts'
import { plan } from '../../server/modules/lifecycle/steps/plan.ts'
import { seal } from '../../server/modules/lifecycle/steps/seal.ts'
import { ensureDefaultProject, resolveProject } from '../../server/modules/projects/index.ts'
import { systemActor } from '../../server/platform/actor.ts'
import { collectBlobs, dropBlobRefsOf, openDiskBlobs } from '../../server/platform/blobs/index.ts'
import { openDatabase } from '../../server/platform/db/index.ts'
import { createReserveRoom } from '../../server/platform/place/index.ts'
import { quietLog } from '../../test/support/quiet-log.ts'

/** The steps of an onboarding that read the files, on the embedded database as a hub has it. */
export async function openHub(folder: string, models: string, options: { inspects?: boolean } = {}) {
  const clock = systemClock
  const newId = createNewId(clock.now)
  const log = quietLog()
  const database = await openDatabase({ dataFolder: join(folder, 'data'), log, clock })
  const scanner = createScannerPool({ size: 1 })
  const blobs = openDiskBlobs(join(folder, 'data', 'blobs'))
  await ensureDefaultProject({ database, clock, newId })
  const deps: LifecycleDeps = {
    database,
    clock,
    newId,
    audit: createWriteAudit({ clock, newId, seal: createAuditSeal(Buffer.alloc(32, 1)) }),
    log,
    blobs,
    scanner,
    engine: null,
    sources: { roots: [models] },
    reserveRoom: createReserveRoom(),
    dataFolder: join(folder, 'data'),
  }
  const project = await resolveProject(database.db, undefined)
  let count = 0
  return {
    takeIn: async (source: Source): Promise<number> => {
      count += 1
      const { versionId } = await database.transaction((trx) =>
        registerVersion(deps, trx, {
          actor: systemActor,
          name: `bench-${count}`,
          projectId: project.id,
          ownerId: null,
          source,
          sourceAddress: models,
          onboarding: { benchmark: false, evaluate: false, publish: false },
        }),
      )
      const ctx: OnboardContext = {
        jobId: newId('job'),
        versionId,
        projectId: project.id,
        onboarding: { benchmark: false, evaluate: false, publish: false },
        actor: systemActor,
        signal: new AbortController().signal,
        progress: () => undefined,
        log: () => undefined,
        tx: (body) => database.transaction(body),
      }
      const began = performance.now()
      await plan(deps, ctx)
      await ingest(deps, ctx)
      await seal(deps, ctx)
      const inspected = options.inspects === true ? await inspect(deps, ctx) : null
      const seconds = (performance.now() - began) / 1_000
      if ((await getVersion(database.db, versionId)).digest === null) throw new Error('nothing was read')
      if (inspected !== null && inspected.verdict !== 'pass') throw new Error(`the verdict is ${inspected.verdict}`)
      // The next time it is inspected again: facts are kept by digest.
      await sql`delete from file_facts`.execute(database.db)
      // The next copy is to be written again, and not found in the store.
      await database.transaction((trx) => dropBlobRefsOf(trx, `version:${versionId}`))
      await collectBlobs({ database, store: blobs, clock }, { graceMs: -1_000 })
      return seconds
    },
    close: async () => {
      await scanner.close()
      await database.close()
    },
  }
}

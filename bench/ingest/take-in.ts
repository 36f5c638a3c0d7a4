import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Source } from '../../contract/index.ts'
import { createNewId, systemClock } from '../../kernel/index.ts'
import { getVersion, registerVersion } from '../../server/modules/catalog/index.ts'
import { createAuditSeal, createWriteAudit } from '../../server/modules/governance/index.ts'
import type { LifecycleDeps } from '../../server/modules/lifecycle/index.ts'
import type { OnboardContext } from '../../server/modules/lifecycle/onboard-context.ts'
import { ingest } from '../../server/modules/lifecycle/steps/ingest.ts'
import { plan } from '../../server/modules/lifecycle/steps/plan.ts'
import { seal } from '../../server/modules/lifecycle/steps/seal.ts'
import { ensureDefaultProject, resolveProject } from '../../server/modules/projects/index.ts'
import { systemActor } from '../../server/platform/actor.ts'
import { collectBlobs, dropBlobRefsOf, openDiskBlobs } from '../../server/platform/blobs/index.ts'
import { openDatabase } from '../../server/platform/db/index.ts'
import { createReserveRoom } from '../../server/platform/place/index.ts'
import { quietLog } from '../../test/support/quiet-log.ts'
import type { Measured } from '../ingest.ts'

const mebibyte = 2 ** 20
const size = 2_048 * mebibyte
const rounds = 5
/** File systems stamp changes late while a file is new; afterwards nothing waits for that. */
const settleMs = 61_000

/**
 * How long it takes to list, read and seal one warm file, held against what cannot be done without: in place, hashing it; copied,
 * writing as many bytes and flushing them. Written from memory, so that the control reads nothing.
 */
export async function measureTakeIn(): Promise<{ ingestVsHash: Measured; ingestCopyVsWrite: Measured }> {
  const folder = mkdtempSync(join(tmpdir(), 'modelhub-bench-take-in-'))
  const models = join(folder, 'models')
  mkdirSync(models)
  const path = join(models, 'weights.bin')
  makeFile(path)
  const hub = await openHub(folder, models)
  try {
    console.error(`waiting ${settleMs / 1_000} s until the file is old`)
    await new Promise((resolve) => setTimeout(resolve, settleMs))
    const [inPlace, hashed, copied, written]: [number[], number[], number[], number[]] = [[], [], [], []]
    hashFile(path)
    for (let round = 0; round < rounds; round++) {
      hashed.push(secondsOf(() => hashFile(path)))
      inPlace.push(await hub.takeIn({ type: 'disk', path, mode: 'in_place' }))
      written.push(secondsOf(() => writeFlushed(join(folder, 'control'))))
      copied.push(await hub.takeIn({ type: 'disk', path, mode: 'copy' }))
    }
    const against = (subject: readonly number[], control: readonly number[]): Measured => ({
      ratios: subject.map((one, i) => one / (control[i] ?? Number.NaN)),
      control,
      facts: { sizeBytes: size, seconds: subject, controlSeconds: control },
    })
    return { ingestVsHash: against(inPlace, hashed), ingestCopyVsWrite: against(copied, written) }
  } finally {
    await hub.close()
    rmSync(folder, { recursive: true })
  }
}

/** The steps of an onboarding that read the files, on the embedded database as a hub has it. */
async function openHub(folder: string, models: string) {
  const clock = systemClock
  const newId = createNewId(clock.now)
  const log = quietLog()
  const database = await openDatabase({ dataFolder: join(folder, 'data'), log, clock })
  const blobs = openDiskBlobs(join(folder, 'data', 'blobs'))
  await ensureDefaultProject({ database, clock, newId })
  const deps: LifecycleDeps = {
    database,
    clock,
    newId,
    audit: createWriteAudit({ clock, newId, seal: createAuditSeal(Buffer.alloc(32, 1)) }),
    log,
    blobs,
    scanner: undefined as never,
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
      const seconds = (performance.now() - began) / 1_000
      if ((await getVersion(database.db, versionId)).digest === null) throw new Error('nothing was read')
      // The next copy is to be written again, and not found in the store.
      await database.transaction((trx) => dropBlobRefsOf(trx, `version:${versionId}`))
      await collectBlobs({ database, store: blobs, clock }, { graceMs: -1_000 })
      return seconds
    },
    close: () => database.close(),
  }
}

function secondsOf(work: () => void): number {
  const began = performance.now()
  work()
  return (performance.now() - began) / 1_000
}

/** Numbers that do not repeat, so that nothing on the way can make them smaller. */
function makeFile(path: string): void {
  const buffer = Buffer.alloc(mebibyte)
  const file = openSync(path, 'w')
  let state = 1
  for (let done = 0; done < size; done += buffer.length) {
    for (let at = 0; at < buffer.length; at += 4) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      buffer.writeUInt32LE(state, at)
    }
    writeSync(file, buffer)
  }
  fsyncSync(file)
  closeSync(file)
}

function hashFile(path: string): string {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(mebibyte)
  const file = openSync(path, 'r')
  for (let got = readSync(file, buffer); got > 0; got = readSync(file, buffer)) hash.update(buffer.subarray(0, got))
  closeSync(file)
  return hash.digest('hex')
}

function writeFlushed(path: string): void {
  const buffer = Buffer.alloc(mebibyte, 7)
  const file = openSync(path, 'w')
  for (let done = 0; done < size; done += buffer.length) writeSync(file, buffer)
  fsyncSync(file)
  closeSync(file)
  rmSync(path)
}

import type { Actor } from '../../../platform/actor.ts'
import { scrubBlob, scrubbedSince } from '../../../platform/blobs/index.ts'
import type { Trx } from '../../../platform/db/index.ts'
import { type FileRow, readFileRows, versionsWithDigest } from '../../artifacts/index.ts'
import { getVersion, type NamedVersionRow, noteFilesVerified } from '../../catalog/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { checkFile, type FileDamage, type ReadAgain } from '../files/check-intact.ts'
import { settleIntact, withdrawIfDamaged } from '../withdraw-damaged.ts'
import {
  type Change,
  type Cursor,
  deleteCursor,
  insertReverification,
  type Outcome,
  readCursor,
  saveCursor,
} from './reverify-store.ts'

const shownChanges = 200
/** Stored bytes that were read so recently, for another version or by a scrub, are not read again (ms). */
const recentMs = 86_400_000
/** The cursor is written after so many bytes or files. */
const every = { bytes: 256 * 2 ** 20, files: 256 }

export type ReverifyRun = {
  /** Id of the job, or `schedule`: it finds its own cursor again. */
  run: string
  trigger: 'schedule' | 'request'
  actor: Actor
  tx: <T>(fn: (trx: Trx) => Promise<T>) => Promise<T>
  log: (message: string) => void
  /** A cursor of before is begun anew. */
  notBefore?: Date
  /** Called with the bytes that were read; what it gives is waited for. */
  onBytes?: (bytes: number) => void | Promise<void>
  signal: AbortSignal
}

export type Reverified = { outcome: Outcome; changes: number; withdrawn: string[] }

/**
 * Reads every file of a version again, in the store and in place, and compares it with its digest; goes on where a kill left it. What
 * differs withdraws the version, and those that share a damaged file, as a scrub does; all is reported. Throws `not_found`, the signal's
 * reason.
 */
export async function reverifyVersion(deps: LifecycleDeps, versionId: string, run: ReverifyRun): Promise<Reverified> {
  const version = await getVersion(deps.database.db, versionId)
  const kept = await readCursor(deps.database.db, version.id, run.run)
  const cursor =
    kept !== undefined && (run.notBefore === undefined || kept.started_at >= run.notBefore)
      ? kept
      : begin(version, run.run, deps.clock.date())
  const rows = await readFileRows(deps.database.db, version.id)
  const since = new Date(deps.clock.now() - recentMs)
  let unsaved = { bytes: 0, files: 0 }
  for (const row of rows.filter(({ ordinal }) => ordinal > cursor.ordinal)) {
    run.signal.throwIfAborted()
    const read = await readOne(deps, row, since, run, cursor)
    unsaved = { bytes: unsaved.bytes + read, files: unsaved.files + 1 }
    if (unsaved.bytes < every.bytes && unsaved.files < every.files) continue
    await run.tx((trx) => saveCursor(trx, cursor))
    unsaved = { bytes: 0, files: 0 }
  }
  return await settle(deps, version, rows, cursor, run)
}

const begin = (version: NamedVersionRow, run: string, at: Date): Cursor => ({
  version_id: version.id,
  project_id: version.project_id,
  run,
  ordinal: -1,
  bytes_read: 0,
  changes: [],
  change_count: 0,
  touched: [],
  started_at: at,
})

/** Reads a file into the cursor; gives the bytes that were read. */
async function readOne(
  deps: LifecycleDeps,
  row: FileRow,
  since: Date,
  run: ReverifyRun,
  cursor: Cursor,
): Promise<number> {
  let read = 0
  const onBytes = (bytes: number) => {
    read += bytes
    return run.onBytes?.(bytes)
  }
  const found = await check(deps, row, since, { which: 'all', onBytes, signal: run.signal })
  cursor.ordinal = row.ordinal
  cursor.bytes_read += read
  if (found === null) return read
  if (typeof found !== 'string') cursor.touched.push(found)
  const what = typeof found === 'string' ? words[found] : 'touched'
  cursor.change_count += 1
  // What is damaged comes before what was touched only.
  if (cursor.changes.length < shownChanges) cursor.changes.push({ path: row.path, what })
  else if (what !== 'touched') replaceTouched(cursor.changes, { path: row.path, what })
  return read
}

const words: Record<FileDamage, Change['what']> = {
  'is missing': 'missing',
  'has changed': 'changed',
  'cannot be read': 'unreadable',
}

function replaceTouched(changes: Change[], change: Change): void {
  const at = changes.findIndex(({ what }) => what === 'touched')
  if (at >= 0) changes[at] = change
}

async function check(
  deps: LifecycleDeps,
  row: FileRow,
  since: Date,
  how: ReadAgain & { signal: AbortSignal },
): ReturnType<typeof checkFile> {
  const found = await checkFile(deps, row, how)
  if (row.stored !== 'blob' || row.sha256 === null || found !== null) return found
  const { sha256 } = row
  if ((await scrubbedSince(deps.database.db, [sha256], since)).has(sha256)) return null
  const { onBytes, signal } = how
  const damage = await scrubBlob(
    { database: deps.database, store: deps.blobs },
    { sha256, size: row.size },
    { signal, at: deps.clock.date(), ...(onBytes === undefined ? {} : { onBytes }) },
  )
  if (damage === null) return null
  if (damage === 'gone') return 'is missing'
  return damage.actual === null ? 'cannot be read' : 'has changed'
}

async function settle(
  deps: LifecycleDeps,
  version: NamedVersionRow,
  rows: readonly FileRow[],
  cursor: Cursor,
  run: ReverifyRun,
): Promise<Reverified> {
  const input = {
    jobId: run.trigger === 'request' ? run.run : null,
    actor: run.actor,
    tx: run.tx,
    log: run.log,
  }
  const first = cursor.changes.find(({ what }) => what !== 'touched')
  const damage = first === undefined ? null : { path: first.path, what: sentence(first.what) }
  const mine = await settleIntact(deps, version.id, input, { damage, touched: cursor.touched })
  const withdrawn = mine === null ? [] : [mine]
  for (const id of damage === null ? [] : await sharers(deps, version.id, rows, cursor)) {
    const name = await withdrawIfDamaged(deps, id, input, { which: 'touched', signal: run.signal })
    if (name !== null) withdrawn.push(name)
  }
  const outcome = damage !== null ? 'damaged' : cursor.touched.length > 0 ? 'touched' : 'intact'
  const at = deps.clock.date()
  await run.tx(async (trx) => {
    await deleteCursor(trx, version.id, run.run)
    await insertReverification(trx, {
      id: deps.newId('reverification'),
      version_id: version.id,
      project_id: version.project_id,
      trigger: run.trigger,
      outcome,
      file_count: rows.length,
      bytes: rows.reduce((sum, { size }) => sum + size, 0),
      bytes_read: cursor.bytes_read,
      changes: cursor.changes,
      change_count: cursor.change_count,
      withdrawn: mine !== null,
      started_at: cursor.started_at,
      finished_at: at,
    })
    if (damage === null) await noteFilesVerified(trx, version.id, at)
  })
  return { outcome, changes: cursor.change_count, withdrawn }
}

const sentence = (what: Change['what']): FileDamage =>
  what === 'missing' ? 'is missing' : what === 'unreadable' ? 'cannot be read' : 'has changed'

/** Other versions that hold a stored file which was found damaged. */
async function sharers(
  deps: LifecycleDeps,
  versionId: string,
  rows: readonly FileRow[],
  { changes }: Cursor,
): Promise<Set<string>> {
  const damaged = new Set(changes.filter(({ what }) => what !== 'touched').map(({ path }) => path))
  const others = new Set<string>()
  for (const { path, stored, sha256 } of rows) {
    if (stored !== 'blob' || sha256 === null || !damaged.has(path)) continue
    for (const id of await versionsWithDigest(deps.database.db, sha256)) if (id !== versionId) others.add(id)
  }
  return others
}

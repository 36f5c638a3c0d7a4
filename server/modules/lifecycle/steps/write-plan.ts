import { statfs } from 'node:fs/promises'
import { invalid, limitReached } from '../../../../kernel/index.ts'
import { deleteFileRows, type FileRow, insertFileRows } from '../../artifacts/index.ts'
import { type NamedVersionRow, patchVersion } from '../../catalog/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import type { OnboardContext } from '../onboard-context.ts'

/** Room that is left on the disk of the store, in bytes, whatever is ingested. */
const reserveBytes = 256 * 2 ** 20
/** Files written in one transaction. The embedded database does one at a time; others must have their turn between them. */
const rowsPerTransaction = 2_000

/** A file of a plan of which nothing is known yet. */
export const newRow = (versionId: string, path: string, ordinal: number): FileRow => ({
  version_id: versionId,
  path,
  ordinal,
  size: 0,
  sha256: null,
  stored: 'pending',
  real_path: null,
  fingerprint: null,
  format: null,
  format_title: null,
  verdict: null,
  finding_count: 0,
})

export const noteTo = (ctx: OnboardContext) => (note: { level: string; message: string }) =>
  ctx.log(note.level === 'fact' ? 'info' : 'warn', note.message)

export const noFiles = () =>
  invalid('no_files', 'The source holds no file.', 'Give the folder or repository that holds the model files.')

/** A kill between two transactions leaves a part of the plan; the step then runs again from the start. */
export async function writePlan(
  deps: LifecycleDeps,
  ctx: OnboardContext,
  version: NamedVersionRow,
  rows: readonly FileRow[],
  bytes: number,
): Promise<void> {
  await ctx.tx(async (trx) => {
    await deleteFileRows(trx, version.id)
    await insertFileRows(trx, rows.slice(0, rowsPerTransaction))
    const counts = { file_count: rows.length, total_bytes: bytes }
    // What was verified once keeps its identity: `seal` compares the new digest with it.
    const patch = wasVerified(version) ? counts : { ...counts, digest: null }
    await patchVersion(trx, version.id, patch, deps.clock.date())
  })
  for (let i = rowsPerTransaction; i < rows.length; i += rowsPerTransaction) {
    ctx.signal.throwIfAborted()
    await ctx.tx((trx) => insertFileRows(trx, rows.slice(i, i + rowsPerTransaction)))
  }
}

/** True for a version that passed its ingest at some time: from then on its files may not become others. */
export const wasVerified = (version: Pick<NamedVersionRow, 'step_dates'>) =>
  version.step_dates['verified'] !== undefined

export async function assertRoom(deps: Pick<LifecycleDeps, 'dataFolder'>, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(deps.dataFolder)
  const free = bavail * bsize
  if (bytes + reserveBytes > free) {
    throw limitReached(
      'disk_full',
      `The disk is full: ${bytes + reserveBytes - free} bytes are missing. The files need ${bytes}, ${reserveBytes} stay in reserve, ${free} are free.`,
      'Free space on the disk of the data folder, or register the files in place; then retry.',
      {
        details: {
          status: 507,
          neededBytes: bytes,
          reserveBytes,
          freeBytes: free,
          missingBytes: bytes + reserveBytes - free,
        },
      },
    )
  }
}

import { statfs } from 'node:fs/promises'
import { invalid, limitReached } from '../../../../kernel/index.ts'
import { deleteFileRows, type FileRow, insertFileRows, readFileRows } from '../../artifacts/index.ts'
import { getVersion, type NamedVersionRow, patchVersion } from '../../catalog/index.ts'
import { sameFingerprint, sourceKinds } from '../../sources/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import type { OnboardContext } from '../onboard-context.ts'

/** Room that is left on the disk of the store, in bytes, whatever is ingested. */
const reserveBytes = 256 * 2 ** 20
/** Files written in one transaction. The embedded database does one at a time; others must have their turn between them. */
const rowsPerTransaction = 2_000

/** Lists the source's files into the version, keeping the digests of files that did not change since an earlier try. */
export async function plan(deps: LifecycleDeps, ctx: OnboardContext): Promise<{ files: number; bytes: number }> {
  const version = await getVersion(deps.database.db, ctx.versionId)
  const kind = sourceKinds.get(version.source.type)
  const known = new Map((await readFileRows(deps.database.db, version.id)).map((row) => [row.path, row]))
  const rows: FileRow[] = []
  let bytes = 0
  const onNote = (note: { level: string; message: string }) =>
    ctx.log(note.level === 'fact' ? 'info' : 'warn', note.message)
  for await (const file of kind.list(version.source, deps.sources, onNote, ctx.signal)) {
    bytes += file.size
    const old = known.get(file.path)
    // After damage nothing that is known counts: bytes may be lost, or have changed without another fingerprint.
    const unchanged =
      version.intact &&
      old?.fingerprint != null &&
      old.real_path === file.realPath &&
      sameFingerprint(old.fingerprint, file.fingerprint)
    rows.push({
      version_id: version.id,
      path: file.path,
      ordinal: rows.length,
      size: file.size,
      sha256: unchanged ? old.sha256 : null,
      stored: unchanged ? old.stored : 'pending',
      real_path: file.realPath,
      fingerprint: file.fingerprint,
      format: null,
      format_title: null,
      verdict: null,
      finding_count: 0,
    })
    if (rows.length % 1_000 === 0) ctx.progress({ done: rows.length, message: `${rows.length} files found` })
  }
  if (rows.length === 0) {
    throw invalid('no_files', 'The source holds no file.', 'Give the folder that holds the model files.')
  }
  if (version.source.mode === 'copy') await assertRoom(deps, bytes)
  await writePlan(deps, ctx, version, rows, bytes)
  return { files: rows.length, bytes }
}

/** A kill between two transactions leaves a part of the plan; the step then runs again from the start. */
async function writePlan(
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

async function assertRoom(deps: Pick<LifecycleDeps, 'dataFolder'>, bytes: number): Promise<void> {
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

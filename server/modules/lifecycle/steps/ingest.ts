import { conflict } from '../../../../kernel/index.ts'
import { addBlobRef } from '../../../platform/blobs/index.ts'
import { type FileRow, hashFile, readFileRows, readOpenFile, recordDigest } from '../../artifacts/index.ts'
import { getVersion, type NamedVersionRow } from '../../catalog/index.ts'
import { fingerprintOf, type PlannedFile, sameFingerprint, sourceKinds } from '../../sources/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import type { OnboardContext } from '../onboard-context.ts'

/** Reads every file once: hashes it in place, or hashes it while it is copied into the store. Files that have a digest are left alone. */
export async function ingest(deps: LifecycleDeps, ctx: OnboardContext): Promise<{ files: number }> {
  const version = await getVersion(deps.database.db, ctx.versionId)
  const rows = await readFileRows(deps.database.db, version.id)
  const bytesTotal = rows.reduce((sum, row) => sum + row.size, 0)
  let bytesDone = rows.reduce((sum, row) => sum + (row.sha256 === null ? 0 : row.size), 0)
  const onBytes = (row: FileRow) => (bytes: number) => {
    bytesDone += bytes
    ctx.progress({ bytesDone, bytesTotal, message: row.path })
  }
  for (const row of rows.filter(({ sha256 }) => sha256 === null)) {
    ctx.signal.throwIfAborted()
    await ingestFile(deps, ctx, version, row, onBytes(row))
  }
  ctx.progress({ bytesDone: bytesTotal, bytesTotal, message: `${rows.length} files hashed` })
  return { files: rows.length }
}

async function ingestFile(
  deps: LifecycleDeps,
  ctx: OnboardContext,
  version: NamedVersionRow,
  row: FileRow,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const planned = toPlanned(row)
  const opened = await sourceKinds.get(version.source.type).open(version.source, planned, deps.sources)
  try {
    const copy = version.source.mode === 'copy'
    const sha256 = copy
      ? (
          await deps.blobs.put(readOpenFile(opened.handle), {
            expectedSize: opened.size,
            observer: (chunk) => onBytes(chunk.length),
            signal: ctx.signal,
          })
        ).sha256
      : await hashFile(opened.handle, opened.size, onBytes, ctx.signal)
    // Whoever rewrites the file while it is read changes its times: what was hashed is then no longer what is there.
    const after = fingerprintOf(await opened.handle.stat({ bigint: true }))
    if (!sameFingerprint(after, planned.fingerprint)) {
      throw conflict(
        'file_changed',
        `${row.path} changed while it was being read.`,
        'Wait until nothing writes to the folder, then retry.',
      )
    }
    await ctx.tx(async (trx) => {
      await recordDigest(trx, version.id, row.path, {
        sha256,
        stored: copy ? 'blob' : 'in_place',
        real_path: planned.realPath,
        fingerprint: planned.fingerprint,
      })
      if (copy) await addBlobRef(trx, sha256, `version:${version.id}`)
    })
  } finally {
    await opened.handle.close()
  }
}

function toPlanned(row: FileRow): PlannedFile {
  if (row.real_path === null || row.fingerprint === null) {
    throw conflict('plan_missing', `${row.path} was never planned.`, 'Retry the version.')
  }
  return { path: row.path, size: row.size, realPath: row.real_path, fingerprint: row.fingerprint }
}

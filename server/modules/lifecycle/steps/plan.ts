import { existsSync } from 'node:fs'
import type { Source } from '../../../../contract/index.ts'
import { type FileRow, readFileRows } from '../../artifacts/index.ts'
import { getVersion } from '../../catalog/index.ts'
import { fileSource, sameFingerprint } from '../../sources/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import type { OnboardContext } from '../onboard-context.ts'
import { planRemote } from './plan-remote.ts'
import { isWhole, presentOf } from './stored.ts'
import { uploadOf } from './take-uploaded.ts'
import { assertRoom, newRow, noFiles, noteTo, writePlan } from './write-plan.ts'

/** Lists the source's files into the version, keeping the digests of files that did not change since an earlier try. */
export async function plan(deps: LifecycleDeps, ctx: OnboardContext): Promise<{ files: number; bytes: number }> {
  const version = await getVersion(deps.database.db, ctx.versionId)
  const kind = fileSource(version.source.type)
  if (kind.reads === 'remote') return await planRemote(deps, ctx, version, kind)
  const before = await readFileRows(deps.database.db, version.id)
  const upload = uploadOf(version.source)
  // Once everything is in the store an upload is needed no more, and neither is a folder that was copied.
  if ((upload !== null || isCopyOfNothing(version.source)) && isWhole(version, before, await presentOf(deps, before))) {
    return { files: before.length, bytes: version.total_bytes }
  }
  const known = new Map(before.map((row) => [row.path, row]))
  const rows: FileRow[] = []
  let bytes = 0
  for await (const file of kind.list(version.source, deps.sources, noteTo(ctx), ctx.signal)) {
    bytes += file.size
    const old = known.get(file.path)
    // After damage nothing that is known counts: bytes may be lost, or have changed without another fingerprint.
    const unchanged =
      version.intact &&
      old?.fingerprint != null &&
      old.real_path === file.realPath &&
      sameFingerprint(old.fingerprint, file.fingerprint)
    rows.push({
      ...newRow(version.id, file.path, rows.length),
      size: file.size,
      sha256: unchanged ? old.sha256 : null,
      stored: unchanged ? old.stored : 'pending',
      real_path: file.realPath,
      fingerprint: file.fingerprint,
      source_ref: file.ref ?? null,
    })
    if (rows.length % 1_000 === 0) ctx.progress({ done: rows.length, message: `${rows.length} files found` })
  }
  if (rows.length === 0) throw noFiles()
  // The store shares the bytes of an upload, which are on its own disk.
  if (upload === null && 'mode' in version.source && version.source.mode === 'copy') await assertRoom(deps, bytes)
  await writePlan(deps, ctx, version, rows, bytes)
  return { files: rows.length, bytes }
}

/** A folder or file to be copied that is not there any more, such as a bundle that was swept once it was in the store. */
const isCopyOfNothing = (source: Source): boolean =>
  source.type === 'disk' && source.mode === 'copy' && source.path !== undefined && !existsSync(source.path)

import { type FileRow, readFileRows } from '../../artifacts/index.ts'
import { type NamedVersionRow, setSource } from '../../catalog/index.ts'
import type { RemoteSourceKind, Resolved, SourceRef } from '../../sources/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { keepSource, openSource } from '../files/source-of.ts'
import type { OnboardContext } from '../onboard-context.ts'
import { isWhole, presentOf } from './stored.ts'
import { newRow, noFiles, noteTo, wasVerified, writePlan } from './write-plan.ts'

/**
 * Lists a source elsewhere into the version. What was fetched whole in an earlier try stays: a version whose bytes are all here needs
 * its source no more, however that source answers by now.
 */
export async function planRemote(
  deps: LifecycleDeps,
  ctx: OnboardContext,
  version: NamedVersionRow,
  kind: RemoteSourceKind,
): Promise<{ files: number; bytes: number }> {
  const known = await readFileRows(deps.database.db, version.id)
  const present = await presentOf(deps, known)
  if (isWhole(version, known, present)) {
    return { files: known.length, bytes: bytesOf(known) }
  }
  const kept = await openSource(deps.sources, deps.database.db, version)
  const resolved = await kind.resolve(version.source, kept.secret, deps.sources, ctx.signal)
  if (kept.pin.etag !== undefined && resolved.pin.etag !== undefined && kept.pin.etag !== resolved.pin.etag) {
    ctx.log('warn', 'The file at the address is another one than when the model was registered.')
  }
  await repin(deps, ctx, version, kind, resolved)
  const before = new Map(known.map((row) => [row.path, row]))
  const rows: FileRow[] = []
  for await (const { path, ref } of kind.list(resolved, deps.sources, noteTo(ctx), ctx.signal)) {
    const old = before.get(path)
    const unchanged = old !== undefined && present.has(path) && sameRef(old.source_ref, ref)
    rows.push({
      ...newRow(version.id, path, rows.length),
      size: unchanged ? old.size : (ref.size ?? 0),
      sha256: unchanged ? old.sha256 : null,
      stored: unchanged ? 'blob' : 'pending',
      source_ref: ref,
    })
    if (rows.length % 1_000 === 0) ctx.progress({ done: rows.length, message: `${rows.length} files found` })
  }
  if (rows.length === 0) throw noFiles()
  const bytes = bytesOf(rows)
  await writePlan(deps, ctx, version, rows, bytes)
  return { files: rows.length, bytes }
}

/** A source that was pinned stays what it was; only what it says of itself is brought up to date. */
async function repin(
  deps: LifecycleDeps,
  ctx: OnboardContext,
  version: NamedVersionRow,
  kind: RemoteSourceKind,
  resolved: Resolved,
): Promise<void> {
  const at = deps.clock.date()
  await ctx.tx(async (trx) => {
    await keepSource(deps.sources, trx, version, resolved, at)
    if (!wasVerified(version)) await setSource(trx, version.id, resolved.source, kind.address(resolved.source), at)
  })
}

/** The same file as in an earlier plan, by the digest or tag that the source states; without either nobody knows. */
function sameRef(before: object | null | undefined, after: SourceRef): boolean {
  const old = (before ?? {}) as Partial<SourceRef>
  if (after.sha256 !== undefined) return old.sha256 === after.sha256
  if (after.gitSha1 !== undefined) return old.gitSha1 === after.gitSha1
  return after.etag !== undefined && old.etag === after.etag && old.size === after.size
}

const bytesOf = (rows: readonly FileRow[]) => rows.reduce((sum, { size }) => sum + size, 0)

import { statfs } from 'node:fs/promises'
import { invalid, limitReached } from '../../../../kernel/index.ts'
import { type FileRow, readFileRows, replaceFileRows } from '../../artifacts/index.ts'
import { getVersion, patchVersion } from '../../catalog/index.ts'
import { sameFingerprint, sourceKinds } from '../../sources/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import type { OnboardContext } from '../onboard-context.ts'

/** Room that is left on the disk of the store, in bytes, whatever is ingested. */
const reserveBytes = 256 * 2 ** 20

/** Lists the source's files into the version, keeping the digests of files that did not change since an earlier try. */
export async function plan(deps: LifecycleDeps, ctx: OnboardContext): Promise<{ files: number; bytes: number }> {
  const version = await getVersion(deps.database.db, ctx.versionId)
  const kind = sourceKinds.get(version.source.type)
  const known = new Map((await readFileRows(deps.database.db, version.id)).map((row) => [row.path, row]))
  const rows: FileRow[] = []
  let bytes = 0
  const onNote = (note: { level: string; message: string }) => ctx.log('warn', note.message)
  for await (const file of kind.list(version.source, deps.sources, onNote, ctx.signal)) {
    bytes += file.size
    const old = known.get(file.path)
    const unchanged =
      old?.fingerprint != null && old.real_path === file.realPath && sameFingerprint(old.fingerprint, file.fingerprint)
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
  }
  if (rows.length === 0) {
    throw invalid('no_files', 'The source holds no file.', 'Give the folder that holds the model files.')
  }
  if (version.source.mode === 'copy') await assertRoom(deps, bytes)
  await ctx.tx(async (trx) => {
    await replaceFileRows(trx, version.id, rows)
    await patchVersion(
      trx,
      version.id,
      { file_count: rows.length, total_bytes: bytes, digest: null },
      deps.clock.date(),
    )
  })
  return { files: rows.length, bytes }
}

async function assertRoom(deps: Pick<LifecycleDeps, 'dataFolder'>, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(deps.dataFolder)
  const free = bavail * bsize
  if (bytes + reserveBytes > free) {
    throw limitReached(
      'disk_full',
      `The files need ${bytes} bytes and ${free} are free in the data folder.`,
      'Free space, or register the files in place.',
      { details: { neededBytes: bytes, freeBytes: free } },
    )
  }
}

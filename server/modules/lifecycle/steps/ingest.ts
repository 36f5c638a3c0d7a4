import type { FileHandle } from 'node:fs/promises'
import { conflict, HubError } from '../../../../kernel/index.ts'
import { describeHollow } from '../../../../scanner/index.ts'
import { addBlobRef } from '../../../platform/blobs/index.ts'
import {
  type DigestPatch,
  type FileRow,
  hashFile,
  readFileRows,
  readOpenFile,
  recordDigests,
} from '../../artifacts/index.ts'
import { getVersion, type NamedVersionRow } from '../../catalog/index.ts'
import {
  fingerprintOf,
  localSource,
  type PlannedFile,
  sameFingerprint,
  sourceKinds,
  untilSettled,
} from '../../sources/index.ts'
import { inspectWhileHashed } from '../../verification/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import type { OnboardContext } from '../onboard-context.ts'
import { fetchFiles } from './fetch.ts'
import { assertStated, refOf } from './source-ref.ts'
import { takeUploaded, uploadOf } from './take-uploaded.ts'

/** Small files are read side by side and recorded together; a large one is read alone. */
const smallBytes = 2 ** 20
const group = { files: 256, parallel: 16 }
/** Worth a scanner child of its own while it is hashed. */
const largeBytes = 32 * 2 ** 20

/** Reads every file once: hashes it in place, or while it is copied or fetched into the store. Files that have a digest are left alone. */
export async function ingest(deps: LifecycleDeps, ctx: OnboardContext): Promise<{ files: number }> {
  const version = await getVersion(deps.database.db, ctx.versionId)
  const kind = sourceKinds.get(version.source.type)
  if (kind.reads === 'remote') return await fetchFiles(deps, ctx, kind)
  const rows = await readFileRows(deps.database.db, version.id)
  const bytesTotal = rows.reduce((sum, row) => sum + row.size, 0)
  let bytesDone = rows.reduce((sum, row) => sum + (row.sha256 === null ? 0 : row.size), 0)
  let compared = 0
  // What is stated may be another than when the file was read.
  for (const row of rows) if (row.sha256 !== null && assertStated(row, row.sha256)) compared += 1
  const uploaded = uploadOf(version.source) !== null
  const read = async (row: FileRow) => {
    const onBytes = (bytes: number) => {
      bytesDone += bytes
      ctx.progress({ bytesDone, bytesTotal, message: row.path })
    }
    const patch = uploaded
      ? await takeUploaded(deps, version, row, onBytes, ctx.signal)
      : await readOne(deps, ctx, version, row, onBytes)
    if (patch.sha256 !== null && assertStated(row, patch.sha256)) compared += 1
    return patch
  }
  for (const rowsOfGroup of groupsOf(rows.filter(({ sha256 }) => sha256 === null))) {
    ctx.signal.throwIfAborted()
    const patches = await readAll(rowsOfGroup, read)
    await ctx.tx(async (trx) => {
      await recordDigests(trx, version.id, patches)
      for (const { sha256, stored } of patches) {
        if (stored === 'blob' && sha256 !== null) await addBlobRef(trx, sha256, `version:${version.id}`)
      }
    })
  }
  if (compared > 0) ctx.log('info', `${compared} of ${rows.length} files have the SHA-256 that was stated of them.`)
  ctx.progress({ bytesDone: bytesTotal, bytesTotal, message: `${rows.length} files hashed` })
  return { files: rows.length }
}

function* groupsOf(rows: readonly FileRow[]): Generator<FileRow[]> {
  let small: FileRow[] = []
  for (const row of rows) {
    if (row.size > smallBytes) {
      yield [row]
      continue
    }
    small.push(row)
    if (small.length < group.files) continue
    yield small
    small = []
  }
  if (small.length > 0) yield small
}

/** The first failure ends the group, once nobody reads any more. */
async function readAll(
  rows: readonly FileRow[],
  read: (row: FileRow) => Promise<DigestPatch>,
): Promise<readonly DigestPatch[]> {
  const queue = [...rows]
  const patches: DigestPatch[] = []
  let failed = false
  const worker = async () => {
    for (let row = queue.shift(); row !== undefined && !failed; row = queue.shift()) {
      try {
        patches.push(await read(row))
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const done = await Promise.allSettled(Array.from({ length: group.parallel }, worker))
  const first = done.find((one) => one.status === 'rejected')
  if (first !== undefined) throw first.reason
  return patches
}

async function readOne(
  deps: LifecycleDeps,
  ctx: OnboardContext,
  version: NamedVersionRow,
  row: FileRow,
  onBytes: (bytes: number) => void,
): Promise<DigestPatch> {
  ctx.signal.throwIfAborted()
  const planned = toPlanned(row)
  const { handle, size } = await localSource(version.source.type).open(version.source, planned, deps.sources)
  try {
    const hollow = await describeHollow(handle)
    if (hollow !== null) throw isHollow(row.path, hollow)
    const copy = 'mode' in version.source && version.source.mode === 'copy'
    if (!copy) await untilSettled(handle, planned.fingerprint)
    // Whoever rewrites the file while it is read changes its times: what was hashed is then no longer what is there.
    const assertUnchanged = async () => {
      if (sameFingerprint(fingerprintOf(await handle.stat({ bigint: true })), planned.fingerprint)) return
      throw conflict(
        'file_changed',
        `${row.path} changed while it was being read.`,
        'Wait until nothing writes to the folder, then retry.',
      )
    }
    const hash = () =>
      copy ? copyFile(deps, row, handle, onBytes, ctx.signal) : hashFile(handle, size, onBytes, ctx.signal)
    const sha256 =
      copy || size < largeBytes
        ? await hash()
        : await inspectWhileHashed(deps, { path: row.path, size, handle, assertUnchanged }, hash, ctx.signal)
    await assertUnchanged()
    return {
      path: row.path,
      sha256,
      stored: copy ? 'blob' : 'in_place',
      real_path: planned.realPath,
      fingerprint: planned.fingerprint,
    }
  } finally {
    await handle.close()
  }
}

/** Nothing is seen in the store that is not what was stated. */
async function copyFile(
  deps: LifecycleDeps,
  row: FileRow,
  handle: FileHandle,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const [stated] = refOf(row).stated ?? []
  try {
    const { sha256 } = await deps.blobs.put(readOpenFile(handle, row.size), {
      expectedSize: row.size,
      ...(stated === undefined ? {} : { expectedSha256: stated.sha256 }),
      observer: (chunk) => onBytes(chunk.length),
      cloneOf: handle,
      signal,
    })
    return sha256
  } catch (error) {
    const found = error instanceof HubError && error.code === 'blob_digest_mismatch' ? error.details?.['sha256'] : null
    if (typeof found === 'string') assertStated(row, found)
    throw error
  }
}

function isHollow(path: string, what: string) {
  return conflict(
    'file_hollow',
    `${path} ${what}: it was made larger than what was written into it, as an unfinished download leaves it.`,
    'Download or copy the file again, then retry.',
  )
}

function toPlanned(row: FileRow): PlannedFile {
  if (row.real_path === null || row.fingerprint === null) {
    throw conflict('plan_missing', `${row.path} was never planned.`, 'Retry the version.')
  }
  return { path: row.path, size: row.size, realPath: row.real_path, fingerprint: row.fingerprint }
}

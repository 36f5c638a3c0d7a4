import { forbidden, HubError, upstream } from '../../../../kernel/index.ts'
import { addBlobRef } from '../../../platform/blobs/index.ts'
import { discardDownload, downloadedBytes } from '../../../platform/net/index.ts'
import { type DigestPatch, type FileRow, readFileRows, recordDigests, setSourceRef } from '../../artifacts/index.ts'
import { getVersion, type NamedVersionRow, patchVersion } from '../../catalog/index.ts'
import { archiveKind, looksUnpackable, type RemoteSourceKind, verifyStated } from '../../sources/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { downloadFolder, downloadKey, removeDownloads } from '../files/downloads.ts'
import { openSource } from '../files/source-of.ts'
import type { OnboardContext } from '../onboard-context.ts'
import { refOf } from './source-ref.ts'
import { rowPath, takeArchive } from './take-archive.ts'

/** Small files are fetched side by side; a large one gets its connections from the downloader. */
const smallBytes = 16 * 2 ** 20
const smallAtOnce = 6
const largeAtOnce = 1
/** Files recorded in one transaction at most. */
const recordedAtOnce = 64

/**
 * Fetches every file that has no digest yet into the store. Bytes the store has are not fetched again; parts of files stay on disk
 * through cancel, failure and kill, and are gone on with. Nothing is recorded, or seen in the store, before its digest is right.
 */
export async function fetchFiles(
  deps: LifecycleDeps,
  ctx: OnboardContext,
  kind: RemoteSourceKind,
): Promise<{ files: number }> {
  const version = await getVersion(deps.database.db, ctx.versionId)
  const rows = await readFileRows(deps.database.db, version.id)
  const pending = rows.filter(({ sha256 }) => sha256 === null)
  const room = deps.reserveRoom(downloadFolder(deps, version.id), roomFor(deps, version.id, pending))
  const meter = createMeter(ctx, rows)
  const recorder = createRecorder(ctx, version)
  const take = async (row: FileRow) => {
    const patch = await fetchOne(deps, ctx, version, kind, row, (bytes) => room.took(meter.at(row, bytes)))
    if (patch === null) return
    meter.done(row, patch.size ?? row.size)
    await recorder.add(patch)
  }
  const isSmall = (row: FileRow) => row.size <= smallBytes && refOf(row).size !== null
  try {
    await settleAll([
      ...workers(pending.filter(isSmall), smallAtOnce, take, ctx.signal),
      ...workers(
        pending.filter((row) => !isSmall(row)),
        largeAtOnce,
        take,
        ctx.signal,
      ),
    ])
  } finally {
    // What has arrived is worth keeping, however the rest went.
    await recorder.flush().finally(() => room.release())
  }
  const whole = await readFileRows(deps.database.db, version.id)
  const bytes = whole.reduce((sum, { size }) => sum + size, 0)
  await ctx.tx((trx) =>
    patchVersion(trx, version.id, { file_count: whole.length, total_bytes: bytes }, deps.clock.date()),
  )
  await removeDownloads(deps, version.id)
  ctx.progress({ bytesDone: bytes, bytesTotal: bytes, message: `${whole.length} files fetched` })
  return { files: whole.length }
}

/** Bytes that will be written: what is missing of each file, and as much again for what an archive unpacks to. */
function roomFor(deps: LifecycleDeps, versionId: string, pending: readonly FileRow[]): number {
  const folder = downloadFolder(deps, versionId)
  return pending.reduce((sum, row) => {
    const missing = Math.max(0, row.size - downloadedBytes(folder, downloadKey(rowPath(row))))
    return sum + missing + (refOf(row).unpack === true && looksUnpackable(rowPath(row)) ? row.size : 0)
  }, 0)
}

/** Null: the file was an archive, and its members are the files of the version now. */
async function fetchOne(
  deps: LifecycleDeps,
  ctx: OnboardContext,
  version: NamedVersionRow,
  kind: RemoteSourceKind,
  row: FileRow,
  onBytes: (bytes: number) => void,
): Promise<DigestPatch | null> {
  const ref = refOf(row)
  const wanted = ref.arrived ?? (ref.unpack === true ? undefined : ref.sha256)
  const known = wanted === undefined ? undefined : await deps.blobs.stat(wanted)
  if (wanted !== undefined && known !== undefined && (ref.size ?? known.size) === known.size) {
    if (await deps.blobs.renew(wanted)) return { ...stored(row.path, wanted), size: known.size }
  }
  const fetchFile = () => download(deps, ctx, version, kind, row, onBytes)
  // Once more, because a wire may lie by accident; whoever sends other bytes twice is not asked a third time.
  const file = await fetchFile().catch((error: unknown) => {
    if (!isOther(error)) throw error
    ctx.log('warn', `${error.message} It is fetched once more.`)
    return fetchFile()
  })
  const name = rowPath(row)
  const archive = ref.unpack === true ? await archiveKind(file.path, name) : null
  if (archive !== null) {
    await takeArchive(deps, ctx, version, row, { path: file.path, kind: archive })
    return null
  }
  // Moved into the store it is found again by its digest only: a kill right after must not cost a large file.
  if (ref.sha256 === undefined && file.size > smallBytes) {
    await ctx.tx((trx) => setSourceRef(trx, version.id, row.path, { ...ref, arrived: file.sha256 }))
  }
  await deps.blobs.adopt(file.path, { sha256: file.sha256, size: file.size })
  return { ...stored(row.path, file.sha256), size: file.size }
}

const stored = (path: string, sha256: string): DigestPatch => ({
  path,
  sha256,
  stored: 'blob',
  real_path: null,
  fingerprint: null,
})

type Downloaded = { path: string; size: number; sha256: string }

async function download(
  deps: LifecycleDeps,
  ctx: OnboardContext,
  version: NamedVersionRow,
  kind: RemoteSourceKind,
  row: FileRow,
  onBytes: (bytes: number) => void,
): Promise<Downloaded> {
  const ref = refOf(row)
  const remote = { path: rowPath(row), ref }
  // Read anew each time the downloader asks: a link may have been replaced since, a credential rotated.
  const openNow = async () =>
    await openSource(deps.sources, deps.database.db, await getVersion(deps.database.db, version.id))
  try {
    if (deps.download === undefined) throw noDownloads()
    const file = await deps.download(
      {
        key: downloadKey(remote.path),
        size: ref.size,
        sha256: ref.sha256 ?? null,
        source: async () => await kind.request(await openNow(), remote, deps.sources),
        folder: downloadFolder(deps, version.id),
      },
      ({ done }) => onBytes(done),
      ctx.signal,
    )
    await verifyStated(file.path, file.size, remote.path, ref, ctx.signal).catch(async (error: unknown) => {
      if (isOther(error)) await discardDownload(downloadFolder(deps, version.id), downloadKey(remote.path))
      throw error
    })
    return file
  } catch (error) {
    ctx.signal.throwIfAborted()
    if (isOther(error)) throw naming(remote.path, error)
    if (!(error instanceof HubError) || error.kind === 'conflict') throw error
    // Where the source can say in its own words what is wrong, those are the better ones.
    await kind.probe(await openNow(), remote, deps.sources, ctx.signal).catch((better: unknown) => {
      if (better instanceof HubError && better.kind !== 'upstream' && better.kind !== 'limit') throw better
    })
    throw error
  }
}

/** Other bytes arrived than the source states. */
const isOther = (error: unknown): error is HubError => error instanceof HubError && error.code === 'digest_mismatch'

function naming(path: string, { message, code, remedy, details, cause }: HubError): HubError {
  const named = message.includes(path) ? message : `${path}: ${message}`
  return upstream(code, named, remedy, { cause, ...(details === undefined ? {} : { details }) })
}

const noDownloads = () =>
  forbidden('no_network', 'This process does not reach out to the network.', 'Let a worker of the hub run the job.')

/** So many loops over one queue; the first failure empties it. */
function workers(
  rows: readonly FileRow[],
  count: number,
  take: (row: FileRow) => Promise<void>,
  signal: AbortSignal,
): Promise<void>[] {
  const queue = [...rows]
  return Array.from({ length: Math.min(count, queue.length) }, async () => {
    for (let row = queue.shift(); row !== undefined; row = queue.shift()) {
      signal.throwIfAborted()
      try {
        await take(row)
      } catch (error) {
        queue.length = 0
        throw error
      }
    }
  })
}

/** Waits for all, then throws the first failure: nobody writes any more when the step ends. */
async function settleAll(running: readonly Promise<void>[]): Promise<void> {
  const done = await Promise.allSettled(running)
  const first = done.find((one) => one.status === 'rejected')
  if (first !== undefined) throw first.reason
}

function createMeter(ctx: OnboardContext, rows: readonly FileRow[]) {
  let bytesDone = rows.reduce((sum, row) => sum + (row.sha256 === null ? 0 : row.size), 0)
  const total = rows.some((row) => refOf(row).size === null) ? null : rows.reduce((sum, row) => sum + row.size, 0)
  const under = new Map<string, number>()
  const tell = (row: FileRow) => {
    const running = [...under.values()].reduce((sum, bytes) => sum + bytes, 0)
    ctx.progress({ bytesDone: bytesDone + running, bytesTotal: total, message: rowPath(row) })
  }
  return {
    /** So many bytes of the file are here. Gives how many more than the last time. */
    at: (row: FileRow, bytes: number) => {
      // What an earlier try left was not written now.
      const more = under.has(row.path) ? bytes - (under.get(row.path) ?? 0) : 0
      under.set(row.path, bytes)
      tell(row)
      return Math.max(0, more)
    },
    done: (row: FileRow, bytes: number) => {
      under.delete(row.path)
      bytesDone += bytes
      tell(row)
    },
  }
}

/** Records files in groups, so that thousands of small ones take few transactions. */
function createRecorder(ctx: OnboardContext, version: NamedVersionRow) {
  let held: DigestPatch[] = []
  const flush = async () => {
    const patches = held
    held = []
    if (patches.length === 0) return
    await ctx.tx(async (trx) => {
      await recordDigests(trx, version.id, patches)
      for (const { sha256, size } of patches) {
        if (sha256 !== null) await addBlobRef(trx, sha256, `version:${version.id}`, size)
      }
    })
  }
  return {
    add: async (patch: DigestPatch) => {
      held.push(patch)
      // A large file took long: it is recorded at once.
      if (held.length >= recordedAtOnce || (patch.size ?? 0) > smallBytes) await flush()
    },
    flush,
  }
}

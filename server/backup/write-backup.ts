import { existsSync } from 'node:fs'
import { chmod, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../kernel/index.ts'
import { createAuditSeal, verifyAudit } from '../modules/governance/index.ts'
import { openDataFolder } from '../platform/db/data-folder.ts'
import { fsyncPath } from '../platform/db/durable-file-system.ts'
import type { Log } from '../platform/log.ts'
import { assertRoom } from './assert-room.ts'
import { clearTarget } from './claim-target.ts'
import { copyBlobs } from './copy-blobs.ts'
import { copyFile, hashFile } from './copy-file.ts'
import { copyStarter, copyUsage } from './copy-usage.ts'
import { eachOf } from './each-of.ts'
import { inPlaceVersions, referencedBlobs } from './facts-store.ts'
import { findPrevious } from './find-previous.ts'
import { flushTree, flushWidth } from './flush-tree.ts'
import { keyId } from './key-id.ts'
import {
  blobPath,
  databaseFolder,
  isBackupFolder,
  isBackupPath,
  keyFile,
  signingKeyFile,
  unfinishedFile,
  versionFile,
} from './layout.ts'
import { type Manifest, writeManifest } from './manifest.ts'
import { latestSchema, withCopy } from './open-copy.ts'
import { type BackupSummary, summaryOf } from './summary.ts'
import { sizeOf, walk } from './walk.ts'

export type BackupSource = {
  dataFolder: string
  /** Copies the database, as it is at one instant, into a folder that does not exist. */
  copyDatabase: (folder: string, signal?: AbortSignal) => Promise<void>
  /** Keeps stored files from being removed until the returned function is called. */
  holdBlobs: () => () => void
  secretKey: Uint8Array
  clock: Clock
  log: Log
}

export type BackupView = {
  signal?: AbortSignal | undefined
  /** What is being done now. */
  stage: (title: string) => void
  progress: (report: { bytesDone: number; bytesTotal: number; message: string }) => void
}

/**
 * Writes a backup into a folder that holds nothing but the mark of an unfinished one, and takes the mark away at the end. What a try
 * before left there is removed first; what is written when it fails stays, unfinished.
 * Throws `limit` `disk_full`, the signal's reason, and whatever opening the copy throws: a copy that does not open is no backup.
 */
export async function writeBackup(
  source: BackupSource,
  target: string,
  view: BackupView,
): Promise<BackupSummary & { reusedBlobs: number }> {
  const { dataFolder, clock } = source
  const { signal } = view
  const release = source.holdBlobs()
  try {
    await clearTarget(target)
    const live = openDataFolder(dataFolder)
    await assertRoom(target, await sizeOf(live.database), 'The copy of the database')
    const version = live.readVersion() ?? { schema: latestSchema(), hubVersion: 'development' }
    await copyStarter(dataFolder, target, signal)
    await copyUsage(dataFolder, target, signal)
    view.stage('Copy the database')
    const instant = clock.date().toISOString()
    await source.copyDatabase(join(target, databaseFolder), signal)
    await copyFile(join(dataFolder, versionFile), join(target, versionFile))
    const kept = await copyKey(source, target)
    if (existsSync(join(dataFolder, signingKeyFile))) {
      await copyFile(join(dataFolder, signingKeyFile), join(target, signingKeyFile))
    }
    signal?.throwIfAborted()
    view.stage('Open the copy and read it')
    const facts = await readFacts(source, target, version)
    signal?.throwIfAborted()

    view.stage('Copy stored files')
    const previous = await findPrevious(target)
    const sizes = await Promise.all(facts.blobs.map(({ sha256 }) => sizeOf(join(dataFolder, blobPath(sha256)))))
    const bytesTotal = sizes.reduce((sum, size) => sum + size, 0)
    const fresh = facts.blobs.reduce((sum, { sha256 }, i) => sum + (previous.has(sha256) ? 0 : (sizes[i] ?? 0)), 0)
    await assertRoom(target, fresh, 'The copy of stored files')
    let bytesDone = 0
    const onBytes = (bytes: number) => {
      bytesDone += bytes
      view.progress({ bytesDone, bytesTotal, message: `${facts.blobs.length} stored files` })
    }
    const copied = await copyBlobs(facts.blobs, { dataFolder, target, previous, signal, onBytes })

    view.stage('Write the manifest')
    const { files, folders } = await listFiles(target, signal)
    await writeManifest(target, {
      format: 1,
      ...version,
      instant,
      secretKey: { kept, id: keyId(source.secretKey) },
      audit: facts.audit,
      files,
      folders,
      blobs: copied.blobs,
      lostBlobs: copied.lost,
      inPlace: facts.inPlace,
    })
    await rm(join(target, unfinishedFile))
    fsyncPath(target)
    return { ...(await summaryOf(target)), reusedBlobs: copied.reused }
  } finally {
    release()
  }
}

type Version = { schema: number; hubVersion: string }

/** Opens the copy for real, which also proves that it opens, and reads what must be copied with it. */
function readFacts(source: BackupSource, folder: string, version: Version) {
  const { log, clock } = source
  return withCopy({ folder, ...version, log, clock }, async ({ db }) => {
    const seal = createAuditSeal(source.secretKey)
    // A trail of an older hub is verified by the restore, once it has been brought up to date.
    const audit =
      version.schema < latestSchema() ? null : await verifyAudit({ db, seal, anchor: () => Promise.resolve(null) })
    return {
      blobs: await referencedBlobs(db),
      inPlace: await inPlaceVersions(db),
      audit: audit && { ok: audit.ok, events: audit.events, head: audit.head, message: audit.message },
    }
  })
}

/** The key file goes with the backup when it is the key in use. */
async function copyKey({ dataFolder, secretKey }: BackupSource, target: string): Promise<'included' | 'outside'> {
  const text = await readFile(join(dataFolder, keyFile), 'utf8').catch(() => '')
  if (!Buffer.from(text.trim(), 'base64').equals(secretKey)) return 'outside'
  await copyFile(join(dataFolder, keyFile), join(target, keyFile))
  return 'included'
}

/** Hashes everything but stored files, which were when they were copied, and flushes all; every file and folder becomes its owner's alone. */
async function listFiles(
  target: string,
  signal: AbortSignal | undefined,
): Promise<Pick<Manifest, 'files' | 'folders'>> {
  const paths: string[] = []
  const folders: string[] = []
  for await (const { path, kind } of walk(target)) {
    if (kind === 'folder') await chmod(join(target, path), 0o700)
    if (kind === 'folder' && isBackupFolder(path)) folders.push(path)
    if (kind === 'file' && isBackupPath(path)) paths.push(path)
  }
  const files: Manifest['files'] = []
  await eachOf(paths, flushWidth, async (path) => {
    await chmod(join(target, path), 0o600)
    files.push({ path, ...(await hashFile(join(target, path), { signal })) })
  })
  await flushTree(target)
  return { files: files.sort((x, y) => (x.path < y.path ? -1 : 1)), folders }
}

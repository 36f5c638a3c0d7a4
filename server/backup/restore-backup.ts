import { existsSync, rmSync } from 'node:fs'
import { mkdir, rmdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Clock, conflict, createNewId, HubError, invalid, messageOf } from '../../kernel/index.ts'
import { createAuditSeal, createWriteAudit, verifyAudit } from '../modules/governance/index.ts'
import { systemActor } from '../platform/actor.ts'
import { openDataFolder } from '../platform/db/data-folder.ts'
import { lockFolder } from '../platform/db/folder-lock.ts'
import { type Database, readMigrations } from '../platform/db/index.ts'
import { newerThanHub } from '../platform/db/migrate.ts'
import type { Log } from '../platform/log.ts'
import { assertRoom } from './assert-room.ts'
import { damaged } from './damaged.ts'
import { cancelBackupJobs, referencedBlobs } from './facts-store.ts'
import { flushTree } from './flush-tree.ts'
import { keyId } from './key-id.ts'
import { databaseFolder, keyFile } from './layout.ts'
import { type Manifest, readManifest } from './manifest.ts'
import { latestSchema, withCopy } from './open-copy.ts'
import { bytesOf, checkListing, keyIn, stage } from './stage.ts'
import { contentOf, settleLocked, stagingFolder, swapIn } from './swap.ts'
import type { BackupView } from './write-backup.ts'

export type RestoreOptions = {
  backup: string
  dataFolder: string
  /** Moves what is in the data folder aside instead of refusing. */
  replace: boolean
  /** The key the restored hub will be started with, when it is given from outside. */
  secretKey: Uint8Array | undefined
  /** Of this hub. */
  hubVersion: string
  clock: Clock
  log: Log
}

export type RestoreSummary = {
  dataFolder: string
  /** Where the content of before is now; null when there was none. */
  aside: string | null
  digest: string
  instant: string
  /** Of the hub that made the backup. */
  hubVersion: string
  schema: number
  bytes: number
  blobs: number
  lostBlobs: string[]
  inPlace: Manifest['inPlace']
  secretKey: Manifest['secretKey']['kept']
  audit: { ok: boolean; events: number; message: string }
}

/**
 * Restores a backup into a data folder. Everything is copied beside and checked there; only then it changes places with what was there,
 * at one instant. Throws with the data folder untouched: `conflict` `backup_damaged`, `data_folder_in_use`, `data_folder_not_empty`,
 * `data_newer_than_hub`, `secret_key_differs`; `invalid` `backup_not_found`, `backup_unfinished`; `limit` `disk_full`.
 */
export async function restoreBackup(options: RestoreOptions, view: BackupView): Promise<RestoreSummary> {
  const { clock } = options
  const [backup, dataFolder] = [resolve(options.backup), resolve(options.dataFolder)]
  view.stage('Read the manifest')
  const { manifest, digest } = await readManifest(backup)
  if (manifest.schema > latestSchema()) throw newerThanHub(manifest.schema, readMigrations(), manifest.hubVersion)
  await checkListing(backup, manifest)

  const made = await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const unlock = lockFolder(dataFolder)
  let restored = false
  try {
    settleLocked(dataFolder)
    const present = await contentOf(dataFolder)
    if (present.length > 0 && !options.replace) throw notEmpty(dataFolder, present)
    await assertRoom(dataFolder, bytesOf(manifest), 'The restored data')
    const staging = join(dataFolder, stagingFolder)
    await mkdir(staging, { mode: 0o700 })
    view.stage('Copy and check every file')
    let bytesDone = 0
    const bytesTotal = bytesOf(manifest)
    const message = `${manifest.files.length + manifest.blobs.length} files`
    const onBytes = (bytes: number) => {
      bytesDone += bytes
      view.progress({ bytesDone, bytesTotal, message })
    }
    await stage(backup, staging, manifest, { signal: view.signal, onBytes })
    view.stage('Open the database and check it')
    const secretKey = await keyFor(manifest, staging, options)
    const audit = await prepare(staging, { ...options, manifest, digest, secretKey })
    await flushTree(staging)
    view.signal?.throwIfAborted()
    const aside = await swapIn(dataFolder, clock.date().toISOString().replace(/[:.]/g, '-'))
    restored = true
    return {
      dataFolder,
      aside,
      digest,
      instant: manifest.instant,
      hubVersion: manifest.hubVersion,
      schema: manifest.schema,
      bytes: bytesTotal,
      blobs: manifest.blobs.length,
      lostBlobs: manifest.lostBlobs,
      inPlace: manifest.inPlace,
      secretKey: manifest.secretKey.kept,
      audit,
    }
  } finally {
    if (!restored) rmSync(join(dataFolder, stagingFolder), { recursive: true, force: true })
    unlock()
    if (!restored && made !== undefined) await removeMade(dataFolder)
  }
}

type Prepare = RestoreOptions & { manifest: Manifest; digest: string; secretKey: Uint8Array }

/** Checks the staged database against the manifest and the staged files, brings it up to date, and notes the restore in its audit trail. */
async function prepare(folder: string, options: Prepare): Promise<RestoreSummary['audit']> {
  const { manifest, digest, clock, log } = options
  const { schema, hubVersion } = manifest
  const seal = createAuditSeal(options.secretKey)
  const verify = ({ db }: Database) => verifyAudit({ db, seal, anchor: () => Promise.resolve(null) })
  // Opened without a database the folder would get a new, empty one.
  const told = openDataFolder(folder).readVersion()
  if (told?.schema !== schema) throw damaged('VERSION.json', `does not say schema ${schema}`)
  if (!existsSync(join(folder, databaseFolder, 'PG_VERSION'))) throw damaged('its database', 'is missing')
  const check = async (database: Database) => {
    await checkBlobs(database, manifest)
    if (manifest.audit === null) return
    const found = await verify(database)
    const { ok, events, head } = manifest.audit
    if (found.ok !== ok || found.events !== events || found.head !== head) {
      throw damaged('its audit trail', `does not verify as it did in the backup: ${found.message}`)
    }
  }
  const note = async (database: Database) => {
    await cancelBackupJobs(database, clock.date())
    const write = createWriteAudit({ clock, newId: createNewId(clock.now), seal })
    await database.transaction((trx) =>
      write(trx, {
        actor: systemActor,
        action: 'hub.restored',
        object: { type: 'hub', id: 'hub' },
        evidence: { instant: manifest.instant, digest, schema, hubVersion, lostBlobs: manifest.lostBlobs.length },
      }),
    )
    const { ok, events, message } = await verify(database)
    // A trail that was broken in the hub is restored as it was; one of an older hub is verified here for the first time.
    if (!ok && manifest.audit?.ok !== false) throw damaged('its audit trail', `does not verify: ${message}`)
    return { ok, events, message }
  }
  const upToDate = { folder, schema: latestSchema(), hubVersion: options.hubVersion, log, clock }
  if (schema === upToDate.schema) {
    return withCopy(upToDate, async (database) => {
      await check(database)
      return note(database)
    }).catch(asDamage)
  }
  // As it was, and only then brought up to date.
  await withCopy({ ...upToDate, schema, hubVersion }, check).catch(asDamage)
  return withCopy(upToDate, note)
}

async function checkBlobs(database: Database, manifest: Manifest): Promise<void> {
  const there = new Set([...manifest.blobs.map(({ sha256 }) => sha256), ...manifest.lostBlobs])
  for (const { sha256 } of await referencedBlobs(database.db)) {
    if (!there.has(sha256)) throw damaged('its database', `refers to the stored file ${sha256}, which is not there`)
  }
}

/** The key with which the restored hub will start. */
async function keyFor(manifest: Manifest, staging: string, options: RestoreOptions): Promise<Uint8Array> {
  const key = options.secretKey ?? (await keyIn(join(staging, keyFile)))
  if (key === undefined) {
    throw invalid(
      'secret_key_needed',
      'The hub of this backup had its envelope key from its settings, so that the backup does not hold it.',
      'Set MODELHUB_SECRET_KEY (or _FILE) to that key, here and for the restored hub.',
    )
  }
  if (keyId(key) === manifest.secretKey.id) return key
  throw conflict(
    'secret_key_differs',
    'The envelope key in the settings is not the one of the hub of this backup.',
    'Set MODELHUB_SECRET_KEY (or _FILE) to the key of that hub; without it stored secrets cannot be read.',
  )
}

const unusableCodes = new Set(['database_stopped', 'migration_failed', 'data_folder_damaged', 'database_damaged'])

/** A database that does not open, or cannot answer, is not the one that was backed up. */
function asDamage(error: unknown): never {
  const unusable =
    error instanceof HubError ? unusableCodes.has(error.code) : error instanceof Error && error.name === 'DatabaseError'
  if (!unusable) throw error
  throw damaged('its database', `cannot be used: ${messageOf((error as Error).cause ?? error)}`)
}

function notEmpty(dataFolder: string, present: readonly string[]) {
  return conflict(
    'data_folder_not_empty',
    `The data folder ${dataFolder} holds ${present.slice(0, 3).join(', ')}${present.length > 3 ? ' and more' : ''}.`,
    'Name another folder with --data, or use --replace: what is there is then moved aside, not deleted.',
  )
}

/** Takes back a data folder that was made for a restore that did not happen. */
async function removeMade(dataFolder: string): Promise<void> {
  for (const name of ['hub.lock.sqlite', 'hub.pid']) rmSync(join(dataFolder, name), { force: true })
  if (existsSync(dataFolder)) await rmdir(dataFolder).catch(() => undefined)
}

import { createHash, randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { createNewId, systemClock } from '../../../kernel/index.ts'
import type { Manifest } from '../../../server/backup/manifest.ts'
import { walk } from '../../../server/backup/walk.ts'
import { createAuditSeal, createWriteAudit } from '../../../server/modules/governance/index.ts'
import { systemActor } from '../../../server/platform/actor.ts'
import { addBlobRef, openDiskBlobs } from '../../../server/platform/blobs/index.ts'
import { type Database, openDatabase } from '../../../server/platform/db/index.ts'
import { copyEmbeddedTemplate, quietLog } from '../../support/index.ts'

export type SampleData = {
  folder: string
  secretKey: Uint8Array
  /** Digests of stored files, each referred to by a version. */
  blobs: string[]
}

/** The data folder of a stopped hub: a database with an audit trail, stored files, a key, undelivered usage, and what no backup takes. */
export async function makeSampleData(folder: string): Promise<SampleData> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  await copyEmbeddedTemplate(folder)
  const secretKey = randomBytes(32)
  writeFileSync(join(folder, 'secret.key'), `${secretKey.toString('base64')}\n`, { mode: 0o600 })
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  put('gateway/usage/01-a.000000000001.000000000002.000002.ndjson', '{"seq":1}\n{"seq":2}\n')
  put('gateway/snapshot.sealed', 'sealed')
  put('starter/known-bigram/README.md', '# Starter\n')
  put('views/ver_1/model.gguf', 'a view')
  put('cli-token', 'a token')
  put('backups/before-0001-x/PG_VERSION', '17')
  const blobs: string[] = []
  await withDatabase(folder, async (database) => {
    const store = openDiskBlobs(join(folder, 'blobs'))
    for (const size of [10, 70_000, 2_500_000]) {
      const { sha256 } = await store.put(Readable.from([randomBytes(size)]))
      await database.transaction((trx) => addBlobRef(trx, sha256, `version:${sha256.slice(0, 8)}`, size))
      blobs.push(sha256)
    }
    // Nothing refers to this one any more.
    await store.put(Readable.from([Buffer.from('left over')]))
    const audit = createWriteAudit({
      clock: systemClock,
      newId: createNewId(systemClock.now),
      seal: createAuditSeal(secretKey),
    })
    for (let n = 1; n <= 5; n++) {
      const entry = { actor: systemActor, action: 'sample.write', object: { type: 'sample', id: `${n}` } }
      await database.transaction((trx) => audit(trx, entry))
    }
  })
  return { folder, secretKey, blobs: blobs.sort() }
}

/** Opens the database of a data folder or of a backup, without leaving a lock there. */
export async function withDatabase<T>(folder: string, work: (database: Database) => Promise<T>): Promise<T> {
  const { hubVersion } = JSON.parse(readFileSync(join(folder, 'VERSION.json'), 'utf8')) as { hubVersion: string }
  const options = { dataFolder: folder, log: quietLog(), clock: systemClock, fsync: false, hubVersion }
  const database = await openDatabase(options)
  try {
    return await work(database)
  } finally {
    await database.close()
    rmSync(join(folder, 'hub.lock.sqlite'), { force: true })
  }
}

/** Counts what a backup must bring back. */
export const contentOf = (folder: string): Promise<unknown> =>
  withDatabase(folder, async ({ db }) => {
    const events =
      await sql`select seq, action, hash from audit_event where action <> 'hub.restored' order by seq`.execute(db)
    const refs = await sql`select sha256, owner from blob_ref order by 1, 2`.execute(db)
    return { events: events.rows, refs: refs.rows }
  })

/** A copy whose files are shared until `rewrite` replaces one. */
export async function linkTree(from: string, to: string): Promise<void> {
  mkdirSync(to, { recursive: true, mode: 0o700 })
  for await (const { path, kind } of walk(from)) {
    if (kind === 'folder') mkdirSync(join(to, path))
    else linkSync(join(from, path), join(to, path))
  }
}

/** Gives a file new bytes without touching what shares its old ones. */
export function rewrite(path: string, change: (bytes: Buffer) => Uint8Array | string): void {
  const bytes = change(readFileSync(path))
  rmSync(path)
  writeFileSync(path, bytes)
}

/** The same bytes with one of them changed. */
export function flipped(bytes: Buffer, at = Math.floor(bytes.length / 2)): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 0x10
  return copy
}

/** Rewrites the manifest of a backup, digest included: damage that only somebody who means it can do. */
export function forge(backup: string, change: (manifest: Manifest) => unknown): void {
  let text = ''
  rewrite(join(backup, 'manifest.json'), (bytes) => {
    const manifest = JSON.parse(bytes.toString('utf8')) as Manifest
    const changed = change(manifest)
    text = JSON.stringify(changed ?? manifest)
    return text
  })
  rewrite(join(backup, 'manifest.json.sha256'), () => `${sha256Of(text)}  manifest.json\n`)
}

/** Makes the manifest agree with the files as they are now. */
export function forgeFiles(backup: string, paths: readonly string[]): void {
  forge(backup, (manifest) => {
    for (const file of manifest.files.filter(({ path }) => paths.includes(path))) {
      const bytes = readFileSync(join(backup, file.path))
      file.size = bytes.length
      file.sha256 = sha256Of(bytes)
    }
  })
}

export const sha256Of = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

/** Every path below a folder with the digest of its bytes; the lock, which each look at the folder touches, is left out. */
export async function fingerprintOf(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for await (const { path, kind } of walk(folder)) {
    if (path.startsWith('hub.lock.sqlite') || path === 'hub.pid') continue
    found[path] = kind === 'file' ? sha256Of(readFileSync(join(folder, path))) : kind
  }
  return found
}

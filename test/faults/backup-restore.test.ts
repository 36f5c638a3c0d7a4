import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { cp } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../kernel/index.ts'
import { copyBlobs } from '../../server/backup/copy-blobs.ts'
import { findPrevious } from '../../server/backup/find-previous.ts'
import { backUpStopped, restoreBackup, settleRestore } from '../../server/backup/index.ts'
import { blobPath } from '../../server/backup/layout.ts'
import { readManifest } from '../../server/backup/manifest.ts'
import { finishSwap, swapIn } from '../../server/backup/swap.ts'
import { collectBlobs, openDiskBlobs } from '../../server/platform/blobs/index.ts'
import { lockFolder } from '../../server/platform/db/folder-lock.ts'
import { readMigrations } from '../../server/platform/db/index.ts'
import { node, root } from '../e2e/support/hub.ts'
import { quietLog, startProgram, temporaryFolder } from '../support/index.ts'
import { emptyDatabase, openAt } from './support/old-schema.ts'
import { amount, seededFor } from './support/plan.ts'
import {
  contentOf,
  fingerprintOf,
  flipped,
  linkTree,
  makeSampleData,
  rewrite,
  type SampleData,
  sha256Of,
  withDatabase,
} from './support/sample-data.ts'
import { describeSmallDisk, useSmallDisks } from './support/small-disk.ts'

const quiet = { stage: () => undefined, progress: () => undefined }
const place = temporaryFolder('backup')
const inPlace = (...names: string[]) => join(place.path, ...names)
let sample: SampleData

beforeAll(async () => {
  sample = await makeSampleData(inPlace('data'))
}, 120_000)
afterAll(() => place.remove())

type View = Partial<Parameters<typeof backUpStopped>[1]>
const backUp = (target: string, options: { dataFolder?: string; secretKey?: Uint8Array; view?: View } = {}) => {
  const { dataFolder = sample.folder, secretKey, view } = options
  return backUpStopped({ dataFolder, target, secretKey, clock: systemClock, log: quietLog() }, { ...quiet, ...view })
}
const restore = (
  backup: string,
  dataFolder: string,
  options: { replace?: boolean; secretKey?: Uint8Array; view?: View } = {},
) => {
  const { replace = false, secretKey, view } = options
  return restoreBackup(
    { backup, dataFolder, replace, secretKey, hubVersion: '9.9.9', clock: systemClock, log: quietLog() },
    { ...quiet, ...view },
  )
}

const timeout = 240_000

describe('a backup', { timeout }, () => {
  test('holds what a hub needs to live again and nothing else, for its owner alone', async () => {
    const target = inPlace('first')
    const told = await backUp(target)
    expect(told).toMatchObject({ blobs: 3, lostBlobs: [], secretKey: 'included', audit: { ok: true, events: 5 } })
    expect(readdirSync(target).sort()).toEqual([
      'VERSION.json',
      'blobs',
      'db',
      'gateway',
      'manifest.json',
      'manifest.json.sha256',
      'secret.key',
      'starter',
    ])
    expect(readdirSync(join(target, 'gateway'))).toEqual(['usage'])
    for (const path of readdirSync(target, { recursive: true, encoding: 'utf8' })) {
      const about = statSync(join(target, path))
      expect([path, about.mode & 0o777]).toEqual([path, about.isDirectory() ? 0o700 : 0o600])
    }
    // As `sha256sum -c` takes it.
    const digest = sha256Of(readFileSync(join(target, 'manifest.json')))
    expect(readFileSync(join(target, 'manifest.json.sha256'), 'utf8')).toBe(`${digest}  manifest.json\n`)
    expect(told.digest).toBe(digest)
  })

  test('shares stored files with the newest one beside it, unless that one has lost them', async () => {
    const [older, newer] = [inPlace('series/one'), inPlace('series/two')]
    await linkTree(inPlace('first'), older)
    const [good = '', bad = '', gone = ''] = sample.blobs
    rewrite(join(older, blobPath(bad)), flipped)
    rmSync(join(older, blobPath(gone)))
    const facts = sample.blobs.map((sha256) => ({ sha256, quarantined: false }))
    const previous = await findPrevious(newer)
    const copied = await copyBlobs(facts, { dataFolder: sample.folder, target: newer, previous })
    expect(copied).toMatchObject({ lost: [], reused: 1 })
    const inode = (folder: string, sha256: string) => statSync(join(folder, blobPath(sha256))).ino
    expect(inode(newer, good)).toBe(inode(older, good))
    expect(inode(newer, bad)).not.toBe(inode(older, bad))
    for (const sha256 of sample.blobs) expect(sha256Of(readFileSync(join(newer, blobPath(sha256))))).toBe(sha256)
  })

  test.each([
    ['inside the data folder', () => join(sample.folder, 'mine'), 'backup_target_inside_data'],
    ['the data folder', () => sample.folder, 'backup_target_inside_data'],
    [
      'a link into the data folder',
      () => {
        symlinkSync(sample.folder, inPlace('link'))
        return inPlace('link/mine')
      },
      'backup_target_inside_data',
    ],
    [
      'a folder that is not empty',
      () => {
        mkdirSync(inPlace('full'))
        writeFileSync(inPlace('full/x'), 'x')
        return inPlace('full')
      },
      'backup_target_taken',
    ],
    [
      'a file',
      () => {
        writeFileSync(inPlace('file'), 'x')
        return inPlace('file')
      },
      'backup_target_taken',
    ],
  ])('is not written into %s', async (_what, makeTarget, code) => {
    const target = makeTarget()
    const before = readdirSync(dirname(target))
    await expect(backUp(target)).rejects.toMatchObject({ code })
    expect(readdirSync(dirname(target))).toEqual(before)
    expect(existsSync(join(target, 'UNFINISHED'))).toBe(false)
  })

  test('is not made of a folder without a hub, nor while a hub has it', async () => {
    await expect(backUp(inPlace('b'), { dataFolder: inPlace('nowhere') })).rejects.toMatchObject({
      code: 'no_hub_data',
    })
    const unlock = lockFolder(sample.folder)
    await expect(backUp(inPlace('b'))).rejects.toMatchObject({ code: 'data_folder_in_use' })
    unlock()
    expect(existsSync(inPlace('b'))).toBe(false)
  })

  test('that is cancelled leaves nothing', async () => {
    for (const moment of ['Copy the database', 'Write the manifest']) {
      const cancel = new AbortController()
      const stage = (title: string) => void (title === moment && cancel.abort())
      await expect(backUp(inPlace('c'), { view: { stage, signal: cancel.signal } })).rejects.toThrow(/abort/i)
      expect(existsSync(inPlace('c')), moment).toBe(false)
    }
  })

  test('names what the hub itself had lost, and is restored without', async () => {
    await cp(sample.folder, inPlace('lossy'), { recursive: true })
    const [lost = '', hurt = ''] = sample.blobs
    rmSync(inPlace('lossy', blobPath(lost)))
    rewrite(inPlace('lossy', blobPath(hurt)), flipped)
    expect(await backUp(inPlace('apart/of-lossy'), { dataFolder: inPlace('lossy') })).toMatchObject({
      blobs: 1,
      lostBlobs: [lost, hurt],
    })
    expect(await restore(inPlace('apart/of-lossy'), inPlace('from-lossy'))).toMatchObject({ lostBlobs: [lost, hurt] })
  })

  test('keeps a key that came from the settings outside, and needs it again', async () => {
    const dataFolder = inPlace('keyless')
    await cp(sample.folder, dataFolder, { recursive: true })
    rmSync(join(dataFolder, 'secret.key'))
    const { secretKey } = sample
    expect(await backUp(inPlace('of-keyless'), { dataFolder, secretKey })).toMatchObject({ secretKey: 'outside' })
    expect(existsSync(inPlace('of-keyless/secret.key'))).toBe(false)
    await expect(restore(inPlace('of-keyless'), inPlace('k'))).rejects.toMatchObject({ code: 'secret_key_needed' })
    expect(await restore(inPlace('of-keyless'), inPlace('k'), { secretKey })).toMatchObject({ audit: { ok: true } })
  })

  test('holds stored files against a collection while it runs', async () => {
    await cp(sample.folder, inPlace('held'), { recursive: true })
    await withDatabase(inPlace('held'), async (database) => {
      const store = openDiskBlobs(inPlace('held/blobs'))
      const { sha256 } = await store.put(Readable.from([Buffer.from('unused')]))
      const collect = () =>
        collectBlobs(
          { database, store, clock: { now: () => Date.now() + 1_000, date: () => new Date() } },
          { graceMs: 0 },
        )
      const release = store.hold()
      expect(await collect()).toMatchObject({ removed: 0 })
      expect(await store.has(sha256)).toBe(true)
      release()
      await collect()
      expect(await store.has(sha256)).toBe(false)
    })
  })

  test('of an older schema is restored and brought up to date', async () => {
    const migrations = readMigrations()
    const schema = migrations.length - 1
    const location = { dataFolder: inPlace('older'), fsync: false }
    await cp(sample.folder, location.dataFolder, { recursive: true })
    await emptyDatabase(await openAt(location, migrations.length), location)
    await (await openAt(location, schema)).close()
    const { dataFolder } = location
    expect(await backUp(inPlace('of-older'), { dataFolder })).toMatchObject({
      schema,
      hubVersion: `0.0.${schema}`,
      audit: null,
    })
    expect(await restore(inPlace('of-older'), inPlace('from-older'))).toMatchObject({ audit: { ok: true, events: 1 } })
    await withDatabase(inPlace('from-older'), async ({ db }) => {
      const { rows } = await sql`select max(version) as schema from schema_migration`.execute(db)
      expect(rows).toEqual([{ schema: migrations.length }])
    })
  })
})

describeSmallDisk('a disk without room', () => {
  const disks = useSmallDisks()
  test('refuses backup and restore with what is missing, and keeps nothing of them', { timeout }, async () => {
    const disk = disks(20)
    const words = { code: 'disk_full', message: expect.stringMatching(/needs .* MB; .* free: .* MB are missing/) }
    await expect(backUp(join(disk.path, 'b'))).rejects.toMatchObject(words)
    expect(readdirSync(disk.path)).toEqual([])
    await expect(restore(inPlace('first'), join(disk.path, 'd'))).rejects.toMatchObject(words)
    expect(readdirSync(disk.path)).toEqual([])
  })
})

describe('a restore', { timeout }, () => {
  test('needs a folder that is empty, or leave to move aside what is there', async () => {
    mkdirSync(inPlace('empty'))
    let refused: unknown
    const stage = (title: string) => {
      if (!title.startsWith('Open')) return
      try {
        settleRestore(inPlace('empty'))
      } catch (error) {
        refused = error
      }
    }
    const { digest, instant } = await restore(inPlace('first'), inPlace('empty'), { view: { stage } })
    // Nobody gets the folder before the restore has ended.
    expect(refused).toMatchObject({ code: 'restore_running' })
    expect(settleRestore(inPlace('empty'))).toBe(false)
    expect(await contentOf(inPlace('empty'))).toEqual(await contentOf(sample.folder))
    await withDatabase(inPlace('empty'), async ({ db }) => {
      const { rows } = await sql`select seq, action, evidence from audit_event order by seq desc limit 1`.execute(db)
      expect(rows).toMatchObject([{ seq: 6, action: 'hub.restored', evidence: { digest, instant } }])
    })
    const before = await fingerprintOf(inPlace('empty'))
    await expect(restore(inPlace('first'), inPlace('empty'))).rejects.toMatchObject({ code: 'data_folder_not_empty' })
    expect(await fingerprintOf(inPlace('empty'))).toEqual(before)
    const { aside } = await restore(inPlace('first'), inPlace('empty'), { replace: true })
    expect(await fingerprintOf(aside ?? '')).toEqual(before)
  })

  test('is refused while a hub has the folder, which stays as it is', async () => {
    await cp(sample.folder, inPlace('busy'), { recursive: true })
    const before = await fingerprintOf(inPlace('busy'))
    const hub = startProgram('hub-child', [JSON.stringify({ dataFolder: inPlace('busy'), fsync: false })])
    await hub.said('open')
    await expect(restore(inPlace('first'), inPlace('busy'), { replace: true })).rejects.toMatchObject({
      code: 'data_folder_in_use',
    })
    await hub.kill()
    expect(Object.keys(await fingerprintOf(inPlace('busy'))).filter((path) => !path.startsWith('db/'))).toEqual(
      Object.keys(before).filter((path) => !path.startsWith('db/')),
    )
  })

  test('that is cancelled leaves the folder as it is', async () => {
    const before = await fingerprintOf(sample.folder)
    const cancel = new AbortController()
    const stage = (title: string) => void (title.startsWith('Copy') && cancel.abort())
    const cancelled = restore(inPlace('first'), sample.folder, {
      replace: true,
      view: { stage, signal: cancel.signal },
    })
    await expect(cancelled).rejects.toThrow(/abort/i)
    expect(await fingerprintOf(sample.folder)).toEqual(before)
  })
})

describe('a restore that is killed', { timeout }, () => {
  const old = {
    'VERSION.json': 'old',
    'secret.key': 'old',
    'db/a': 'old',
    'db/b': 'old',
    'hub.json': 'old',
    'models/m': 'own',
  }
  const fresh = { 'VERSION.json': 'new', 'secret.key': 'new', 'db/a': 'new', 'db/c': 'new', 'starter/s': 'new' }
  const write = (folder: string, files: Record<string, string>) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, path, '..'), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
  }
  const read = async (folder: string) =>
    Object.fromEntries(Object.entries(await fingerprintOf(folder)).filter(([, kind]) => kind !== 'folder'))
  const digests = (files: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path, createHash('sha256').update(text).digest('hex')]),
    )

  test('before every rename of its end, once and again, is finished by the next start', async () => {
    // Three names of both, two of the old one alone, one of the new one alone: eight renames.
    for (let first = 0; first <= 8; first++) {
      for (let second = 0; first + second <= 8; second++) {
        const folder = inPlace('swap')
        write(folder, old)
        write(join(folder, 'restoring'), fresh)
        const dying = dieBeforeRename(first)
        const swapped = swapIn(folder, 'x', dying)
        await (first < 8 ? expect(swapped).rejects.toThrow('killed') : swapped)
        if (first < 8) {
          try {
            finishSwap(folder, dieBeforeRename(second))
          } catch (error) {
            expect(error).toMatchObject({ message: 'killed' })
          }
          settleRestore(folder)
        }
        const { 'models/m': own, ...moved } = digests(old)
        const aside = Object.fromEntries(Object.entries(moved).map(([path, sum]) => [`before-restore-x/${path}`, sum]))
        expect(await read(folder), `${first} ${second}`).toEqual({ ...digests(fresh), ...aside, 'models/m': own })
        rmSync(folder, { recursive: true })
      }
    }
  })

  test('before it had happened leaves the old folder to the next start', async () => {
    const folder = inPlace('early')
    write(folder, old)
    write(join(folder, 'restoring'), fresh)
    writeFileSync(join(folder, 'restore.json.new'), '{"aside')
    expect(settleRestore(folder)).toBe(false)
    expect(await read(folder)).toEqual(digests(old))
  })

  const kills = amount({ slice: 1, full: 25 })
  test(
    `${kills} times at random leaves the old hub or the new one`,
    async () => {
      const random = seededFor('killed restores')
      const dataFolder = inPlace('killed')
      const ends = { old: 0, new: 0 }
      let limitMs = 4_000
      for (let n = 0; n < kills; n++) {
        rmSync(dataFolder, { recursive: true, force: true })
        await cp(sample.folder, dataFolder, { recursive: true })
        const before = await fingerprintOf(dataFolder)
        const began = performance.now()
        const done = await runKilled(['restore', inPlace('first'), '--replace'], dataFolder, 300 + random() * limitMs)
        if (done) limitMs = performance.now() - began
        settleRestore(dataFolder)
        const after = await fingerprintOf(dataFolder)
        const aside = readdirSync(dataFolder).find((name) => name.startsWith('before-restore-'))
        if (aside === undefined) {
          ends.old += 1
          expect(after).toEqual(before)
        } else {
          ends.new += 1
          expect(await fingerprintOf(join(dataFolder, aside))).toEqual(before)
          expect(await contentOf(dataFolder)).toEqual(await contentOf(sample.folder))
        }
        expect(readdirSync(dataFolder).filter((name) => name.startsWith('restor'))).toEqual([])
      }
      process.stdout.write(`  measured: ${ends.old} left the old hub, ${ends.new} the new one\n`)
    },
    60_000 + kills * 20_000,
  )

  test(
    `${kills} backups killed at random look unfinished, or are whole`,
    async () => {
      const random = seededFor('killed backups')
      const ends = { unfinished: 0, whole: 0 }
      let limitMs = 4_000
      for (let n = 0; n < kills; n++) {
        const target = inPlace(`killed-${n}`)
        const began = performance.now()
        const done = await runKilled(['backup', target], sample.folder, 300 + random() * limitMs)
        if (done) limitMs = performance.now() - began
        if (!existsSync(target)) continue
        const found = await readManifest(target).catch((error: unknown) => error)
        if (found instanceof Error || existsSync(join(target, 'UNFINISHED'))) {
          ends.unfinished += 1
          await expect(restore(target, inPlace('from-killed'))).rejects.toMatchObject({
            code: expect.stringMatching(/^backup_(unfinished|not_found)$/),
          })
        } else {
          ends.whole += 1
          await restore(target, inPlace('from-killed'), { replace: true })
        }
        rmSync(target, { recursive: true })
      }
      process.stdout.write(`  measured: ${ends.unfinished} unfinished, ${ends.whole} whole\n`)
    },
    60_000 + kills * 20_000,
  )
})

/** A rename that throws before the `n`-th time, as if the process had been killed there. */
function dieBeforeRename(n: number): (from: string, to: string) => void {
  let left = n
  return (from, to) => {
    if (left-- === 0) throw new Error('killed')
    renameSync(from, to)
  }
}

/** Runs the command line and kills it after `ms`; true when it had ended by then. */
async function runKilled(args: string[], dataFolder: string, ms: number): Promise<boolean> {
  const child = spawn(node, [`${root}cli/main.ts`, ...args], {
    env: { PATH: process.env['PATH'], MODELHUB_DATA: dataFolder },
    stdio: 'ignore',
  })
  const ended = new Promise<boolean>((resolve) => child.once('exit', (code) => resolve(code === 0)))
  const done = await Promise.race([ended, sleep(ms).then(() => false)])
  child.kill('SIGKILL')
  await ended
  return done
}

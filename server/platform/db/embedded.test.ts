import { cpSync, existsSync, fsyncSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PGlite } from '@electric-sql/pglite'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../../kernel/index.ts'
import {
  copyEmbeddedTemplate,
  quietLog,
  startProgram,
  temporaryFolder,
  waitUntil,
} from '../../../test/support/index.ts'
import { DurableFileSystem, startParameters } from './durable-file-system.ts'
import { openDatabase } from './index.ts'
import { keepCheckpoints } from './keep-checkpoints.ts'

let folder: ReturnType<typeof temporaryFolder>
beforeEach(async () => {
  folder = temporaryFolder('folder')
  await copyEmbeddedTemplate(folder.path)
})
afterEach(() => folder.remove())
const open = (options: { fsync?: boolean } = {}) =>
  openDatabase({ dataFolder: folder.path, log: quietLog(), clock: systemClock, fsync: false, ...options })
const location = () => JSON.stringify({ dataFolder: folder.path, fsync: false })

test('a second hub on the folder is refused by name, in this process and in another', async () => {
  const database = await open()
  const refused = {
    kind: 'conflict',
    code: 'data_folder_in_use',
    message: expect.stringContaining(`process ${process.pid}`),
  }
  await expect(open()).rejects.toMatchObject({ ...refused, details: { folder: folder.path, pid: process.pid } })
  const other = startProgram('hub-child', [location()])
  await other.said('data_folder_in_use')
  await other.kill()
  await database.close()
  await (await open()).close()
})

test('the lock outlives garbage collection and ends with the process', async () => {
  const other = startProgram('hub-child', [location()], ['--expose-gc'])
  await other.said('open')
  await sleep(200)
  await expect(open()).rejects.toMatchObject({ code: 'data_folder_in_use' })
  await other.kill()
  await (await open()).close()
})

test('a first start that was killed half-way begins again', async () => {
  rmSync(join(folder.path, 'db', 'PG_VERSION'))
  rmSync(join(folder.path, 'VERSION.json'))
  writeFileSync(join(folder.path, 'db.initializing'), '')
  const database = await open()
  expect((await sql`select count(*) as n from job`.execute(database.db)).rows).toEqual([{ n: 0 }])
  await database.close()
  expect(existsSync(join(folder.path, 'db.initializing'))).toBe(false)
})

test('a lock file of PostgreSQL that a power cut left empty does not stop the start', async () => {
  writeFileSync(join(folder.path, 'db', 'postmaster.pid'), '')
  await (await open()).close()
})

test.each(['', '{"schema":', '[]', 'null'])('a VERSION.json that holds %j is refused plainly', async (text) => {
  writeFileSync(join(folder.path, 'VERSION.json'), text)
  await expect(open()).rejects.toMatchObject({ kind: 'conflict', code: 'data_folder_damaged' })
})

test('a folder of a database that has lost its beginning is not taken for a new one', async () => {
  rmSync(join(folder.path, 'db', 'PG_VERSION'))
  await expect(open()).rejects.toMatchObject({ kind: 'conflict', code: 'data_folder_damaged' })
})

test('the journal does not grow without end', async () => {
  const database = await PGlite.create({ fs: new DurableFileSystem(join(folder.path, 'db')) })
  const sinceCheckpoint = async () =>
    (
      await database.query<{ bytes: number }>(
        'select (pg_current_wal_insert_lsn() - redo_lsn)::float8 as bytes from pg_control_checkpoint()',
      )
    ).rows[0]?.bytes ?? 0
  await database.exec('create table big as select g, repeat(md5(g::text), 30) as body from generate_series(1, 2000) g')
  expect(await sinceCheckpoint()).toBeGreaterThan(2 ** 20)
  const failures: unknown[] = []
  const { stop } = keepCheckpoints(database, (error) => failures.push(error), {
    journalBytes: 2 ** 20,
    lookEveryMs: 20,
  })
  await waitUntil(async () => (await sinceCheckpoint()) < 2 ** 20)
  stop()
  await database.close()
  expect(failures).toEqual([])
})

test('each commit is flushed to the disk of the host before it is acknowledged', async () => {
  let flushes = 0
  const flush = (file: number) => {
    flushes += 1
    fsyncSync(file)
  }
  const fs = new DurableFileSystem(join(folder.path, 'db'), { flush })
  const database = await PGlite.create({ fs, startParams: startParameters(true) })
  await database.exec('create table t (n int)')
  const before = flushes
  for (let n = 0; n < 20; n++) await database.query('insert into t values ($1)', [n])
  expect(flushes - before).toBeGreaterThanOrEqual(20)
  await database.close()
})

test('the hub opens its database with flushing on', async () => {
  const database = await open({ fsync: true })
  const { rows } =
    await sql`select current_setting('fsync') as fsync, current_setting('wal_sync_method') as method`.execute(
      database.db,
    )
  expect(rows).toEqual([{ fsync: 'on', method: 'fsync' }])
  await database.close()
})

test('a backup made while others write opens as a database of one instant', async () => {
  const database = await open()
  await sql`create table pair (a int, b int)`.execute(database.db)
  let writing = true
  const writer = (async () => {
    for (let n = 0; writing; n++) {
      await database.transaction(async (trx) => {
        await sql`insert into pair values (${n}, 0)`.execute(trx)
        await sql`update pair set b = ${n} where a = ${n}`.execute(trx)
      })
    }
  })()
  const target = join(folder.path, 'copy')
  await sleep(50)
  await database.backup?.(target)
  writing = false
  await writer
  await database.close()
  const restored = temporaryFolder('restored')
  cpSync(target, join(restored.path, 'db'), { recursive: true })
  const copy = await openDatabase({ dataFolder: restored.path, log: quietLog(), clock: systemClock, fsync: false })
  const { rows } = await sql`select count(*) > 0 as some, count(*) filter (where a <> b) as torn from pair`.execute(
    copy.db,
  )
  expect(rows).toEqual([{ some: true, torn: 0 }])
  await copy.close()
  restored.remove()
})

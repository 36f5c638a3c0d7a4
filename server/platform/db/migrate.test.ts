import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { systemClock } from '../../../kernel/index.ts'
import { describeEachDatabase, quietLog } from '../../../test/support/index.ts'
import { type Database, type Migration, openDatabase, readMigrations } from './index.ts'

const own = readMigrations()
const next = (own.at(-1)?.version ?? 0) + 1
const later: Migration = {
  version: next,
  name: 'later',
  checksum: 'c1',
  sql: 'create table later (n int); insert into later values (1)',
}

describeEachDatabase('migrations', (_getDb, lane) => {
  const open = async (migrations: Migration[]): Promise<Database> => {
    await lane.close()
    return await openDatabase({
      ...lane.location(),
      log: quietLog(),
      clock: systemClock,
      migrations,
      hubVersion: '9.9.9',
    })
  }
  /** Opens and closes; gives the error if it was refused. */
  const attempt = async (migrations: Migration[]): Promise<unknown> => {
    try {
      await (await open(migrations)).close()
      return undefined
    } catch (error) {
      return error
    }
  }
  const exists = async (table: string) => {
    const database = await open(own)
    const { rows } = await sql<{ found: boolean }>`select to_regclass(${table}) is not null as found`.execute(
      database.db,
    )
    await database.close()
    return rows[0]?.found
  }

  test('bring older data up to date and record by whom; embedded data is backed up first', async () => {
    const database = await open([...own, later])
    const { rows } =
      await sql`select version, name, checksum, hub_version from schema_migration order by version desc limit 1`.execute(
        database.db,
      )
    expect(rows).toEqual([{ version: next, name: 'later', checksum: 'c1', hub_version: '9.9.9' }])
    expect((await sql`select n from later`.execute(database.db)).rows).toEqual([{ n: 1 }])
    await database.close()
    if (lane.kind === 'postgres') return
    const backups = join(lane.location().dataFolder, 'backups')
    const [backup = ''] = readdirSync(backups)
    expect(backup).toMatch(new RegExp(`^before-${String(next).padStart(4, '0')}-`))
    expect(existsSync(join(backups, backup, 'PG_VERSION'))).toBe(true)
  })

  test('refuse data of a newer hub and leave it alone', async () => {
    await (await open([...own, later])).close()
    expect(await attempt(own)).toMatchObject({
      kind: 'conflict',
      code: 'data_newer_than_hub',
      remedy: expect.any(String),
    })
    expect(await attempt([...own, later])).toBeUndefined()
  })

  test('refuse a migration whose text has changed', async () => {
    await (await open([...own, later])).close()
    expect(await attempt([...own, { ...later, checksum: 'c2' }])).toMatchObject({ code: 'migration_changed' })
  })

  test('refuse one that comes too late', async () => {
    const gap = { ...later, version: next + 1 }
    await (await open([...own, gap])).close()
    expect(await attempt([...own, later, gap])).toMatchObject({ code: 'migration_out_of_order' })
  })

  test('leave nothing of one that fails, nor of those before it, and say where the copy is', {
    timeout: 120_000,
  }, async () => {
    const broken = { ...later, version: next + 1, sql: 'create table half (n int); select no_such_function()' }
    const error = await attempt([...own, later, broken])
    expect(error).toMatchObject({ kind: 'internal', code: 'migration_failed' })
    expect([await exists('half'), await exists('later')]).toEqual([false, false])
    if (lane.kind === 'postgres') return
    const backups = join(lane.location().dataFolder, 'backups')
    const [copy = ''] = readdirSync(backups)
    expect((error as { remedy?: string }).remedy).toContain(join(backups, copy))
  })

  test('keep the three newest copies, and nothing of one that was cut short', { timeout: 120_000 }, async () => {
    if (lane.kind === 'postgres') return
    const backups = join(lane.location().dataFolder, 'backups')
    mkdirSync(join(backups, 'before-0001-2020-01-01T00-00-00-000Z.part'), { recursive: true })
    mkdirSync(join(backups, 'mine'))
    const more = [0, 1, 2, 3].map((n) => ({ ...later, version: next + n, sql: `create table later_${n} (n int)` }))
    for (const n of [1, 2, 3, 4]) await (await open([...own, ...more.slice(0, n)])).close()
    const number = (n: number) => expect.stringMatching(`^before-${String(next + n).padStart(4, '0')}-`)
    expect(readdirSync(backups).sort()).toEqual([number(1), number(2), number(3), 'mine'])
  })

  test('take turns when several hubs start at once', async () => {
    if (lane.kind === 'embedded') return
    await lane.close()
    const options = { ...lane.location(), log: quietLog(), clock: systemClock, migrations: [...own, later] }
    const databases = await Promise.all([1, 2, 3].map(() => openDatabase(options)))
    const [first] = databases
    if (first !== undefined) expect((await sql`select n from later`.execute(first.db)).rows).toEqual([{ n: 1 }])
    for (const database of databases) await database.close()
  })
})

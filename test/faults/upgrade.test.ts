import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { createNewId, systemClock } from '../../kernel/index.ts'
import { createJobs } from '../../server/jobs/index.ts'
import {
  createAuditSeal,
  createWriteAudit,
  sealAuditTrail,
  verifyAudit,
} from '../../server/modules/governance/index.ts'
import { type Database, openDatabase, readMigrations } from '../../server/platform/db/index.ts'
import { describeEachDatabase, journalJob, quietLog, startProgram, waitUntil } from '../support/index.ts'
import { createVisits, readVisits } from '../support/journal-job.ts'
import { allRows, emptyDatabase, fillAt, type Location, openAt, type Rows } from './support/old-schema.ts'
import { amount, seededFor } from './support/plan.ts'

const latest = readMigrations().at(-1)?.version ?? 0
const older = Array.from({ length: latest - 1 }, (_none, index) => index + 1)
/** Each start of the embedded database takes a second, so that the slice has the oldest, the newest and one between. */
const olderEmbedded = older.filter(
  (schema) => amount({ slice: 0, full: 1 }) === 1 || [1, Math.ceil(latest / 2), latest - 1].includes(schema),
)
const seal = createAuditSeal(Buffer.alloc(32, 1))

describeEachDatabase('upgrade', (getDb, lane) => {
  const location = (): Location => lane.location()
  /** The database of a hub of long ago, and its rows. */
  const makeOld = async (schema: number): Promise<Rows> => {
    await emptyDatabase(getDb(), location())
    await lane.close()
    const database = await openAt(location(), schema)
    await fillAt(database.db, schema, seal)
    const rows = await allRows(database.db)
    await database.close()
    return rows
  }
  const openNow = () => openDatabase({ ...location(), log: quietLog(), clock: systemClock, hubVersion: '9.9.9' })
  const expectSurvived = async (before: Rows, database: Database) => {
    const after = await allRows(database.db)
    for (const [table, rows] of Object.entries(before)) {
      // New columns and new rows are what migrations add; what was there is as it was.
      expect(after[table], table).toEqual(expect.arrayContaining(rows.map((row) => expect.objectContaining(row))))
      if (table !== 'schema_migration') expect(after[table]?.length, table).toBe(rows.length)
    }
    expect(after['schema_migration']?.map(({ version }) => Number(version)).sort((a, b) => a - b)).toEqual(
      readMigrations().map(({ version }) => version),
    )
  }

  test.each(lane.kind === 'embedded' ? olderEmbedded : older)(
    'of schema %d keeps every row, the audit trail, and the jobs go on',
    { timeout: 120_000 },
    async (schema) => {
      const before = await makeOld(schema)
      const empty = Object.entries(before).flatMap(([table, rows]) => (rows.length === 0 ? [table] : []))
      expect(empty, 'each table of that time has rows').toEqual([])
      const database = await openNow()
      try {
        await expectSurvived(before, database)
        await goesOn(database)
        await trailHolds(database, schema)
      } finally {
        await database.close()
      }
      if (lane.kind === 'postgres') return
      const [copy] = readdirSync(join(location().dataFolder, 'backups'))
      expect(copy).toMatch(new RegExp(`^before-${String(schema + 1).padStart(4, '0')}-`))
    },
  )

  const kills = amount({ slice: 1, full: older.length * 3 })
  test(`that is killed inside a migration, ${kills} times, is finished by the next start`, {
    timeout: 60_000 + kills * 30_000,
  }, async () => {
    const random = seededFor(`killed upgrades ${lane.kind}`)
    const schema = Math.max(1, Math.floor(random() * (latest - 1)))
    const before = await makeOld(schema)
    for (let n = 0; n < kills; n++) {
      const at = schema + 1 + (n % (latest - schema))
      // A PostgreSQL backend finishes its statement before it notices that its client is gone.
      const child = startProgram('../faults/support/upgrade-child', [
        JSON.stringify(location()),
        String(at),
        lane.kind === 'postgres' ? '1' : '60',
      ])
      await child.said(`at ${at}`)
      await new Promise((resolve) => setTimeout(resolve, random() * 200))
      await child.kill()
      // The hub of before still finds its own data: nothing of the upgrade has happened.
      const old = await openAt(location(), schema)
      expect(await allRows(old.db)).toEqual(before)
      await old.close()
    }
    const database = await openNow()
    await expectSurvived(before, database)
    await database.close()
    if (lane.kind === 'embedded') {
      const names = readdirSync(join(location().dataFolder, 'backups'))
      expect(names.filter((name) => name.endsWith('.part'))).toEqual([])
      expect(names.length).toBeLessThanOrEqual(3)
    }
  })

  test('is refused by an older hub, which leaves the data alone', { timeout: 60_000 }, async () => {
    const before = await allRows(getDb().db)
    await lane.close()
    await expect(openAt(location(), latest - 1)).rejects.toMatchObject({ code: 'data_newer_than_hub' })
    // The version file may be older than the database: the start that upgraded was killed between the two.
    if (lane.kind === 'embedded') {
      writeFileSync(join(location().dataFolder, 'VERSION.json'), `{"schema":${latest - 1},"hubVersion":"0.0.1"}`)
      await expect(openAt(location(), latest - 1)).rejects.toMatchObject({ code: 'data_newer_than_hub' })
    }
    const database = await openNow()
    expect(await allRows(database.db)).toEqual(before)
    await database.close()
  })
})

/** The queued job and the one that was running end well; what was done is not done again. */
async function goesOn(database: Database): Promise<void> {
  await createVisits(database)
  const definitions = [journalJob()]
  const newId = createNewId(systemClock.now)
  const jobs = createJobs({ database, clock: systemClock, newId, log: quietLog(), definitions, deps: undefined })
  await jobs.start()
  try {
    for (const id of ['job_queued', 'job_running']) {
      await waitUntil(async () => ((await jobs.get(id)).state === 'succeeded' ? true : undefined), 30_000)
    }
  } finally {
    await jobs.stop()
  }
  expect(await readVisits(database, 'job_running')).toEqual([
    'begin run b',
    'end run b',
    'begin run c',
    'end run c',
    'succeeded',
  ])
  await sql`drop table visit`.execute(database.db)
}

/** The trail verifies, and takes further events, as the start of a hub writes them. */
async function trailHolds(database: Database, schema: number): Promise<void> {
  const audit = createWriteAudit({ clock: systemClock, newId: createNewId(systemClock.now), seal })
  const anchor = { path: '', touch: () => undefined, read: () => Promise.resolve(null), close: () => Promise.resolve() }
  await sealAuditTrail({ database, audit, anchor })
  const events = schema < 6 ? 0 : schema < 8 ? 5 : 4
  expect(await verifyAudit({ db: database.db, seal, anchor: anchor.read })).toMatchObject({ ok: true, events })
}

import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { messageOf, systemClock } from '../../kernel/index.ts'
import { openDiskBlobs } from '../../server/platform/blobs/index.ts'
import { type Migration, openDatabase, readMigrations } from '../../server/platform/db/index.ts'
import { figure } from '../e2e/support/work.ts'
import { copyEmbeddedTemplate, quietLog } from '../support/index.ts'
import { checkPages } from './support/embedded-check.ts'
import { checkLedger, makeLedger, write, writers } from './support/embedded-ledger.ts'
import { laterMigrations } from './support/embedded-migrations.ts'
import { type Recording, record, recordProgram, scratchFolder } from './support/embedded-record.ts'
import { amount, seededFor } from './support/plan.ts'

/** What the program had been told when the power went. */
type Told = { open: boolean; ledger: boolean; closed: boolean; written: number[]; stored: string[] }

const totals = { cuts: 0, operations: 0, flushes: 0, acknowledged: 0, tables: 0, indexes: 0 }

describe('the embedded database after a power cut', () => {
  let scratch: ReturnType<typeof scratchFolder>
  beforeAll(() => {
    scratch = scratchFolder()
  })
  afterAll(() => {
    scratch.remove()
    figure(
      `${totals.cuts} cuts over ${totals.operations} recorded operations (${totals.flushes} flushes); ${totals.acknowledged} acknowledged transactions looked for; ${totals.tables} tables and ${totals.indexes} indexes checked`,
    )
  })
  const dataIn = (root: string) => join(root, 'hub', 'data')
  const placeWithTemplate = async (name: string) => {
    const root = join(scratch.path, name)
    await copyEmbeddedTemplate(dataIn(root))
    return root
  }

  /** Cuts a recording at random moments; `check` gets the disk after each and what had been told by then. */
  const cutAtRandom = async (
    { disk, entries }: Recording,
    count: number,
    random: () => number,
    check: (root: string, told: Told) => Promise<void>,
    start: Told = nothingTold(),
  ) => {
    totals.operations += entries.length
    totals.flushes += entries.filter(({ op }) => op === 'fsync').length
    const moments = Array.from({ length: count }, () => 1 + Math.floor(random() * entries.length)).sort((a, b) => a - b)
    const told = structuredClone(start)
    for (const [index, entry] of entries.entries()) {
      disk.take(entry)
      if (entry.op === 'told') {
        if (entry.what === 'written') told.written[entry.writer] = entry.n
        else if (entry.what === 'stored') told.stored.push(entry.sha256)
        else told[entry.what] = true
      }
      while (moments[0] === index + 1) {
        moments.shift()
        const image = join(scratch.path, `after-${totals.cuts++}`)
        disk.cut(image, random)
        totals.acknowledged += told.written.reduce((sum, n) => sum + n, 0)
        await check(image, told).catch((cause: unknown) => {
          const where = `cut after operation ${index + 1} of ${entries.length}`
          throw new Error(`${where}, told ${JSON.stringify(told)}: ${messageOf(cause)}`, { cause })
        })
        rmSync(image, { recursive: true, force: true })
      }
    }
  }

  /** Opens what is left as the hub does, compares it with what was acknowledged, works on, and checks every page. */
  const checkDatabase = async (dataFolder: string, told: Told, migrations: Migration[] = readMigrations()) => {
    const database = await openDatabase({ dataFolder, log: quietLog(), clock: systemClock, migrations })
    try {
      const { rows } = await sql<{ there: boolean }>`select to_regclass('item_doc') is not null as there`.execute(
        database.db,
      )
      if (rows[0]?.there !== true) {
        expect(told.ledger, 'tables that were acknowledged').toBe(false)
        await makeLedger(database)
      }
      if (migrations.length > readMigrations().length) {
        const later = await sql`select count(*)::int as n from later`.execute(database.db)
        expect(later.rows).toEqual([{ n: 2_000 }])
        await sql`alter table item alter column length set default 0`.execute(database.db)
      }
      const reached = await checkLedger(database, told.written)
      for (const [writer, seq] of reached.entries()) await write(database, writer, seq + 1)
      expect(
        await checkLedger(
          database,
          reached.map((seq) => seq + 1),
        ),
      ).toEqual(reached.map((seq) => seq + 1))
    } finally {
      await database.close()
    }
    const { tables, indexes } = await checkPages(dataFolder)
    totals.tables += tables
    totals.indexes += indexes
  }

  const load = amount({ slice: 2, full: 60 })
  it(
    `has every acknowledged change and is whole, ${load} cuts into mixed work`,
    async () => {
      const root = await placeWithTemplate('load')
      const recording = await record(root, { dataFolder: dataIn(root), transactions: amount({ slice: 40, full: 150 }) })
      await cutAtRandom(recording, load, seededFor('mixed work'), (image, told) => checkDatabase(dataIn(image), told))
    },
    120_000 + load * 30_000,
  )

  const again = amount({ slice: 0, full: 8 })
  it.skipIf(again === 0)(
    `also when it is cut again while it recovers, ${again} times`,
    async () => {
      const random = seededFor('recovery')
      const root = await placeWithTemplate('first')
      const recording = await record(root, { dataFolder: dataIn(root), transactions: 60 })
      await cutAtRandom(recording, again, random, async (image, told) => {
        // Where nothing was there yet no writer can go on.
        const from = Math.min(...told.written)
        if (from === 0) return
        const copied = join(scratch.path, 'recovering')
        cpSync(image, copied, { recursive: true })
        const second = await record(copied, { dataFolder: dataIn(copied), transactions: 0, from })
        await cutAtRandom(second, 2, random, (twice, later) => checkDatabase(dataIn(twice), later), { ...told })
        rmSync(copied, { recursive: true })
      })
    },
    120_000 + again * 90_000,
  )

  const first = amount({ slice: 1, full: 14 })
  it(
    `begins anew or goes on, ${first} cuts into a first start`,
    async () => {
      const root = join(scratch.path, 'new')
      const recording = await record(root, { dataFolder: dataIn(root), transactions: 2 })
      await cutAtRandom(recording, first, seededFor('first start'), (image, told) => checkDatabase(dataIn(image), told))
    },
    120_000 + first * 30_000,
  )

  const migrated = amount({ slice: 1, full: 16 })
  it(
    `has the old schema or the new one, ${migrated} cuts into migrations and the copy before them`,
    async () => {
      const root = await placeWithTemplate('migrated')
      const before = 30
      await record(root, { dataFolder: dataIn(root), transactions: before })
      const recording = await record(root, { dataFolder: dataIn(root), transactions: 0, from: before, migrate: true })
      const start = { ...nothingTold(), ledger: true, written: Array.from({ length: writers }, () => before) }
      await cutAtRandom(
        recording,
        migrated,
        seededFor('migration'),
        async (image, told) => {
          const data = dataIn(image)
          const copies = existsSync(join(data, 'backups')) ? readdirSync(join(data, 'backups')) : []
          for (const name of copies.filter((one) => !one.endsWith('.part'))) {
            const restored = join(image, 'restored')
            cpSync(join(data, 'backups', name), join(restored, 'db'), { recursive: true })
            await checkDatabase(restored, told)
          }
          await checkDatabase(data, told, [...readMigrations(), ...laterMigrations])
        },
        start,
      )
    },
    120_000 + migrated * 60_000,
  )
})

describe('the blob store after a power cut', () => {
  const cuts = amount({ slice: 8, full: 100 })
  it(`has every blob that it said it had, and none that differs from its name, ${cuts} cuts`, async () => {
    const scratch = scratchFolder()
    try {
      const random = seededFor('blobs')
      const root = join(scratch.path, 'hub')
      const { disk, entries } = await recordProgram(root, 'embedded-blob-load', join(root, 'data', 'blobs'))
      const moments = new Set(Array.from({ length: cuts }, () => Math.floor(random() * entries.length)))
      const stored = new Set<string>()
      let checked = 0
      for (const [index, entry] of entries.entries()) {
        disk.take(entry)
        if (entry.op === 'told' && entry.what === 'stored') stored.add(entry.sha256)
        if (!moments.has(index)) continue
        const image = join(scratch.path, `after-${index}`)
        disk.cut(image, random)
        const store = openDiskBlobs(join(image, 'data', 'blobs'))
        const found = new Set<string>()
        for await (const { sha256 } of store.list()) {
          found.add(sha256)
          const hash = createHash('sha256')
          for await (const chunk of store.createReadStream(sha256)) hash.update(chunk as Uint8Array)
          expect(hash.digest('hex'), `the bytes of a blob, cut after operation ${index + 1}`).toBe(sha256)
        }
        expect(
          [...stored].filter((sha256) => !found.has(sha256)),
          `lost, cut after operation ${index + 1}`,
        ).toEqual([])
        checked += stored.size
        rmSync(image, { recursive: true, force: true })
      }
      figure(
        `${moments.size} cuts into ${entries.length} operations of the blob store: ${checked} blobs looked for, all there and whole`,
      )
    } finally {
      scratch.remove()
    }
  }, 120_000)
})

const nothingTold = (): Told => ({
  open: false,
  ledger: false,
  closed: false,
  stored: [],
  written: Array.from({ length: writers }, () => 0),
})

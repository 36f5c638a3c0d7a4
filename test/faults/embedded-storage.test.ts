import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../kernel/index.ts'
import { openDatabase } from '../../server/platform/db/index.ts'
import { figure } from '../e2e/support/work.ts'
import { copyEmbeddedTemplate, hubErrorOf, quietLog, startProgram, temporaryFolder } from '../support/index.ts'
import { checkPages } from './support/embedded-check.ts'
import { checkLedger, makeLedger, write, writers } from './support/embedded-ledger.ts'
import { type Fault, faultMet, type Served, setFault, startServed } from './support/embedded-served.ts'
import { amount, seededFor } from './support/plan.ts'
import { describeSmallDisk, useSmallDisks } from './support/small-disk.ts'

const open = (dataFolder: string) => openDatabase({ dataFolder, log: quietLog(), clock: systemClock })

/** Of the system; tests that need it are skipped where it is not installed. */
const tracer = 'strace'

let folder: ReturnType<typeof temporaryFolder>
beforeEach(async () => {
  folder = temporaryFolder('storage')
  await copyEmbeddedTemplate(data())
})
afterEach(() => folder.remove())
const data = () => join(folder.path, 'data')
const faultFile = () => join(folder.path, 'fault')

/** A program on the data folder that is started again when it has ended, as a supervisor does. */
function supervised() {
  let current: Served | undefined
  let starts = 0
  return {
    starts: () => starts,
    get: async (): Promise<Served> => {
      // One whose database has died ends in a moment.
      if (current?.running() === true) {
        const answer = await current.ask({ act: 'query', sql: 'select 1 as one' })
        if (answer !== undefined && answer.error === undefined) return current
        await current.ended()
      }
      current = await startServed(data(), faultFile())
      starts += 1
      expect(await current.ask({ act: 'open' }), 'the start').not.toHaveProperty('error')
      return current
    },
    /** Ends the program in good order, compares what it left, and gives where the writers stand. */
    check: async (acknowledged: readonly number[]): Promise<number[]> => {
      await current?.ask({ act: 'close' })
      await current?.kill()
      current = undefined
      const database = await open(data())
      const reached = await checkLedger(database, acknowledged)
      await database.close()
      return reached
    },
    stop: async () => {
      await current?.kill()
    },
  }
}

describe('the embedded database on a disk that fails', () => {
  const kinds: (Fault & { says: string[]; dies?: true })[] = [
    { operation: 'write', code: 'ENOSPC', says: ['disk_full'] },
    { operation: 'write', path: 'pg_wal', code: 'ENOSPC', says: ['disk_full'], dies: true },
    { operation: 'fsync', path: 'pg_wal', code: 'EIO', once: true, says: ['disk_failing'], dies: true },
    { operation: 'write', code: 'EIO', says: ['disk_failing'] },
    { operation: 'fsync', code: 'EIO', once: true, says: ['disk_failing'], dies: true },
    { operation: 'create', path: '/base/', code: 'ENOSPC', says: ['disk_full'] },
    { operation: 'fsync', code: 'ENOSPC', once: true, says: ['disk_full'], dies: true },
    { operation: 'rename', code: 'EIO', once: true, says: ['disk_failing'] },
    { operation: 'write', path: '/base/', code: 'EDQUOT', says: ['disk_full'] },
    { operation: 'truncate', code: 'EIO', once: true, says: ['disk_failing'] },
    { operation: 'create', code: 'EIO', says: ['disk_failing'] },
    { operation: 'write', code: 'EROFS', says: ['disk_read_only', 'disk_failing'] },
  ]
  const rounds = amount({ slice: 3, full: 60 })
  it(
    `loses nothing that was acknowledged and goes on afterwards, ${rounds} faults`,
    async () => {
      const random = seededFor('faults')
      const program = supervised()
      await (await program.get()).ask({ act: 'ledger' })
      let reached = Array.from({ length: writers }, () => 0)
      let [met, refused, acknowledged, deaths] = [0, 0, 0, 0]
      for (let round = 0; round < rounds; round++) {
        const kind = kinds[round % kinds.length] as (typeof kinds)[number]
        const { says, dies, ...fault } = kind
        const label = `round ${round + 1}: ${JSON.stringify(fault)}`
        const served = await program.get()
        const written = [...reached]
        setFault(faultFile(), { ...fault, after: Math.floor(random() * 12) })
        for (let n = 1; n <= 16 && served.running(); n++) {
          const writer = n % writers
          const seq = (written[writer] ?? 0) + 1
          const answer = await served.ask(
            n % 4 === 0 ? { act: 'query', sql: 'checkpoint' } : { act: 'write', writer, seq },
          )
          if (answer?.error !== undefined) {
            refused += 1
            expect(answer.error, label).toMatchObject({ known: true, remedy: expect.stringMatching(/\w/) as string })
            expect([...says, 'database_stopped'], `${label}: ${answer.error.message}`).toContain(answer.error.code)
            break
          }
          if (answer !== undefined && n % 4 !== 0) {
            written[writer] = seq
            acknowledged += 1
          }
        }
        if (faultMet(faultFile()) !== undefined) {
          met += 1
          if (dies === true) {
            // Whoever waits is told why, and the program ends: a flush is never tried again on the same pages.
            await served.ended()
            expect(served.died()?.code, label).toBe(says[0])
          }
        }
        if (!served.running()) deaths += 1
        setFault(faultFile(), null)
        // Without a new start where the database has lived through it.
        const after = await program.get()
        if (after === served)
          expect(await after.ask({ act: 'query', sql: 'select 1 as one' }), label).toMatchObject({
            value: [{ one: 1 }],
          })
        reached = await program.check(written)
      }
      await program.stop()
      const pages = await checkPages(data())
      figure(
        `${rounds} faults asked for, ${met} met, ${refused} calls refused, ${deaths} databases ended by it; ${acknowledged} acknowledged transactions all there, ${pages.tables} tables and ${pages.indexes} indexes whole`,
      )
      expect(met).toBeGreaterThan(rounds / 2)
    },
    120_000 + rounds * 20_000,
  )

  it('says what is wrong when a block cannot be read, and reads it when it can again', async () => {
    const program = supervised()
    const first = await program.get()
    await first.ask({ act: 'ledger' })
    await first.ask({ act: 'write', writer: 0, seq: 1 })
    await program.check([1, 0, 0])
    const served = await program.get()
    setFault(faultFile(), { operation: 'read', path: '/base/', code: 'EIO' })
    const answer = await served.ask({ act: 'query', sql: 'select count(*) from item' })
    expect(answer?.error).toMatchObject({ known: true, code: 'disk_failing' })
    setFault(faultFile(), null)
    expect(await served.ask({ act: 'query', sql: 'select count(*) > 0 as some from item' })).toMatchObject({
      value: [{ some: true }],
    })
    await program.stop()
  }, 120_000)

  it('refuses to start on a disk that fails, with the reason, and starts when it works', async () => {
    for (const [fault, code] of [
      [{ operation: 'fsync', code: 'EIO' }, 'disk_failing'],
      [{ operation: 'write', code: 'ENOSPC' }, 'disk_full'],
      [{ operation: 'read', path: 'pg_control', code: 'EIO' }, 'disk_failing'],
    ] as const) {
      setFault(faultFile(), fault)
      const served = await startServed(data(), faultFile())
      const answer = await served.ask({ act: 'open' })
      expect(answer?.error, `${fault.operation}: ${answer?.error?.message}`).toMatchObject({ known: true, code })
      await served.kill()
    }
    setFault(faultFile(), null)
    await (await open(data())).close()
  }, 120_000)

  it('stays responsive on a slow disk, and stops within its limit', async () => {
    const program = supervised()
    const served = await program.get()
    await served.ask({ act: 'ledger' })
    await served.ask({ act: 'delay' })
    const delayMs: [number, number] = amount({ slice: 0, full: 1 }) === 0 ? [20, 60] : [50, 500]
    setFault(faultFile(), { operation: 'fsync', delayMs })
    const each = amount({ slice: 3, full: 30 })
    const answers = await Promise.all(
      Array.from({ length: writers }, async (_none, writer) => {
        const times: number[] = []
        for (let seq = 1; seq <= each; seq++) times.push((await served.ask({ act: 'write', writer, seq }))?.ms ?? 0)
        return times
      }),
    )
    const times = answers.flat().sort((a, b) => a - b)
    const worst = Number((await served.ask({ act: 'delay' }))?.value)
    const closed = await served.ask({ act: 'close' })
    figure(
      `flushes of ${delayMs.join(' to ')} ms: commits ${times[0]?.toFixed(0)} to ${times.at(-1)?.toFixed(0)} ms, event loop at worst ${worst.toFixed(0)} ms late, stopped after ${((closed?.ms ?? 0) / 1_000).toFixed(1)} s`,
    )
    expect(times[0]).toBeGreaterThanOrEqual(delayMs[0])
    // Far below one flush after another: nothing of the disk is waited for in the thread that answers.
    expect(worst).toBeLessThan(2_000)
    expect(closed).not.toHaveProperty('error')
    expect(closed?.ms).toBeLessThan(20_000)
    setFault(faultFile(), null)
    expect(await program.check(Array.from({ length: writers }, () => each))).toEqual([each, each, each])
  }, 180_000)

  const kills = amount({ slice: 1, full: 30 })
  it(
    `keeps what it acknowledged through ${kills} kills -9`,
    async () => {
      const random = seededFor('kills')
      const program = supervised()
      await (await program.get()).ask({ act: 'ledger' })
      let reached = Array.from({ length: writers }, () => 0)
      let acknowledged = 0
      for (let n = 0; n < kills; n++) {
        const served = await program.get()
        const written = [...reached]
        let left = 1 + Math.floor(random() * 25)
        const enough = Promise.withResolvers<void>()
        const work = Promise.all(
          written.map(async (from, writer) => {
            for (let seq = from + 1; ; seq++) {
              if ((await served.ask({ act: 'write', writer, seq })) === undefined) return
              written[writer] = seq
              acknowledged += 1
              if (--left === 0) enough.resolve()
            }
          }),
        )
        await enough.promise
        await sleep(random() * 20)
        await served.kill()
        await work
        reached = await program.check(written)
      }
      const pages = await checkPages(data())
      figure(`${kills} kills, ${acknowledged} acknowledged transactions all there, ${pages.indexes} indexes whole`)
    },
    60_000 + kills * 30_000,
  )
})

describeSmallDisk('the embedded database on a real disk that fills up', () => {
  const disks = useSmallDisks()
  it('says that the disk is full, and takes changes again when there is room', async () => {
    const disk = disks(120)
    const dataFolder = join(disk.path, 'data')
    await copyEmbeddedTemplate(dataFolder)
    let database = await open(dataFolder)
    await makeLedger(database)
    const written = Array.from({ length: writers }, () => 0)
    const round = async (count: number) => {
      for (let n = 0; n < count; n++) {
        const writer = n % writers
        await write(database, writer, (written[writer] ?? 0) + 1)
        written[writer] = (written[writer] ?? 0) + 1
      }
    }
    await round(6)
    disk.fill()
    // More than the journal has room for in its last segment.
    const error = await hubErrorOf(
      (async () => {
        await round(30)
        await sql`create table filler as select g, repeat(md5(g::text), 20) as body from generate_series(1, 60000) g`.execute(
          database.db,
        )
      })(),
    )
    expect(error).toMatchObject({ kind: 'limit', code: 'disk_full', details: { status: 507 } })
    expect(error.message).toContain('The disk of the data folder is full')
    await database.close()
    disk.makeRoom()
    database = await open(dataFolder)
    const reached = await checkLedger(database, written)
    for (const [writer, seq] of reached.entries()) written[writer] = seq
    await round(6)
    await checkLedger(database, written)
    await database.close()
    await checkPages(dataFolder)
  }, 120_000)
})

describe('the lock of a data folder', () => {
  const refusedBy = async (path: string) => {
    const other = startProgram('hub-child', [JSON.stringify({ dataFolder: path, fsync: false })], ['--expose-gc'])
    await other.said('data_folder_in_use')
    await other.kill()
  }

  it('holds by every path, through a copy of the database and garbage collection, and ends with a kill', async () => {
    const link = join(folder.path, 'link')
    symlinkSync(data(), link)
    const owner = startProgram(
      'hub-child',
      [JSON.stringify({ dataFolder: data(), fsync: false, copyTo: join(folder.path, 'copy') })],
      ['--expose-gc'],
    )
    await owner.said('open')
    await owner.said('copied')
    await sleep(100)
    await refusedBy(data())
    await refusedBy(link)
    await expect(open(link)).rejects.toMatchObject({ code: 'data_folder_in_use' })
    await owner.kill()
    await (await open(link)).close()
  }, 120_000)

  it('holds for another mount of the same folder', async ({ skip }) => {
    const other = join(folder.path, 'mount')
    mkdirSync(other)
    if (spawnSync('mount', ['--bind', data(), other]).status !== 0)
      skip('a folder cannot be mounted a second time here')
    try {
      const database = await open(data())
      await refusedBy(other)
      await expect(open(other)).rejects.toMatchObject({ code: 'data_folder_in_use' })
      await database.close()
    } finally {
      spawnSync('umount', [other])
    }
  }, 120_000)
})

describe('the flushes of the real process', () => {
  it('reach the kernel: the journal at each commit, tables and folders at a checkpoint', async ({ skip }) => {
    if (spawnSync(tracer, ['-V']).status !== 0) skip('strace is not installed here')
    const trace = join(folder.path, 'trace')
    const load = fileURLToPath(new URL('./support/embedded-load.ts', import.meta.url))
    const task = JSON.stringify({ dataFolder: data(), transactions: 12 })
    const run = spawnSync(
      tracer,
      ['-f', '-y', '-e', 'trace=fsync,fdatasync', '-o', trace, process.execPath, load, task],
      {
        env: { MODELHUB_TEST_JOURNAL: join(folder.path, 'journal') },
        encoding: 'utf8',
      },
    )
    if (/ptrace|Operation not permitted/.test(run.stderr)) skip('a process cannot be traced here')
    expect(run.status, run.stderr).toBe(0)
    const flushed = readFileSync(trace, 'utf8').matchAll(/f(?:data)?sync\(\d+<([^>]+)>\) += 0/g)
    const paths = [...flushed].map(([, path = '']) => path.slice(data().length + 1))
    const journal = paths.filter((path) => path.startsWith('db/pg_wal/0')).length
    const tables = paths.filter((path) => path.startsWith('db/base/')).length
    figure(
      `strace: ${paths.length} flushes, ${journal} of the journal for ${12 * writers} commits, ${tables} of tables and indexes`,
    )
    expect(journal).toBeGreaterThanOrEqual(12 * writers)
    expect(tables).toBeGreaterThan(20)
    expect(paths).toEqual(expect.arrayContaining(['db/global/pg_control', 'db/pg_xact', 'db/pg_logical']))
    expect(readdirSync(data())).not.toContain('db.initializing')
  }, 120_000)
})

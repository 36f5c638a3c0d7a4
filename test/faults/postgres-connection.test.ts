import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createNewId, systemClock } from '../../kernel/index.ts'
import { createJobs, type Jobs } from '../../server/jobs/index.ts'
import { type Database, openDatabase } from '../../server/platform/db/index.ts'
import { countEffects, createEffectTables, effectJob, effectSteps } from '../support/effect-job.ts'
import { actor, quietLog, waitUntil } from '../support/index.ts'
import { findPostgres, type PostgresServer, startPostgres } from '../support/postgres-server.ts'
import { amount } from './support/plan.ts'
import { type PostgresProxy, startPostgresProxy } from './support/postgres-proxy.ts'

const binaries = findPostgres()
const say = (text: string) => process.stdout.write(`  ${text}\n`)
/** The product's limits, shortened. */
const limits = { statementMs: 1_500, idleInTransactionMs: 500, connectMs: 1_500, silenceMs: 1_000 }

describe.skipIf(binaries === undefined)('a PostgreSQL that comes and goes', () => {
  let server: PostgresServer
  let proxy: PostgresProxy
  let count = 0
  const ends: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    server = await startPostgres(binaries ?? '', {
      durable: true,
      settings: ['superuser_reserved_connections=0', 'max_connections=30'],
    })
    proxy = await startPostgresProxy(server.port)
  })
  afterAll(async () => {
    await proxy.close()
    await server.stop()
  })
  afterEach(async () => {
    proxy.delay(0)
    await proxy.set('pass')
    for (const end of ends.splice(0).reverse()) await end()
  })

  /** A new database: one handle through the proxy, one straight. */
  const open = async (options: { maxConnections?: number } = {}) => {
    const name = `t${++count}`
    await server.run(`create database ${name}`)
    const common = { dataFolder: '/nonexistent', log: quietLog(), clock: systemClock, limits }
    const direct = await openDatabase({ ...common, url: server.url(name) })
    ends.push(direct.close)
    const database = await openDatabase({ ...common, ...options, url: proxy.url(server.url(name)) })
    ends.push(database.close)
    return { name, direct, database }
  }
  const work = (database: Database, stepMs = 5): Jobs => {
    const jobs = createJobs({
      database,
      clock: systemClock,
      newId: createNewId(Date.now),
      log: quietLog(),
      definitions: [effectJob(stepMs)],
      deps: undefined,
      sweepMs: 200,
    })
    ends.push(() => jobs.stop({ graceMs: 500 }))
    return jobs
  }
  /** Asked for on `database`, which need not be the one that `jobs` works on. */
  const add = (jobs: Jobs, database: Database) =>
    database.transaction((trx) => jobs.enqueue(trx, { kind: 'effect', input: 1, projectId: 'prj_1', actor }))
  const one = (database: Database) => sql<{ one: number }>`select 1 as one`.execute(database.db)
  const away = { kind: 'upstream', code: 'database_unreachable', details: { status: 503, retryAfter: 1 } }

  test('a backend ended in the middle of a transaction fails that transaction only, by name', async () => {
    const { database, direct } = await open()
    const broken = database.transaction(async (trx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx)
      await sql`select pg_terminate_backend(${rows[0]?.pid ?? 0})`.execute(direct.db)
      await sleep(50)
      await one({ ...database, db: trx as never })
    })
    await expect(broken).rejects.toMatchObject(away)
    expect((await one(database)).rows).toEqual([{ one: 1 }])
  })

  test('a network that swallows everything ends no wait late, and the listener is back afterwards', async () => {
    const { database } = await open()
    let gaps = 0
    const heard: string[] = []
    await database.listen(
      'silence',
      (payload) => heard.push(payload),
      () => {
        gaps += 1
      },
    )
    await database.presence.announce('someone')
    await one(database)
    await proxy.set('stall')
    const began = performance.now()
    const results = await Promise.allSettled([
      one(database),
      database.transaction((trx) => sql`select 1`.execute(trx)),
      ...Array.from({ length: 12 }, () => one(database)),
    ])
    const seconds = (performance.now() - began) / 1_000
    for (const result of results) expect(result).toMatchObject({ status: 'rejected', reason: { kind: 'upstream' } })
    say(`${results.length} statements into a black hole had all failed after ${seconds.toFixed(1)} s`)
    expect(seconds).toBeLessThan(25)
    await proxy.set('pass')
    const back = performance.now()
    await waitUntil(() => gaps > 0, 20_000)
    say(`listening again ${((performance.now() - back) / 1_000).toFixed(1)} s after the network was back`)
    await database.transaction((trx) => database.notify(trx, 'silence', 'again'))
    await waitUntil(() => heard.includes('again'))
    expect(await database.presence.gone(['someone'])).toEqual([])
  }, 60_000)

  test('a pool whose connections are all taken says so in time, and goes on when one is free', async () => {
    const { database } = await open({ maxConnections: 2 })
    const gate = Promise.withResolvers<void>()
    const began = performance.now()
    const holders = [1, 2].map(() =>
      database.transaction(async (trx) => {
        while (performance.now() - began < 4_000 && !released) {
          await sql`select 1`.execute(trx)
          await sleep(50)
        }
      }),
    )
    let released = false
    await sleep(100)
    await expect(one(database)).rejects.toMatchObject({ code: 'database_busy', details: { status: 503 } })
    released = true
    gate.resolve()
    await Promise.all(holders)
    expect((await one(database)).rows).toEqual([{ one: 1 }])
  })

  test('a server without a connection left is told as such', async () => {
    const { database, name } = await open()
    const hogs: pg.Client[] = []
    ends.push(() => Promise.all(hogs.map((hog) => hog.end().catch(() => undefined))))
    // The idle connections of the pool would do; they go first.
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.execute(database.db)
    proxy.cut()
    for (;;) {
      const hog = new pg.Client({ connectionString: server.url(name) })
      hog.on('error', () => undefined)
      hogs.push(hog)
      if (
        !(await hog.connect().then(
          () => true,
          () => false,
        ))
      )
        break
    }
    await expect(one(database)).rejects.toMatchObject({ code: 'database_busy', details: { status: 503 } })
    for (const hog of hogs.splice(0)) await hog.end().catch(() => undefined)
    await waitUntil(() =>
      one(database).then(
        () => true,
        () => false,
      ),
    )
  })

  test('a database that became read-only refuses changes with what to do, and still answers questions', async () => {
    const { database, name } = await open()
    await sql`create table t (n int)`.execute(database.db)
    await server.run(`alter database ${name} set default_transaction_read_only = on`)
    proxy.cut()
    const write = () => sql`insert into t values (1)`.execute(database.db)
    await waitUntil(() =>
      write().then(
        () => false,
        (error: { code: string }) => error.code === 'database_read_only',
      ),
    )
    await expect(write()).rejects.toMatchObject({
      details: { status: 503 },
      remedy: expect.stringContaining('primary') as string,
    })
    expect((await sql`select count(*) as n from t`.execute(database.db)).rows).toEqual([{ n: 0 }])
  })

  test('a statement, and a pause inside a transaction, last no longer than they may', async () => {
    const { database, direct } = await open()
    await sql`create table t (n int)`.execute(database.db)
    await sql`insert into t values (1)`.execute(database.db)
    await expect(sql`select pg_sleep(20)`.execute(database.db)).rejects.toMatchObject({ code: 'database_timeout' })
    const sleeper = database.transaction(async (trx) => {
      await sql`update t set n = 2`.execute(trx)
      await sleep(1_200)
      await sql`update t set n = 3`.execute(trx)
    })
    const told = expect(sleeper).rejects.toMatchObject({ code: 'database_unreachable' })
    // Its lock is free long before it wakes.
    await sleep(100)
    await sql`update t set n = 9`.execute(direct.db)
    await told
    expect((await sql`select n from t`.execute(direct.db)).rows).toEqual([{ n: 9 }])
  })

  test('a step whose commit was not heard of is not done again, and a claim that was not heard of is not lost', async () => {
    const { database, direct } = await open()
    await createEffectTables(direct)
    const jobs = work(database)
    await jobs.start()
    // What the worker does not hear: that its claim is committed, an answer inside a step's transaction, that its effect is committed.
    for (const [text, since] of [['commit'], ['into attempt_log'], ['commit', 'into effect']] as const) {
      const before = (await countEffects(direct)).succeeded
      const sprung = proxy.cutAfter(text, since)
      await add(jobs, direct)
      await sprung
      await waitUntil(async () => (await countEffects(direct)).succeeded === before + 1, 15_000)
    }
    for (let nth = 1; nth <= amount({ slice: 3, full: 40 }); nth++) {
      const before = (await countEffects(direct)).succeeded
      await add(jobs, direct)
      // Later commits of the job, one or several in a row.
      for (let cut = 0; cut < 1 + (nth % 4); cut++) {
        await Promise.race([proxy.cutAfter('commit', 'into effect'), sleep(500)])
      }
      await waitUntil(async () => (await countEffects(direct)).succeeded === before + 1, 15_000)
    }
    const counts = await countEffects(direct)
    say(`${counts.jobs} jobs with unheard commits: ${counts.begins - counts.jobs * effectSteps} repeated begins`)
    expect(counts).toMatchObject({ failed: 0, doubled: 0, effects: counts.jobs * (effectSteps + 1) })
  }, 60_000)

  test('a hub that is stopped while its database is away stops at once', async () => {
    const { database } = await open()
    await createEffectTables(database)
    const jobs = work(database, 20)
    await jobs.start()
    await add(jobs, database)
    await proxy.set('refuse')
    await expect(one(database)).rejects.toMatchObject(away)
    const began = performance.now()
    await jobs.stop({ graceMs: 500 })
    await database.close()
    const seconds = (performance.now() - began) / 1_000
    say(`stopped without its database in ${seconds.toFixed(1)} s`)
    expect(seconds).toBeLessThan(15)
  }, 40_000)

  const outages = amount({ slice: 1, full: 3 })
  test(
    `jobs go on when the server was killed and is back (${outages} outages)`,
    async () => {
      const { database, direct } = await open()
      await createEffectTables(direct)
      const jobs = work(database, 100)
      await jobs.start()
      for (const seconds of [1, 12, 30].slice(0, outages)) {
        const total = (await countEffects(direct)).jobs + 8
        for (let i = 0; i < 8; i++) await add(jobs, database)
        await sleep(150)
        await server.kill()
        await expect(one(database)).rejects.toMatchObject(away)
        await sleep(seconds * 1_000)
        await server.start()
        const back = performance.now()
        const { begins } = await countEffects(direct)
        await waitUntil(async () => (await countEffects(direct)).begins > begins, 20_000)
        const resumed = (performance.now() - back) / 1_000
        await waitUntil(async () => (await countEffects(direct)).succeeded === total, 30_000)
        say(`away for ${seconds} s: jobs went on ${resumed.toFixed(1)} s after it was back`)
      }
      const counts = await countEffects(direct)
      expect(counts).toMatchObject({ failed: 0, doubled: 0, effects: counts.jobs * (effectSteps + 1) })
    },
    amount({ slice: 150_000, full: 400_000 }),
  )

  test('an older PostgreSQL than the hub can use, a wrong name and a standby are each told as what they are', async () => {
    const { name } = await open()
    const common = { dataFolder: '/nonexistent', log: quietLog(), clock: systemClock, limits }
    const refused = (url: string, more: object = {}) =>
      openDatabase({ ...common, ...more, url }).catch((e: unknown) => e)
    expect(await refused(server.url(name), { oldestPostgres: 99 })).toMatchObject({
      kind: 'invalid',
      code: 'database_too_old',
      message: expect.stringMatching(/is PostgreSQL \d+; the hub needs 99 or newer/) as string,
    })
    expect(await refused(server.url('nowhere'))).toMatchObject({ kind: 'invalid', code: 'database_refused' })
    await server.run(`create role stranger`)
    const stranger = server.url(name).replace('hub@', 'stranger:secret99@')
    expect(await refused(stranger)).toMatchObject({
      kind: 'invalid',
      code: 'database_refused',
      message: expect.not.stringContaining('secret99') as string,
    })
    await server.run(`create database standby`)
    await server.run(`alter database standby set default_transaction_read_only = on`)
    expect(await refused(server.url('standby'))).toMatchObject({ kind: 'upstream', code: 'database_read_only' })
  })
})

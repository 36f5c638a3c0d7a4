import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { systemClock } from '../../kernel/index.ts'
import {
  actor,
  describeEachDatabase,
  quietLog,
  setUpJobs,
  singleStep,
  untilAborted,
  waitUntil,
} from '../../test/support/index.ts'
import { openDatabase } from '../platform/db/index.ts'

describeEachDatabase('job workers', (getDb, lane) => {
  const { open, add, ended } = setUpJobs(getDb)

  test('keeps to the limits per kind and in all', async () => {
    const full = Promise.withResolvers<void>()
    const now: Record<string, number> = { narrow: 0, wide: 0, all: 0 }
    const most: Record<string, number> = {}
    const count = (name: string, by: number) => {
      now[name] = (now[name] ?? 0) + by
      most[name] = Math.max(most[name] ?? 0, now[name])
    }
    const counted = (kind: string, concurrency: number) =>
      singleStep(
        async () => {
          for (const name of [kind, 'all']) count(name, 1)
          if (now['all'] === 5) setTimeout(full.resolve, 100)
          await full.promise
          for (const name of [kind, 'all']) count(name, -1)
        },
        { kind, concurrency },
      )
    const jobs = open([counted('narrow', 2), counted('wide', 9)], { concurrency: 5 })
    const ids: string[] = []
    for (let i = 0; i < 8; i++) for (const kind of ['narrow', 'wide']) ids.push((await add(jobs, {}, kind)).id)
    await jobs.start()
    for (const id of ids) await ended(jobs, id, 'succeeded')
    expect(most).toMatchObject({ narrow: 2, all: 5 })
  })

  test('lets nobody write who has lost the job', async () => {
    const gate = Promise.withResolvers<void>()
    const seen: unknown[] = []
    const jobs = open(
      singleStep(async (ctx) => {
        if (seen.length > 0) return 'second'
        seen.push('first')
        await gate.promise
        const write = ctx.tx((trx) => sql`update job set title = 'stolen' where id = ${ctx.job.id}`.execute(trx))
        seen.push(await write.catch((error: { code: string }) => error.code))
        return 'first'
      }),
      { sweepMs: 60_000 },
    )
    await jobs.start()
    const { id } = await add(jobs)
    await waitUntil(() => seen.length === 1)
    await sql`update job set owner = 'someone-else', attempt = attempt + 1, lease_until = now() + interval '1 minute'
      where id = ${id}`.execute(getDb().db)
    gate.resolve()
    await waitUntil(() => seen.length === 2)
    await new Promise((resolve) => setTimeout(resolve, 50))
    const { rows } =
      await sql`select j.title, j.state, j.owner, s.state as step from job j join step s on s.job_id = j.id`.execute(
        getDb().db,
      )
    expect(rows).toEqual([{ title: 'Single', state: 'running', owner: 'someone-else', step: 'running' }])
    expect(seen[1]).toBe('lease_lost')
  })

  test('finds a job whose notification was lost', async () => {
    const jobs = open(singleStep(async () => 1))
    await jobs.start()
    const quiet = open(
      singleStep(async () => 1),
      { database: { ...getDb(), notify: async () => undefined } },
    )
    const { id } = await add(quiet)
    await ended(jobs, id, 'succeeded', 2_000)
  })

  test('runs 500 small jobs once each', async () => {
    const runs = new Map<string, number>()
    const definition = singleStep(async (ctx) => void runs.set(ctx.job.id, (runs.get(ctx.job.id) ?? 0) + 1))
    const jobs = open(definition)
    await getDb().transaction(async (trx) => {
      for (let i = 0; i < 500; i++) await jobs.enqueue(trx, { kind: 'single', input: i, projectId: 'prj_1', actor })
    })
    await jobs.start()
    await waitUntil(async () => {
      const { rows } = await sql<{ n: number }>`select count(*) as n from job where state = 'succeeded'`.execute(
        getDb().db,
      )
      return rows[0]?.n === 500
    }, 28_000)
    expect([runs.size, Math.max(...runs.values())]).toEqual([500, 1])
  })

  test('goes on with a stopped job at the next start', async () => {
    let starts = 0
    const definition = singleStep(async (ctx) => {
      starts += 1
      if (starts > 1) return 'done'
      return await untilAborted(ctx.signal)
    })
    const first = open(definition)
    await first.start()
    const { id } = await add(first)
    await waitUntil(() => starts === 1)
    await first.stop()
    expect(await first.get(id)).toMatchObject({ state: 'queued', error: null })
    const second = open(definition)
    await second.start()
    await ended(second, id, 'succeeded', 1_000)
  })

  test('of two processes share the work, each job done by one of them', async () => {
    if (lane.kind === 'embedded') return
    const other = await openDatabase({ ...lane.location(), log: quietLog(), clock: systemClock })
    const runs: string[] = []
    const definition = (name: string) =>
      singleStep(
        async (ctx) => {
          runs.push(`${name} ${ctx.job.id}`)
          await new Promise((resolve) => setTimeout(resolve, 5))
        },
        { concurrency: 3 },
      )
    const workers = [open(definition('one')), open(definition('two'), { database: other })] as const
    await getDb().transaction(async (trx) => {
      for (let i = 0; i < 60; i++)
        await workers[0].enqueue(trx, { kind: 'single', input: i, projectId: 'prj_1', actor })
    })
    for (const worker of workers) await worker.start()
    await waitUntil(async () => (await workers[0].list({ state: 'succeeded', limit: 100 })).items.length === 60, 20_000)
    expect(new Set(runs.map((run) => run.slice(4))).size).toBe(60)
    expect(runs.length).toBe(60)
    expect(new Set(runs.map((run) => run.slice(0, 3)))).toEqual(new Set(['one', 'two']))
    await workers[1].stop()
    await other.close()
  })
})

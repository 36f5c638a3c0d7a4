import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { fixedClock, invalid, notFound, upstream } from '../../kernel/index.ts'
import {
  actor,
  describeEachDatabase,
  setUpJobs,
  singleStep,
  untilAborted,
  waitUntil,
} from '../../test/support/index.ts'
import { defineJob, type StepContext } from './index.ts'

describeEachDatabase('jobs', (getDb) => {
  const { open, add, ended } = setUpJobs(getDb)

  test('gives each step the outputs of those before it and settles in the transaction of the end', async () => {
    const settled: unknown[] = []
    const definition = defineJob<{ start: number }, undefined>({
      kind: 'single',
      title: 'Sum',
      concurrency: 1,
      maxAttempts: 1,
      steps: [
        { name: 'first', title: 'First', run: async (ctx) => ctx.input.start + 1 },
        { name: 'left-out', title: 'Left out', when: () => false, run: async () => 0 },
        { name: 'second', title: 'Second', run: (ctx) => ctx.finish(async () => Number(ctx.outputs['first']) * 2) },
        { name: 'third', title: 'Third', run: async (ctx) => ctx.outputs },
      ],
      settle: async (trx, job, outcome) => {
        settled.push(job.state, outcome)
        await sql`update job set title = 'settled' where id = ${job.id}`.execute(trx)
      },
    })
    const jobs = open(definition)
    await jobs.start()
    const { id, state } = await add(jobs, { start: 4 })
    expect(state).toBe('queued')
    const job = await ended(jobs, id, 'succeeded')
    expect(settled).toEqual([
      'succeeded',
      { state: 'succeeded', outputs: { first: 5, second: 10, third: { first: 5, second: 10 } } },
    ])
    expect(job).toMatchObject({
      title: 'settled',
      attempt: 1,
      subject: 'ver_1',
      createdBy: 'Ada',
      error: null,
      retryAt: null,
    })
    expect(job.steps.map((step) => step.state)).toEqual(['done', 'skipped', 'done', 'done'])
  })

  test('does not exist when the transaction that enqueued it is rolled back', async () => {
    const jobs = open(singleStep(async () => 1))
    await jobs.start()
    let id = ''
    const failed = getDb().transaction(async (trx) => {
      id = (await jobs.enqueue(trx, { kind: 'single', input: {}, projectId: 'prj_1', actor })).id
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    await expect(jobs.get(id)).rejects.toMatchObject({ code: 'job_not_found' })
  })

  test('tries again with growing pauses, then fails with the reason', async () => {
    const clock = fixedClock(Date.UTC(2026, 0, 1))
    let tries = 0
    const outcomes: string[] = []
    const definition = singleStep(
      async () => {
        tries += 1
        throw upstream('hub_down', 'The source does not answer.', 'Try later.')
      },
      { settle: async (_trx, _job, outcome) => void outcomes.push(outcome.state) },
    )
    const jobs = open(definition, { clock, sweepMs: 20 })
    await jobs.start()
    const { id } = await add(jobs)
    const first = await waitUntil(async () => {
      const job = await jobs.get(id)
      return job.retryAt === null ? undefined : job
    })
    expect(Date.parse(first.retryAt ?? '') - clock.now()).toBe(1_000)
    clock.advance(999)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(tries).toBe(1)
    clock.advance(1)
    await waitUntil(() => tries === 2)
    await waitUntil(async () => (await jobs.get(id)).retryAt !== null)
    expect(Date.parse((await jobs.get(id)).retryAt ?? '') - clock.now()).toBe(1_999)
    clock.advance(2_000)
    const job = await ended(jobs, id, 'failed')
    expect(job.error).toEqual({ code: 'hub_down', message: 'The source does not answer.', remedy: 'Try later.' })
    expect([tries, outcomes]).toEqual([3, ['failed']])
  })

  test('does not try again when nothing would change', async () => {
    let tries = 0
    const jobs = open(
      singleStep(async () => {
        tries += 1
        throw tries === 1 ? invalid('bad_header', 'The header lies.') : notFound('gone', 'Gone.')
      }),
    )
    await jobs.start()
    const { id } = await add(jobs)
    await ended(jobs, id, 'failed')
    expect(tries).toBe(1)
  })

  test('cancels inside a step within 2 s and undoes what was begun, last first', async () => {
    const lines: string[] = []
    const step = (name: string, run: (ctx: StepContext) => Promise<unknown>) => ({
      name,
      title: name,
      run,
      undo: async (ctx: StepContext) => void lines.push(`${name} ${JSON.stringify(ctx.outputs[name] ?? null)}`),
    })
    const definition = defineJob({
      kind: 'single',
      title: 'Cancelled',
      concurrency: 1,
      maxAttempts: 1,
      steps: [
        step('one', async () => 'made'),
        step(
          'two',
          (ctx) => new Promise((_, reject) => ctx.signal.addEventListener('abort', () => reject(new Error('aborted')))),
        ),
        step('three', async () => undefined),
      ],
      settle: async (_trx, job, outcome) =>
        void lines.push(outcome.state === 'cancelled' ? `by ${outcome.by.name}` : job.state),
    })
    const jobs = open(definition)
    await jobs.start()
    const { id } = await add(jobs)
    await waitUntil(async () => (await jobs.get(id)).steps[1]?.state === 'running')
    const start = performance.now()
    expect(await jobs.cancel(id, { type: 'user', id: 'usr_2', name: 'Bob' })).toMatchObject({ cancelling: true })
    const job = await ended(jobs, id, 'cancelled')
    expect(performance.now() - start).toBeLessThan(2_000)
    expect(lines).toEqual(['two null', 'one "made"', 'by Bob'])
    expect(job.steps.map((one) => one.state)).toEqual(['undone', 'undone', 'skipped'])
    expect(await jobs.cancel(id, actor)).toMatchObject({ state: 'cancelled' })
  })

  test('hears of a cancel without its notification', async () => {
    const jobs = open(singleStep((ctx) => untilAborted(ctx.signal)))
    await jobs.start()
    const { id } = await add(jobs)
    await ended(jobs, id, 'running')
    await sql`update job set cancel_requested_at = now() where id = ${id}`.execute(getDb().db)
    await ended(jobs, id, 'cancelled', 2_500)
  })

  test('cancels a job that has not begun in the transaction of the caller', async () => {
    const outcomes: string[] = []
    const jobs = open(
      singleStep(async () => 1, { settle: async (_trx, _job, outcome) => void outcomes.push(outcome.state) }),
    )
    const { id } = await add(jobs)
    const job = await getDb().transaction((trx) => jobs.cancel(trx, id, actor))
    expect([job.state, outcomes]).toEqual(['cancelled', ['cancelled']])
    await expect(jobs.cancel('job_none', actor)).rejects.toMatchObject({ code: 'job_not_found' })
  })

  test('refuses to cancel what has ended', async () => {
    const jobs = open(singleStep(async () => 1))
    await jobs.start()
    const { id } = await add(jobs)
    await ended(jobs, id, 'succeeded')
    await expect(jobs.cancel(id, actor)).rejects.toMatchObject({ kind: 'conflict', code: 'job_finished' })
  })

  test('lists by subject and state in pages, newest first', async () => {
    const jobs = open(singleStep(async () => 1))
    const ids: string[] = []
    for (let i = 0; i < 5; i++) {
      ids.unshift((await add(jobs)).id)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    const first = await jobs.list({ subject: 'ver_1', state: 'queued', limit: 3 })
    const second = await jobs.list({ subject: 'ver_1', limit: 3, cursor: first.nextCursor ?? '' })
    expect([...first.items, ...second.items].map((job) => job.id)).toEqual(ids)
    expect(second.nextCursor).toBeNull()
    expect((await jobs.list({ subject: 'ver_2', limit: 3 })).items).toEqual([])
    expect((await jobs.list({ kind: 'single', limit: 3 })).items).toEqual(first.items)
    expect((await jobs.list({ kind: 'other', limit: 3 })).items).toEqual([])
    await expect(jobs.list({ limit: 0 })).rejects.toMatchObject({ kind: 'invalid' })
  })
})

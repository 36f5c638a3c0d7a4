import { sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'
import { createNewId, systemClock } from '../../kernel/index.ts'
import { describeEachDatabase, quietLog, waitUntil } from '../../test/support/index.ts'
import { createJobs, defineJob, type JobChange, type JobEvent, type Jobs, type StepContext } from './index.ts'

const actor = { type: 'user', id: 'usr_1', name: 'Ada' }

describeEachDatabase('job events', (getDb) => {
  const opened: Jobs[] = []
  const open = (run: (ctx: StepContext) => Promise<unknown>, database = getDb()) => {
    const steps = [{ name: 'only', title: 'Only', run }]
    const definition = defineJob({ kind: 'told', title: 'Told', concurrency: 4, maxAttempts: 1, steps })
    const newId = createNewId(Date.now)
    const jobs = createJobs({
      database,
      clock: systemClock,
      newId,
      log: quietLog(),
      definitions: [definition],
      deps: undefined,
    })
    opened.push(jobs)
    return jobs
  }
  afterEach(async () => {
    for (const jobs of opened.splice(0)) await jobs.stop()
  })
  const add = (jobs: Jobs) =>
    getDb().transaction((trx) => jobs.enqueue(trx, { kind: 'told', input: {}, projectId: 'prj_1', actor }))
  const collect = async (jobs: Jobs, id: string, afterSeq = 0, most = Number.POSITIVE_INFINITY) => {
    const events: JobEvent[] = []
    for await (const event of jobs.events(id, { afterSeq, signal: AbortSignal.timeout(15_000) })) {
      events.push(event)
      if (events.length >= most) break
    }
    return events
  }
  const brief = (events: JobEvent[]) =>
    events.map(({ type, data }) => `${type} ${String(data['state'] ?? data['message'])}`)

  test('tell the whole story in order, live and again', async () => {
    const gate = Promise.withResolvers<void>()
    const jobs = open(async (ctx) => {
      ctx.log('info', 'before', { a: 1 })
      await gate.promise
      ctx.log('warn', 'after token=x hf_abcdefghijkl')
      ctx.progress({ bytesDone: 10, bytesTotal: 10, message: 'all' })
    })
    await jobs.start()
    const { id } = await add(jobs)
    const live = collect(jobs, id)
    await waitUntil(async () => (await jobs.get(id)).steps[0]?.state === 'running')
    gate.resolve()
    const expected = [
      'state queued',
      'state running',
      'step running',
      'log before',
      'log after token=x hf_[redacted]',
      'progress all',
      'step done',
      'state succeeded',
    ]
    const told = await live
    expect(brief(told)).toEqual(expected)
    expect(told.map((event) => event.seq)).toEqual(expected.map((_, index) => index + 1))
    const again = await collect(jobs, id)
    expect(again).toEqual(told)
    expect(await collect(jobs, id, 5)).toEqual(told.slice(5))
    expect(await collect(jobs, id, 8)).toEqual([])
    expect(told[5]?.data).toMatchObject({ step: 'only', bytesDone: 10, bytesTotal: 10, rate: null, etaSeconds: null })
  })

  test('reach a stream although every notification is lost', async () => {
    const deaf = { ...getDb(), listen: async () => async () => undefined }
    const jobs = open(async () => 1, deaf)
    await jobs.start()
    const { id } = await add(jobs)
    expect(brief(await collect(jobs, id)).at(-1)).toBe('state succeeded')
  })

  test('of progress are kept to at most 4 a second and the old ones dropped', async () => {
    const jobs = open(async (ctx) => {
      const until = performance.now() + 1_100
      for (let i = 0; performance.now() < until; i++) {
        ctx.progress({ done: i })
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    })
    await jobs.start()
    const { id } = await add(jobs)
    const progress = (await collect(jobs, id)).filter((event) => event.type === 'progress')
    expect(progress.length).toBeGreaterThan(1)
    expect(progress.length).toBeLessThanOrEqual(6)
    expect((await jobs.get(id)).progress?.done).toBe(progress.at(-1)?.data['done'])
  })

  test('of a job that logs without end stay bounded', async () => {
    const jobs = open(async (ctx) => {
      for (let i = 0; i < 1_500; i++) {
        ctx.log('info', `line ${i}`)
        if (i % 150 === 149) await new Promise((resolve) => setTimeout(resolve, 300))
      }
    })
    await jobs.start()
    const { id } = await add(jobs)
    await waitUntil(async () => (await jobs.get(id)).state === 'succeeded', 20_000)
    const { rows } = await sql<{ n: number }>`select count(*) as n from job_event where type = 'log'`.execute(
      getDb().db,
    )
    expect(rows[0]?.n).toBeLessThanOrEqual(1_300)
    expect((await collect(jobs, id)).at(-1)?.data['state']).toBe('succeeded')
  })

  test('end when the reader goes, and are refused for a job that is not there', async () => {
    const jobs = open(async () => 1)
    await jobs.start({ work: false })
    const { id } = await add(jobs)
    const abort = new AbortController()
    const reading = (async () => {
      const events: JobEvent[] = []
      for await (const event of jobs.events(id, { signal: abort.signal })) events.push(event)
      return events
    })()
    setTimeout(() => abort.abort(), 100)
    expect(brief(await reading)).toEqual(['state queued'])
    await expect(collect(jobs, 'job_none')).rejects.toMatchObject({ code: 'job_not_found' })
  })

  test('call listeners for every job', async () => {
    const jobs = open(async () => 1)
    await jobs.start()
    const changes: JobChange[] = []
    const stop = jobs.onChange((change) => changes.push(change))
    const { id } = await add(jobs)
    await waitUntil(async () => (await jobs.get(id)).state === 'succeeded')
    await waitUntil(() => changes.length >= 4)
    stop()
    expect(new Set(changes.map((change) => change.jobId))).toEqual(new Set([id]))
    expect(changes.map((change) => change.type)).toEqual(
      ['state', 'state', 'step', 'step', 'state'].slice(0, changes.length),
    )
  })
})

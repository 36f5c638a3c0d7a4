import { expect, test } from 'vitest'
import { fixedClock } from '../../kernel/index.ts'
import { describeEachDatabase, setUpJobs, singleStep } from '../../test/support/index.ts'

const hour = 3_600_000

describeEachDatabase('jobs when the clock is set back', (getDb) => {
  const { open, add, ended } = setUpJobs(getDb)

  test('a job that was queued before runs at once, and one that waits for its next try does not wait for the hour', async () => {
    const clock = fixedClock(Date.now())
    let fails = 1
    const failed = Promise.withResolvers<void>()
    const jobs = open(
      singleStep(async () => {
        if (fails-- > 0) {
          failed.resolve()
          throw new Error('for now')
        }
      }),
      { clock, sweepMs: 100 },
    )
    const waits = await add(jobs)
    await jobs.start()
    await failed.promise
    await ended(jobs, waits.id, 'queued')
    const queued = await add(jobs)
    clock.advance(-hour)
    await ended(jobs, queued.id, 'succeeded')
    await ended(jobs, waits.id, 'succeeded')
    expect((await jobs.get(waits.id)).steps[0]?.attempt).toBe(2)
  })

  test('so does one that was queued before the hub was stopped', async () => {
    const clock = fixedClock(Date.now())
    const first = open(
      singleStep(async () => undefined),
      { clock, sweepMs: 100 },
    )
    const job = await add(first)
    clock.advance(-hour / 12)
    await first.start()
    await ended(first, job.id, 'succeeded')
  })
})

import { expect, test } from 'vitest'
import { createNewId, systemClock } from '../../kernel/index.ts'
import {
  createVisits,
  describeEachDatabase,
  journalJob,
  type Place,
  quietLog,
  readVisits,
  startProgram,
  waitUntil,
} from '../../test/support/index.ts'
import type { Database } from '../platform/db/index.ts'
import { createJobs, type Jobs } from './index.ts'

const actor = { type: 'user', id: 'usr_1', name: 'Ada' }
const open = (database: Database, pauseAt?: Place): Jobs =>
  createJobs({
    database,
    clock: systemClock,
    newId: createNewId(Date.now),
    log: quietLog(),
    definitions: [journalJob(pauseAt === undefined ? {} : { pauseAt })],
    deps: undefined,
  })

describeEachDatabase('jobs after kill -9', (getDb, lane) => {
  const enqueueOne = async () => {
    const database = getDb()
    await createVisits(database)
    const jobs = open(database)
    return await database.transaction((trx) =>
      jobs.enqueue(trx, { kind: 'journal', input: {}, projectId: 'prj_1', actor }),
    )
  }
  /** Runs the job in another process up to `place`, kills it there, and goes on in this one. */
  const killAt = async (place: Place, whenPaused: () => Promise<void> = async () => undefined) => {
    await lane.close()
    const program = startProgram('journal-child', [JSON.stringify(lane.location()), place])
    try {
      await whenPaused()
      await program.said(`paused ${place}`)
    } finally {
      await program.kill()
    }
    return await lane.reopen()
  }
  /** Works on the job to its end; gives the milliseconds until it was taken up. */
  const finish = async (database: Database, id: string, state: string) => {
    const jobs = open(database)
    const { attempt } = await jobs.get(id)
    const start = performance.now()
    await jobs.start()
    await waitUntil(async () => (await jobs.get(id)).attempt > attempt)
    const elapsed = performance.now() - start
    await waitUntil(async () => (await jobs.get(id)).state === state)
    await jobs.stop()
    return elapsed
  }

  test('goes on in the middle of a step, within 2 s, without repeating finished steps', async () => {
    const { id } = await enqueueOne()
    const database = await killAt('run b')
    const elapsed = await finish(database, id, 'succeeded')
    expect(await readVisits(database, id)).toEqual([
      'begin run a',
      'end run a',
      'begin run b',
      'begin run b',
      'end run b',
      'begin run c',
      'end run c',
      'succeeded',
    ])
    expect(elapsed).toBeLessThan(2_000)
  })

  test('goes on with an undo that was killed in its middle', async () => {
    const { id } = await enqueueOne()
    const pausing = open(getDb(), 'run c')
    await pausing.start()
    await waitUntil(async () => (await readVisits(getDb(), id)).includes('begin run c'))
    await pausing.stop()
    await open(getDb()).cancel(id, actor)
    const database = await killAt('undo b')
    const elapsed = await finish(database, id, 'cancelled')
    expect(await readVisits(database, id)).toEqual([
      'begin run a',
      'end run a',
      'begin run b',
      'end run b',
      'begin run c',
      'begin undo c',
      'end undo c',
      'begin undo b',
      'begin undo b',
      'end undo b',
      'begin undo a',
      'end undo a',
      'cancelled',
    ])
    expect(elapsed).toBeLessThan(2_000)
  })
})

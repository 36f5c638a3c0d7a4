import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { createNewId, systemClock } from '../../kernel/index.ts'
import { createJobs } from '../../server/jobs/index.ts'
import type { ChildProgram } from '../support/child-program.ts'
import { countEffects, createEffectTables, effectJob, effectSteps } from '../support/effect-job.ts'
import { actor, describeEachDatabase, quietLog, startProgram } from '../support/index.ts'
import { amount, seededFor } from './support/plan.ts'

const jobCount = amount({ slice: 150, full: 2_000 })
const workers = 3
/** Longer than a lease of 15 s: others have taken the jobs when it goes on. */
const sleepMs = 17_000
const awakeMs = 3_000
const say = (text: string) => process.stdout.write(`  ${text}\n`)

describeEachDatabase(
  'several worker processes',
  (getDb, lane) => {
    test(
      `${jobCount} jobs, each step effective exactly once whatever happens to the workers`,
      async () => {
        const random = seededFor('postgres workers')
        const database = getDb()
        await createEffectTables(database)
        const definitions = [effectJob(5)]
        const jobs = createJobs({
          database,
          clock: systemClock,
          newId: createNewId(Date.now),
          log: quietLog(),
          definitions,
          deps: undefined,
        })
        await database.transaction(async (trx) => {
          for (let i = 0; i < jobCount; i++) {
            await jobs.enqueue(trx, { kind: 'effect', input: i, projectId: 'prj_1', actor })
          }
        })
        const launch = (stepMs = 5) => startProgram('effect-child', [JSON.stringify(lane.location()), String(stepMs)])
        // The one that is put to sleep is slow, so that it falls asleep in the middle of steps.
        const running = Array.from({ length: workers }, (_none, index) => launch(index === 0 ? 150 : 5))
        await Promise.all(running.map((worker) => worker.said('started')))
        const began = performance.now()
        const done = { kills: 0, cuts: 0, stops: 0 }
        // One of them stands still with jobs in its hands until others have finished them, and writes on afterwards.
        const finished = new AbortController()
        const sleeping = sleepAndWake(running[0], finished.signal, () => {
          done.stops += 1
        })

        let counts = await countEffects(database)
        let stoodStill = 0
        while (counts.succeeded + counts.failed < jobCount) {
          const roll = random()
          if (roll < 0.35) {
            const victim = 1 + Math.floor(random() * (workers - 1))
            await running[victim]?.kill()
            running[victim] = launch()
            done.kills += 1
            // At least one of the two others works at any time, however slow starts are.
            await running[victim]?.said('started')
          } else if (roll < 0.7) {
            await sql`select pg_terminate_backend(pid) from pg_stat_activity
              where datname = current_database() and pid <> pg_backend_pid() and random() < 0.3`.execute(database.db)
            done.cuts += 1
          }
          await sleep(100 + random() * 300)
          const before = counts.succeeded
          counts = await countEffects(database)
          stoodStill = counts.succeeded > before ? performance.now() : stoodStill || performance.now()
          if (performance.now() - stoodStill > 60_000) throw new Error(`nothing moves: ${JSON.stringify(counts)}`)
        }
        const seconds = (performance.now() - began) / 1_000
        finished.abort()
        await sleeping
        // What the sleeper still had in its hands it tries to write now.
        await sleep(1_500)
        counts = await countEffects(database)
        for (const worker of running) await worker.kill()

        const repeated = counts.begins - jobCount * effectSteps
        say(
          `${jobCount} jobs of ${effectSteps} steps in ${seconds.toFixed(1)} s (${(jobCount / seconds).toFixed(0)} jobs/s); ` +
            `${done.kills} kills, ${done.cuts} rounds of cut connections, one worker asleep ${done.stops} times; ` +
            `${repeated} repeated begins`,
        )
        expect(counts).toMatchObject({
          jobs: jobCount,
          succeeded: jobCount,
          failed: 0,
          doubled: 0,
          // Every step and the end, once each.
          effects: jobCount * (effectSteps + 1),
        })
        expect(counts.begins).toBeGreaterThanOrEqual(jobCount * effectSteps)
      },
      amount({ slice: 180_000, full: 900_000 }),
    )
  },
  { lanes: ['postgres'] },
)

/** A worker that stands still for longer than its lease, works for a while, and so on; at the end it is awake. */
async function sleepAndWake(
  worker: ChildProgram | undefined,
  finished: AbortSignal,
  onStop: () => void,
): Promise<void> {
  const pause = (ms: number) => sleep(ms, undefined, { signal: finished }).catch(() => undefined)
  for (await pause(200); !finished.aborted; await pause(awakeMs)) {
    worker?.signal('SIGSTOP')
    onStop()
    await pause(sleepMs)
    worker?.signal('SIGCONT')
  }
}

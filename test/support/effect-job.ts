import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { defineJob, type JobDefinition, type StepContext } from '../../server/jobs/index.ts'
import type { Database } from '../../server/platform/db/index.ts'

const stepNames = ['one', 'two', 'three'] as const
export const effectSteps = stepNames.length

/**
 * A job of three steps. Each notes its begin at once (`attempt_log`), as a call to something outside would be seen, works for some
 * milliseconds, and has its effect with the journal's record (`effect`), through `finish` or through `tx`.
 */
export function effectJob(stepMs: number): JobDefinition {
  const effect = async (ctx: StepContext, step: string) => {
    await ctx.tx((trx) => sql`insert into attempt_log (job_id, step) values (${ctx.job.id}, ${step})`.execute(trx))
    // Deaf to the signal on purpose: the fence alone must hold back a worker that has lost its job.
    await sleep(Math.random() * 2 * stepMs)
    return ctx.finish((trx) => sql`insert into effect (job_id, step) values (${ctx.job.id}, ${step})`.execute(trx), {
      step,
    })
  }
  return defineJob({
    kind: 'effect',
    title: 'Effect',
    concurrency: 8,
    maxAttempts: 3,
    steps: stepNames.map((name) => ({ name, title: name, run: (ctx: StepContext) => effect(ctx, name) })),
    settle: async (trx, job, outcome) => {
      await sql`insert into effect (job_id, step) values (${job.id}, ${outcome.state})`.execute(trx)
    },
  })
}

/** No key on the effects: one that came twice is to be seen, not to be refused. */
export async function createEffectTables(database: Database): Promise<void> {
  await sql`create table attempt_log (job_id text not null, step text not null)`.execute(database.db)
  await sql`create table effect (job_id text not null, step text not null)`.execute(database.db)
}

export type EffectCounts = {
  jobs: number
  succeeded: number
  failed: number
  effects: number
  doubled: number
  begins: number
}

export async function countEffects(database: Database): Promise<EffectCounts> {
  const { rows } = await sql<EffectCounts>`
    select
      (select count(*)::int from job) as jobs,
      (select count(*)::int from job where state = 'succeeded') as succeeded,
      (select count(*)::int from job where state = 'failed') as failed,
      (select count(*)::int from effect) as effects,
      (select count(*)::int from (select 1 from effect group by job_id, step having count(*) > 1) twice) as doubled,
      (select count(*)::int from attempt_log) as begins
  `.execute(database.db)
  const [row] = rows
  if (row === undefined) throw new Error('no counts')
  return row
}

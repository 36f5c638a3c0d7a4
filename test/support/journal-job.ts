import { sql } from 'kysely'
import { defineJob, type JobDefinition, type StepContext } from '../../server/jobs/index.ts'
import type { Database } from '../../server/platform/db/index.ts'

/** A place in the job: direction and step, such as `run b`. */
export type Place = `${'run' | 'undo'} ${'a' | 'b' | 'c'}`

/**
 * A job of steps a, b and c that writes a line at each begin (its own transaction) and each end (with the journal's record), and
 * stands still for ever between the two at `pauseAt`.
 */
export function journalJob(options: { pauseAt?: Place; onPause?: () => void } = {}): JobDefinition {
  const visit = async (ctx: StepContext, place: Place) => {
    await ctx.tx((trx) =>
      sql`insert into visit (job_id, line) values (${ctx.job.id}, ${`begin ${place}`})`.execute(trx),
    )
    if (options.pauseAt === place) {
      options.onPause?.()
      await new Promise((_, reject) =>
        ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason), { once: true }),
      )
    }
    return await ctx.finish(
      (trx) => sql`insert into visit (job_id, line) values (${ctx.job.id}, ${`end ${place}`})`.execute(trx),
      { place, seen: Object.keys(ctx.outputs) },
    )
  }
  const step = (name: 'a' | 'b' | 'c') => ({
    name,
    title: `Step ${name}`,
    run: (ctx: StepContext) => visit(ctx, `run ${name}`),
    undo: (ctx: StepContext) => visit(ctx, `undo ${name}`),
  })
  return defineJob({
    kind: 'journal',
    title: 'Journal',
    concurrency: 4,
    maxAttempts: 3,
    steps: [step('a'), step('b'), step('c')],
    settle: async (trx, job, outcome) => {
      await sql`insert into visit (job_id, line) values (${job.id}, ${outcome.state})`.execute(trx)
    },
  })
}

export async function createVisits(database: Database): Promise<void> {
  await sql`create table visit (n serial primary key, job_id text not null, line text not null)`.execute(database.db)
}

export async function readVisits(database: Database, jobId: string): Promise<string[]> {
  const result = await sql<{ line: string }>`select line from visit where job_id = ${jobId} order by n`.execute(
    database.db,
  )
  return result.rows.map((row) => row.line)
}

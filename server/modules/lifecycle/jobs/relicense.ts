import { defineJob, defineStep } from '../../../jobs/index.ts'
import { policyMode } from '../../governance/index.ts'
import { judgedBy, reassessStale } from '../../license/index.ts'
import type { LifecycleJobDeps } from '../deps.ts'
import { recordOutcomes } from '../relicense/record-outcomes.ts'
import { actorOf } from './input.ts'

export type RelicenseInput = { rules: string; profileRevision: number }

/** Judges the licenses of all versions by the present rules and organization profile, from what is stored of them. */
export const relicenseJob = defineJob<RelicenseInput, LifecycleJobDeps>({
  kind: 'relicense',
  title: 'Judge all licenses again',
  concurrency: 1,
  maxAttempts: 5,
  steps: [
    defineStep<RelicenseInput, LifecycleJobDeps>({
      name: 'judge',
      title: 'Judge stored licenses',
      run: async (ctx) => {
        const { deps, job, progress, signal, tx } = ctx
        const actor = actorOf(job.actor)
        const run = { jobId: job.id, actor, mode: policyMode('license') }
        const counts = { versions: 0, worse: 0, moved: 0 }
        counts.versions = await reassessStale(
          deps,
          {
            tx,
            onBatch: async (trx, changed) => {
              const done = await recordOutcomes(deps, trx, changed, run)
              counts.worse += done.worse
              counts.moved += done.moved
            },
            onProgress: (done, total) =>
              progress({ done, total, message: `${counts.worse} worse, ${counts.moved} need attention` }),
          },
          signal,
        )
        const evidence = { ...(await judgedBy(deps.database.db)), ...counts }
        return await ctx.finish(
          (trx) =>
            deps.audit(trx, {
              actor,
              action: 'catalog.relicense',
              object: { type: 'job', id: job.id },
              projectId: job.projectId,
              evidence,
            }),
          counts,
        )
      },
    }),
  ],
})

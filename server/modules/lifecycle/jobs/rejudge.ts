import { rulesetVersion, scannerVersion } from '../../../../scanner/index.ts'
import { defineJob, defineStep } from '../../../jobs/index.ts'
import { policyMode } from '../../governance/index.ts'
import type { LifecycleJobDeps } from '../deps.ts'
import { deleteRejudgeCursor, type RejudgeCounts, releaseVersions, saveRulesetState } from '../rejudge/rejudge-store.ts'
import { rejudgeVersions } from '../rejudge/rejudge-versions.ts'
import { rescanStale } from '../rejudge/rescan-stale.ts'
import { actorOf } from './input.ts'

export type RejudgeInput = { ruleset: string; scanner: string }

/**
 * Judges all versions by the rules in force from their stored facts, then reads the bytes of those again whose facts are no longer those
 * of this scanner.
 */
export const rejudgeJob = defineJob<RejudgeInput, LifecycleJobDeps>({
  kind: 'rejudge',
  title: 'Judge all versions again',
  concurrency: 1,
  maxAttempts: 5,
  steps: [
    defineStep<RejudgeInput, LifecycleJobDeps>({
      name: 'judge',
      title: 'Judge stored facts',
      run: async (ctx) => {
        const { deps, job, log, progress, signal, tx } = ctx
        const actor = actorOf(job.actor)
        const counts = await rejudgeVersions(deps, {
          jobId: job.id,
          actor,
          tx,
          mode: policyMode('scan'),
          onProgress: ({ versions, changed, moved, stale }, total) =>
            progress({
              done: versions,
              total,
              message: `${changed} changed, ${moved} need attention, ${stale} to be read again`,
            }),
          log: (message) => log('warn', message),
          signal,
        })
        return await ctx.finish(async (trx) => {
          await saveRulesetState(trx, { ruleset: rulesetVersion, scanner: scannerVersion, at: deps.clock.date() })
          await deleteRejudgeCursor(trx, job.id)
          await deps.audit(trx, {
            actor,
            action: 'catalog.rejudge',
            object: { type: 'job', id: job.id },
            projectId: job.projectId,
            evidence: { ruleset: rulesetVersion, scanner: scannerVersion, ...counts },
          })
        }, counts)
      },
    }),
    defineStep<RejudgeInput, LifecycleJobDeps>({
      name: 'rescan',
      title: 'Inspect again what the scanner would see otherwise',
      run: async ({ deps, job, log, outputs, progress, signal, tx }) => {
        if ((outputs['judge'] as RejudgeCounts).stale === 0) return { rescanned: 0, failed: 0 }
        return await rescanStale(deps, {
          jobId: job.id,
          actor: actorOf(job.actor),
          tx,
          log,
          onProgress: (done, name) => progress({ done, total: null, message: name }),
          signal,
        })
      },
    }),
  ],
  settle: (trx, job) => releaseVersions(trx, job.id),
})

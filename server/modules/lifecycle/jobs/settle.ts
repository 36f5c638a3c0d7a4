import type { JobOutcome } from '../../../jobs/index.ts'
import type { Trx } from '../../../platform/db/index.ts'
import { updateBenchmark } from '../../benchmarks/index.ts'
import { getVersion, patchVersion } from '../../catalog/index.ts'
import { updateEvaluation } from '../../evaluations/index.ts'
import type { LifecycleJobDeps } from '../deps.ts'
import { moveVersion } from '../move-version.ts'
import { actorOf, VersionInput } from './input.ts'

type RunPatch = { state: 'failed' | 'aborted'; error: { code: string; message: string; remedy?: string } | null }

/** Records how a measurement's job ended when it did not end well. */
export async function settleRun(outcome: JobOutcome, update: (patch: RunPatch) => Promise<void>): Promise<void> {
  if (outcome.state === 'succeeded') return
  if (outcome.state === 'cancelled') {
    await update({ state: 'aborted', error: { code: 'cancelled', message: `Cancelled by ${outcome.by.name}.` } })
    return
  }
  await update({ state: 'failed', error: reasonOf(outcome.error) })
}

const reasonOf = (error: { code: string; message: string; remedy: string | null }) => ({
  code: error.code,
  message: error.message,
  ...(error.remedy === null ? {} : { remedy: error.remedy }),
})

/** Ends an onboarding: a cancelled ingest is a draft again, a failed one needs attention; what was decided before a failure stands. */
export async function settleIngest(trx: Trx, job: JobLike, outcome: JobOutcome, deps: LifecycleJobDeps): Promise<void> {
  const { versionId } = VersionInput.parse(job.input)
  await patchVersion(trx, versionId, { active_job_id: null }, deps.clock.date())
  if (outcome.state !== 'succeeded') await abortRuns(trx, job.id, outcome, deps)
  const version = await getVersion(trx, versionId)
  if (version.state !== 'ingesting' || outcome.state === 'succeeded') return
  if (outcome.state === 'cancelled') {
    await moveVersion(deps, trx, {
      version,
      to: 'draft',
      actor: actorOf(outcome.by),
      action: 'version.cancel',
      reason: 'The onboarding was cancelled.',
      evidence: { jobId: job.id },
    })
    return
  }
  await moveVersion(deps, trx, {
    version,
    to: 'needs_attention',
    actor: actorOf(job.actor),
    action: 'version.needs_attention',
    reason: outcome.error.message,
    stateReason: reasonOf(outcome.error),
    evidence: { jobId: job.id, step: outcome.step ?? null },
  })
}

type JobLike = { id: string; input: unknown; actor: { type: string; id: string; name: string } }

/** Measurements that the onboarding had begun. */
async function abortRuns(trx: Trx, jobId: string, outcome: JobOutcome, deps: LifecycleJobDeps): Promise<void> {
  const at = deps.clock.date()
  await settleRun(outcome, async (patch) => {
    await updateBenchmark(trx, jobId.replace(/^job_/, 'bmk_'), { ...patch, finished_at: at }, 'running')
    await updateEvaluation(trx, jobId.replace(/^job_/, 'evl_'), { ...patch, finished_at: at }, 'running')
  })
}

export async function clearActiveJob(
  trx: Trx,
  job: JobLike,
  _outcome: JobOutcome,
  deps: LifecycleJobDeps,
): Promise<void> {
  await patchVersion(trx, VersionInput.parse(job.input).versionId, { active_job_id: null }, deps.clock.date())
}

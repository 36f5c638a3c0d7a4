import * as z from 'zod'
import { BenchmarkSpec, BenchmarkSpecInput, Onboarding } from '../../../contract/index.ts'
import { registry } from '../../../kernel/index.ts'
import { defineJob, defineStep, type JobDefinition, type JobOutcome, type StepContext } from '../../jobs/index.ts'
import type { Actor } from '../../platform/actor.ts'
import type { Trx } from '../../platform/db/index.ts'
import { updateBenchmark } from '../benchmarks/index.ts'
import { getVersion, patchVersion } from '../catalog/index.ts'
import { updateEvaluation } from '../evaluations/index.ts'
import type { LifecycleJobDeps } from './deps.ts'
import { measuringId } from './measuring-endpoint.ts'
import { moveVersion } from './move-version.ts'
import type { OnboardContext } from './onboard-context.ts'
import { createBenchmarkRow, runBenchmark } from './run-benchmark.ts'
import { createEvaluationRow, defaultTask, runEvaluation } from './run-evaluation.ts'
import { decide } from './steps/decide.ts'
import { describe } from './steps/describe.ts'
import { ingest } from './steps/ingest.ts'
import { inspect } from './steps/inspect.ts'
import { license } from './steps/license.ts'
import { plan } from './steps/plan.ts'
import { type ProbeOutput, probe } from './steps/probe.ts'
import { publishStep } from './steps/publish.ts'
import { redecide } from './steps/redecide.ts'
import { seal } from './steps/seal.ts'

const VersionInput = z.object({
  versionId: z.string(),
  onboarding: Onboarding.default({ benchmark: false, evaluate: false, publish: false }),
})
export type VersionInput = z.input<typeof VersionInput>
type Ctx = StepContext<VersionInput, LifecycleJobDeps>

/** The context of the lifecycle's steps, made from the job's. */
export function toOnboardContext(ctx: StepContext<unknown, LifecycleJobDeps>): OnboardContext {
  const input = VersionInput.parse(ctx.input)
  return {
    jobId: ctx.job.id,
    versionId: input.versionId,
    projectId: ctx.job.projectId,
    onboarding: input.onboarding,
    actor: actorOf(ctx.job.actor),
    signal: ctx.signal,
    progress: ctx.progress,
    log: (level, message) => ctx.log(level, message),
    tx: ctx.tx,
  }
}

/** The actor of a job's changes. Its permissions were checked when the job was asked for. */
export function actorOf(actor: { type: string; id: string; name: string }): Actor {
  const type = actor.type === 'user' || actor.type === 'token' ? actor.type : 'system'
  return { type, id: actor.id, name: actor.name, permissions: new Set() }
}

const step = (name: string, title: string, run: (deps: LifecycleJobDeps, ctx: OnboardContext) => Promise<unknown>) =>
  defineStep<VersionInput, LifecycleJobDeps>({ name, title, run: (ctx) => run(ctx.deps, toOnboardContext(ctx)) })

const begin = defineStep<VersionInput, LifecycleJobDeps>({
  name: 'begin',
  title: 'Start',
  run: async (ctx) =>
    ctx.finish(async (trx) => {
      const { actor, jobId, versionId } = toOnboardContext(ctx)
      const version = await getVersion(trx, versionId)
      if (version.state !== 'ingesting') {
        await moveVersion(ctx.deps, trx, {
          version,
          to: 'ingesting',
          actor,
          action: 'version.ingest',
          evidence: { jobId },
        })
      }
      return { from: version.state }
    }),
})

const inspectStep = step('inspect', 'Inspect every file', inspect)

const probeStep = defineStep<VersionInput, LifecycleJobDeps>({
  name: 'probe',
  title: 'Load in the engine',
  run: (ctx) =>
    probe(ctx.deps, toOnboardContext(ctx), (ctx.outputs['inspect'] as { needsAttention: boolean }).needsAttention),
  undo: async (ctx) => {
    await ctx.deps.engine?.remove(measuringId(toOnboardContext(ctx).versionId)).catch(() => undefined)
  },
  retry: { maxAttempts: 8, baseMs: 500, maxMs: 5_000 },
})

const engineBroke = (ctx: Ctx) => (ctx.outputs['probe'] as ProbeOutput | undefined)?.engine === 'broken'

const decideStep = defineStep<VersionInput, LifecycleJobDeps>({
  name: 'decide',
  title: 'Decide',
  run: (ctx) => ctx.finish((trx) => decide(ctx.deps, toOnboardContext(ctx), trx, engineBroke(ctx))),
})

/** True when the version came out verified and an engine ran it: only then is there something to measure. */
const measurable = (ctx: Ctx) =>
  (ctx.outputs['decide'] as { state: string }).state === 'verified' &&
  (ctx.outputs['probe'] as ProbeOutput).engine === 'ran'

const benchmarkStep = defineStep<VersionInput, LifecycleJobDeps>({
  name: 'benchmark',
  title: 'Benchmark',
  when: (input) => VersionInput.parse(input).onboarding.benchmark,
  run: async (ctx) => {
    if (!measurable(ctx)) return { skipped: 'nothing to measure' }
    const onboard = toOnboardContext(ctx)
    const spec = BenchmarkSpecInput.parse({})
    // The id follows from the job, so that a repeated step finds its own run again.
    const id = onboard.jobId.replace(/^job_/, 'bmk_')
    await ensureRow(ctx, () =>
      ctx.tx((trx) =>
        createBenchmarkRow(ctx.deps, trx, {
          id,
          versionId: onboard.versionId,
          projectId: onboard.projectId,
          spec,
          jobId: onboard.jobId,
          createdBy: onboard.actor.name,
        }),
      ),
    )
    return runBenchmark(ctx.deps, onboard, id, spec)
  },
})

const evaluateStep = defineStep<VersionInput, LifecycleJobDeps>({
  name: 'evaluate',
  title: 'Evaluate',
  when: (input) => VersionInput.parse(input).onboarding.evaluate,
  run: async (ctx) => {
    if (!measurable(ctx)) return { skipped: 'nothing to measure' }
    const onboard = toOnboardContext(ctx)
    const id = onboard.jobId.replace(/^job_/, 'evl_')
    const input = { task: defaultTask, seed: 1 }
    await ensureRow(ctx, () =>
      ctx.tx((trx) =>
        createEvaluationRow(ctx.deps, trx, {
          id,
          versionId: onboard.versionId,
          projectId: onboard.projectId,
          ...input,
          jobId: onboard.jobId,
          createdBy: onboard.actor.name,
        }),
      ),
    )
    return runEvaluation(ctx.deps, onboard, id, input)
  },
})

/** Runs a create that an earlier try of this step may have done already. */
async function ensureRow(ctx: Ctx, create: () => Promise<unknown>): Promise<void> {
  if (ctx.attempt === 1) {
    await create()
    return
  }
  await create().catch((error: unknown) => {
    if ((error as { code?: string }).code !== '23505') throw error
  })
}

const publishing = defineStep<VersionInput, LifecycleJobDeps>({
  name: 'publish',
  title: 'Publish',
  when: (input) => VersionInput.parse(input).onboarding.publish,
  run: (ctx) => publishStep(ctx.deps, toOnboardContext(ctx)),
})

export const onboardJob = defineJob<VersionInput, LifecycleJobDeps>({
  kind: 'onboard',
  title: 'Onboarding',
  concurrency: 2,
  maxAttempts: 4,
  steps: [
    begin,
    step('plan', 'List files', plan),
    step('ingest', 'Read and hash', ingest),
    step('seal', 'Seal the manifest', seal),
    inspectStep,
    step('license', 'Read the license', license),
    step('describe', 'Describe', describe),
    probeStep,
    decideStep,
    benchmarkStep,
    evaluateStep,
    publishing,
  ],
  settle: settleIngest,
})

export const rescanJob = defineJob<VersionInput, LifecycleJobDeps>({
  kind: 'rescan',
  title: 'Scan again',
  concurrency: 2,
  maxAttempts: 4,
  steps: [
    inspectStep,
    defineStep<VersionInput, LifecycleJobDeps>({
      name: 'redecide',
      title: 'Decide',
      run: (ctx) => ctx.finish((trx) => redecide(ctx.deps, toOnboardContext(ctx), trx)),
    }),
  ],
  settle: clearActiveJob,
})

const BenchmarkInput = VersionInput.extend({ benchmarkId: z.string(), spec: BenchmarkSpec })

export const benchmarkJob = defineJob<z.input<typeof BenchmarkInput>, LifecycleJobDeps>({
  kind: 'benchmark',
  title: 'Benchmark',
  concurrency: 1,
  maxAttempts: 2,
  steps: [
    defineStep({
      name: 'measure',
      title: 'Measure',
      run: (ctx) => {
        const { benchmarkId, spec } = BenchmarkInput.parse(ctx.input)
        return runBenchmark(ctx.deps, toOnboardContext(ctx), benchmarkId, spec)
      },
    }),
  ],
  settle: async (trx, job, outcome, deps) => {
    const { benchmarkId } = BenchmarkInput.parse(job.input)
    await settleRun(outcome, (patch) => updateBenchmark(trx, benchmarkId, { ...patch, finished_at: deps.clock.date() }))
  },
})

const EvaluationInput = VersionInput.extend({ evaluationId: z.string(), task: z.string(), seed: z.int() })

export const evaluationJob = defineJob<z.input<typeof EvaluationInput>, LifecycleJobDeps>({
  kind: 'evaluation',
  title: 'Evaluation',
  concurrency: 1,
  maxAttempts: 3,
  steps: [
    defineStep({
      name: 'evaluate',
      title: 'Evaluate',
      run: (ctx) => {
        const { evaluationId, task, seed } = EvaluationInput.parse(ctx.input)
        return runEvaluation(ctx.deps, toOnboardContext(ctx), evaluationId, { task, seed })
      },
    }),
  ],
  settle: async (trx, job, outcome, deps) => {
    const { evaluationId } = EvaluationInput.parse(job.input)
    await settleRun(outcome, (patch) =>
      updateEvaluation(trx, evaluationId, { ...patch, finished_at: deps.clock.date() }),
    )
  },
})

/** Every job the hub can run. */
export const jobDefinitions = registry<JobDefinition>('job', [
  onboardJob,
  rescanJob,
  benchmarkJob,
  evaluationJob,
] as unknown as JobDefinition[])

type RunPatch = { state: 'failed' | 'aborted'; error: { code: string; message: string; remedy?: string } | null }

async function settleRun(outcome: JobOutcome, update: (patch: RunPatch) => Promise<void>): Promise<void> {
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
async function settleIngest(trx: Trx, job: JobLike, outcome: JobOutcome, deps: LifecycleJobDeps): Promise<void> {
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

async function clearActiveJob(trx: Trx, job: JobLike, _outcome: JobOutcome, deps: LifecycleJobDeps): Promise<void> {
  await patchVersion(trx, VersionInput.parse(job.input).versionId, { active_job_id: null }, deps.clock.date())
}

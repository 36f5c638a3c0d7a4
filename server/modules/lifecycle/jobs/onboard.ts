import { BenchmarkSpecInput } from '../../../../contract/index.ts'
import { HubError } from '../../../../kernel/index.ts'
import { defineJob, defineStep, isRetryable } from '../../../jobs/index.ts'
import type { LifecycleJobDeps } from '../deps.ts'
import { measuringId } from '../measure/measuring-endpoint.ts'
import { createBenchmarkRow, runBenchmark } from '../measure/run-benchmark.ts'
import { createEvaluationRow, defaultTask, runEvaluation } from '../measure/run-evaluation.ts'
import { checkSignatures } from '../provenance/check-signatures.ts'
import { decide } from '../steps/decide.ts'
import { describe } from '../steps/describe.ts'
import { ingest } from '../steps/ingest.ts'
import { inspect } from '../steps/inspect.ts'
import { license } from '../steps/license.ts'
import { plan } from '../steps/plan.ts'
import { type ProbeOutput, probe } from '../steps/probe.ts'
import { seal } from '../steps/seal.ts'
import { begin, publishing } from './common-steps.ts'
import { type Ctx, step, toOnboardContext, VersionInput } from './input.ts'
import { settleIngest } from './settle.ts'

const probeStep = defineStep<VersionInput, LifecycleJobDeps>({
  name: 'probe',
  title: 'Load in the engine',
  run: (ctx) =>
    probe(ctx.deps, toOnboardContext(ctx), (ctx.outputs['inspect'] as { needsAttention: boolean }).needsAttention),
  undo: async (ctx) => {
    await ctx.deps.engine?.remove(measuringId(ctx.job.id)).catch(() => undefined)
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
    await ctx.tx((trx) =>
      createBenchmarkRow(ctx.deps, trx, {
        id,
        versionId: onboard.versionId,
        projectId: onboard.projectId,
        spec,
        jobId: onboard.jobId,
        createdBy: onboard.actor.name,
      }),
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
    await ctx.tx((trx) =>
      createEvaluationRow(ctx.deps, trx, {
        id,
        versionId: onboard.versionId,
        projectId: onboard.projectId,
        ...input,
        jobId: onboard.jobId,
        createdBy: onboard.actor.name,
      }),
    )
    return runEvaluation(ctx.deps, onboard, id, input)
  },
})

/** What the downloader has already tried again: a source that says one thing and sends another does not get better by waiting. */
const lies = new Set(['digest_mismatch', 'length_mismatch', 'size_mismatch'])
const mayPass = (error: unknown): boolean =>
  !(error instanceof HubError && lies.has(error.code)) && isRetryable(error, undefined)

/** From draft to verified or needs attention, and on to evidence and publishing where that was asked for. */
export const onboardJob = defineJob<VersionInput, LifecycleJobDeps>({
  kind: 'onboard',
  title: 'Onboarding',
  concurrency: 2,
  maxAttempts: 4,
  steps: [
    begin,
    step('plan', 'List files', plan),
    step('ingest', 'Read and hash', ingest, { retryable: mayPass }),
    step('seal', 'Seal the manifest', seal),
    step('signatures', 'Check signatures', checkSignatures),
    step('inspect', 'Inspect every file', inspect),
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

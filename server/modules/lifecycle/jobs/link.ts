import { defineJob, defineStep } from '../../../jobs/index.ts'
import type { LifecycleJobDeps } from '../deps.ts'
import { decideHosted } from '../steps/decide-hosted.ts'
import { describeHosted } from '../steps/describe-hosted.ts'
import { type ProbeHostedOutput, probeHosted } from '../steps/probe-hosted.ts'
import { type ProveOutput, prove } from '../steps/prove.ts'
import { begin, publishing } from './common-steps.ts'
import { type Ctx, toOnboardContext, type VersionInput } from './input.ts'
import { settleIngest } from './settle.ts'

/** A provider that is busy is asked again over about a minute. */
const patience = { maxAttempts: 6, baseMs: 1_000, maxMs: 30_000 }

const proved = (ctx: Ctx) => ctx.outputs['prove'] as ProveOutput
const probed = (ctx: Ctx) => ctx.outputs['probe'] as ProbeHostedOutput

const proveStep = defineStep<VersionInput, LifecycleJobDeps>({
  name: 'prove',
  title: 'Prove the credential',
  run: (ctx) => prove(ctx.deps, toOnboardContext(ctx)),
  retry: patience,
})

const probeStep = defineStep<VersionInput, LifecycleJobDeps>({
  name: 'probe',
  title: 'Ask for one token',
  run: (ctx) => probeHosted(ctx.deps, toOnboardContext(ctx), proved(ctx).refusal === null),
  retry: patience,
})

const describeStep = defineStep<VersionInput, LifecycleJobDeps>({
  name: 'describe',
  title: 'Record what is known',
  run: (ctx) => describeHosted(ctx.deps, toOnboardContext(ctx), probed(ctx)),
})

const decideStep = defineStep<VersionInput, LifecycleJobDeps>({
  name: 'decide',
  title: 'Decide',
  run: (ctx) => {
    const onboard = toOnboardContext(ctx)
    if (onboard.onboarding.benchmark || onboard.onboarding.evaluate) {
      onboard.log('warn', 'What a provider hosts is not measured here: no benchmark and no evaluation was run.')
    }
    const refusal = proved(ctx).refusal ?? probed(ctx).refusal
    return ctx.finish((trx) => decideHosted(ctx.deps, onboard, trx, refusal))
  },
})

/** The onboarding of what a provider hosts: from draft to verified or needs attention, and on to publishing where that was asked for. */
export const linkJob = defineJob<VersionInput, LifecycleJobDeps>({
  kind: 'link',
  title: 'Linking',
  concurrency: 4,
  maxAttempts: 4,
  steps: [begin, proveStep, probeStep, describeStep, decideStep, publishing],
  settle: settleIngest,
})

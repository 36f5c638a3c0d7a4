import * as z from 'zod'
import { Onboarding } from '../../../../contract/index.ts'
import { defineStep, type RetryPolicy, type StepContext, type StepDefinition } from '../../../jobs/index.ts'
import type { Actor } from '../../../platform/actor.ts'
import type { LifecycleJobDeps } from '../deps.ts'
import type { OnboardContext } from '../onboard-context.ts'

/** Input of every job on a version. */
export const VersionInput = z.object({
  versionId: z.string(),
  onboarding: Onboarding.default({ benchmark: false, evaluate: false, publish: false }),
})
export type VersionInput = z.input<typeof VersionInput>
export type Ctx = StepContext<VersionInput, LifecycleJobDeps>

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

/** A step that is one function of the lifecycle. */
export const step = (
  name: string,
  title: string,
  run: (deps: LifecycleJobDeps, ctx: OnboardContext) => Promise<unknown>,
  retry?: RetryPolicy,
): StepDefinition<VersionInput, LifecycleJobDeps> =>
  defineStep<VersionInput, LifecycleJobDeps>({
    name,
    title,
    run: (ctx) => run(ctx.deps, toOnboardContext(ctx)),
    ...(retry === undefined ? {} : { retry }),
  })

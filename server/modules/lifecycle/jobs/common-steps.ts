import { defineStep } from '../../../jobs/index.ts'
import { getVersion } from '../../catalog/index.ts'
import type { LifecycleJobDeps } from '../deps.ts'
import { moveVersion } from '../move-version.ts'
import { publishStep } from '../steps/publish.ts'
import { toOnboardContext, VersionInput } from './input.ts'

/** How every onboarding begins. */
export const begin = defineStep<VersionInput, LifecycleJobDeps>({
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

/** How every onboarding that was asked to publish ends. */
export const publishing = defineStep<VersionInput, LifecycleJobDeps>({
  name: 'publish',
  title: 'Publish',
  when: (input) => VersionInput.parse(input).onboarding.publish,
  run: (ctx) => publishStep(ctx.deps, toOnboardContext(ctx)),
})

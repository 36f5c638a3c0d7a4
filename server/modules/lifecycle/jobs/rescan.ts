import { defineJob, defineStep } from '../../../jobs/index.ts'
import { getVersion } from '../../catalog/index.ts'
import type { LifecycleJobDeps } from '../deps.ts'
import { measuringId } from '../measure/measuring-endpoint.ts'
import { inspect } from '../steps/inspect.ts'
import { type ProbeOutput, probe } from '../steps/probe.ts'
import { redecide } from '../steps/redecide.ts'
import { type Ctx, step, toOnboardContext, type VersionInput } from './input.ts'
import { clearActiveJob } from './settle.ts'

/** What was held back by its scan was never loaded: it is before it may be verified. */
const probeStep = defineStep<VersionInput, LifecycleJobDeps>({
  name: 'probe',
  title: 'Load in the engine',
  run: async (ctx) => {
    const onboard = toOnboardContext(ctx)
    const { state } = await getVersion(ctx.deps.database.db, onboard.versionId)
    if (state !== 'needs_attention') return { engine: 'not_applicable' }
    return await probe(ctx.deps, onboard, (ctx.outputs['inspect'] as { needsAttention: boolean }).needsAttention)
  },
  undo: async (ctx) => {
    await ctx.deps.engine?.remove(measuringId(ctx.job.id)).catch(() => undefined)
  },
  retry: { maxAttempts: 8, baseMs: 500, maxMs: 5_000 },
})

const engineBroke = (ctx: Ctx) => (ctx.outputs['probe'] as ProbeOutput | undefined)?.engine === 'broken'

/** Inspects the files again and judges them by the present rules; what they held back may then be verified. */
export const rescanJob = defineJob<VersionInput, LifecycleJobDeps>({
  kind: 'rescan',
  title: 'Scan again',
  concurrency: 2,
  maxAttempts: 4,
  steps: [
    step('inspect', 'Inspect every file', inspect),
    probeStep,
    defineStep<VersionInput, LifecycleJobDeps>({
      name: 'redecide',
      title: 'Decide',
      run: (ctx) => ctx.finish((trx) => redecide(ctx.deps, toOnboardContext(ctx), trx, { broken: engineBroke(ctx) })),
    }),
  ],
  settle: clearActiveJob,
})

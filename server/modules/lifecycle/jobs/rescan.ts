import { defineJob, defineStep } from '../../../jobs/index.ts'
import type { LifecycleJobDeps } from '../deps.ts'
import { inspect } from '../steps/inspect.ts'
import { redecide } from '../steps/redecide.ts'
import { step, toOnboardContext, type VersionInput } from './input.ts'
import { clearActiveJob } from './settle.ts'

/** Inspects the files again and judges them by the present rules. */
export const rescanJob = defineJob<VersionInput, LifecycleJobDeps>({
  kind: 'rescan',
  title: 'Scan again',
  concurrency: 2,
  maxAttempts: 4,
  steps: [
    step('inspect', 'Inspect every file', inspect),
    defineStep<VersionInput, LifecycleJobDeps>({
      name: 'redecide',
      title: 'Decide',
      run: (ctx) => ctx.finish((trx) => redecide(ctx.deps, toOnboardContext(ctx), trx)),
    }),
  ],
  settle: clearActiveJob,
})

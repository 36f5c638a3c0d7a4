import * as z from 'zod'
import { defineJob, defineStep } from '../../../jobs/index.ts'
import { updateEvaluation } from '../../evaluations/index.ts'
import type { LifecycleJobDeps } from '../deps.ts'
import { runEvaluation } from '../measure/run-evaluation.ts'
import { toOnboardContext, VersionInput } from './input.ts'
import { settleRun } from './settle.ts'

const EvaluationInput = VersionInput.extend({ evaluationId: z.string(), task: z.string(), seed: z.int() })

/** One evaluation run. */
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

import * as z from 'zod'
import { BenchmarkSpec } from '../../../../contract/index.ts'
import { defineJob, defineStep } from '../../../jobs/index.ts'
import { updateBenchmark } from '../../benchmarks/index.ts'
import type { LifecycleJobDeps } from '../deps.ts'
import { runBenchmark } from '../measure/run-benchmark.ts'
import { toOnboardContext, VersionInput } from './input.ts'
import { settleRun } from './settle.ts'

const BenchmarkInput = VersionInput.extend({ benchmarkId: z.string(), spec: BenchmarkSpec })

/** One benchmark run, one at a time: two would measure each other. */
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

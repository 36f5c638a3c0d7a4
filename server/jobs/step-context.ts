import type { Trx } from '../platform/db/index.ts'
import type { Finished, StepContext } from './definition.ts'
import type { Job } from './job.ts'
import type { JobRun } from './job-run.ts'
import { assertLease } from './store.ts'

export type StepCall = {
  job: Job
  outputs: Readonly<Record<string, unknown>>
  attempt: number
  /** True in an undo: a cancel was asked for and does not stop it. */
  undoing: boolean
  /** Writes the step's end into a transaction. */
  recordEnd: (trx: Trx, output: unknown) => Promise<void>
}

/** Makes what a step works with, and tells whether the step has recorded its own end. */
export function createStepContext(run: JobRun, call: StepCall): { ctx: StepContext; isFinished: () => boolean } {
  let finished = false
  const fenced = <T>(body: (trx: Trx) => Promise<T>): Promise<T> =>
    run.database.transaction(async (trx) => {
      const result = await body(trx)
      await assertLease(trx, run.live.lease, call.undoing)
      return result
    })
  const ctx: StepContext = {
    job: call.job,
    input: call.job.input,
    deps: run.deps,
    outputs: call.outputs,
    attempt: call.attempt,
    signal: call.undoing ? run.live.undo : run.live.work,
    progress: run.reporter.progress,
    log: run.reporter.log,
    tx: fenced,
    finish: async (...args) => {
      const [body] = args
      await fenced(async (trx) => {
        const result = await body(trx)
        await call.recordEnd(trx, args.length > 1 ? args[1] : result)
      })
      finished = true
      return {} as Finished
    },
  }
  return { ctx, isFinished: () => finished }
}

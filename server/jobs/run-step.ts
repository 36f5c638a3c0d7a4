import { conflict } from '../../kernel/index.ts'
import { isDatabaseAway, type Trx } from '../platform/db/index.ts'
import type { StepDefinition } from './definition.ts'
import { isRetryable, toJobError } from './failure.ts'
import { type Interrupt, interruptOf } from './interrupt.ts'
import type { JobError } from './job.ts'
import { asJournaled, type JobRun, type Journal } from './job-run.ts'
import { createStepContext } from './step-context.ts'
import { assertLease, putStep, type StepRow } from './store.ts'

/** How one run of a step, or of its undo, ended. */
export type StepResult =
  | { type: 'done'; output: unknown }
  | { type: 'interrupted'; by: Interrupt }
  /** `failures` counts this one. */
  | { type: 'failed'; error: JobError; failures: number; final: boolean }

/** A step that takes the process down with it is given up after so many starts beyond its failures. */
const crashLimit = 100

/** Runs a step, or takes it back, with its begin and end in the journal. Throws only when the database cannot be used. */
export async function runStep(
  run: JobRun,
  journal: Journal,
  step: StepDefinition,
  known: StepRow | undefined,
  undoing: boolean,
): Promise<StepResult> {
  const direction = undoing ? ('undo' as const) : ('run' as const)
  const key = {
    job_id: run.live.lease.jobId,
    name: step.name,
    position: known?.position ?? run.definition.steps.indexOf(step),
  }
  const signal = undoing ? run.live.undo : run.live.work
  // An undo has its own count of failures: those of the step do not shorten it.
  const failures = undoing && known?.state !== 'undoing' ? 0 : (known?.failures ?? 0)
  const starts = (known?.starts ?? 0) + 1
  let output: unknown = null

  const recordEnd = async (trx: Trx, result: unknown) => {
    output = asJournaled(step.name, result)
    const at = run.clock.date()
    const state = undoing ? 'undone' : 'done'
    await putStep(trx, { ...key, state, at, finished: true, ...(undoing ? {} : { output }) })
    await run.reporter.record(trx, [{ type: 'step', at, data: { step: step.name, title: step.title, state } }])
  }
  const fenced = (body: (trx: Trx) => Promise<void>) =>
    run.database.transaction(async (trx) => {
      await body(trx)
      await assertLease(trx, run.live.lease, undoing)
    })

  try {
    if (signal.aborted) throw signal.reason
    if (starts - failures > crashLimit) throw keepsCrashing(step.name, starts)
    run.reporter.beginStep(step.name)
    await fenced(async (trx) => {
      const at = run.clock.date()
      const state = undoing ? 'undoing' : 'running'
      await putStep(trx, { ...key, state, at, begins: true, failures })
      await run.reporter.record(trx, [
        { type: 'step', at, data: { step: step.name, title: step.title, state, attempt: starts } },
      ])
    })
    const outputs = undoing && known !== undefined ? { ...journal.outputs, [step.name]: known.output } : journal.outputs
    const call = { job: journal.job, outputs, attempt: failures + 1, undoing, recordEnd }
    const { ctx, isFinished } = createStepContext(run, call)
    const result = await step[direction]?.(ctx)
    if (!isFinished()) await fenced((trx) => recordEnd(trx, result))
    return { type: 'done', output }
  } catch (error) {
    const by = interruptOf(signal.aborted ? signal.reason : error)
    if (by !== undefined) return { type: 'interrupted', by }
    // Not the step's failure, and whether its last transaction was committed is not known: the journal, read again, tells.
    if (isDatabaseAway(error)) throw error
    return await recordFailure(error)
  }

  async function recordFailure(error: unknown): Promise<StepResult> {
    const failure = toJobError(error)
    const policy = step.retry
    const count = failures + 1
    const final = !isRetryable(error, policy) || count >= (policy?.maxAttempts ?? run.definition.maxAttempts)
    run.log.warn(
      { err: error, jobId: key.job_id, step: step.name, direction, failures: count, final },
      'a job step failed',
    )
    try {
      await fenced(async (trx) => {
        const at = run.clock.date()
        const state = undoing ? 'undoing' : final ? 'failed' : 'running'
        await putStep(trx, { ...key, state, at, failures: count, error: failure, ...(final ? { finished: true } : {}) })
        const data = { step: step.name, title: step.title, state: 'failed', error: failure, attempt: count, final }
        await run.reporter.record(trx, [{ type: 'step', at, data }])
      })
    } catch (second) {
      const by = interruptOf(second)
      if (by !== undefined) return { type: 'interrupted', by }
      throw second
    }
    return { type: 'failed', error: failure, failures: count, final }
  }
}

/** Of a final kind: the next start would only end the process once more. */
function keepsCrashing(step: string, starts: number): Error {
  return conflict(
    'step_keeps_crashing',
    `The step "${step}" was started ${starts} times and the hub ended in the middle of it each time.`,
    'Look at the log and the memory of the hub before you try this again.',
  )
}

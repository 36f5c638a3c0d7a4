import { messageOf } from '../../kernel/index.ts'
import type { JobOutcome } from './definition.ts'
import { backoffMs, isRetryable, toJobError } from './failure.ts'
import { type Interrupt, interrupt, interruptOf } from './interrupt.ts'
import type { JobError } from './job.ts'
import { type JobRun, type Journal, readJournal } from './job-run.ts'
import { runStep } from './run-step.ts'
import { assertLease, json, updateJob } from './store.ts'

/** Pauses between tries to settle: an end that cannot be written is tried for ever, since nothing else would release its subject. */
const settlePolicy = { baseMs: 500, maxMs: 60_000 }

/**
 * Carries a claimed job as far as it goes now: to its end, to a pause before the next try, or until an interrupt. Finished steps of
 * earlier claims are skipped. Rejects only when the database cannot be used; the lease then runs out and another claim goes on.
 */
export async function runJob(run: JobRun): Promise<void> {
  try {
    await advance(run)
  } catch (error) {
    const by = interruptOf(error)
    if (by === 'lease_lost') return
    if (by === 'hub_stopping') return await giveBack(run)
    if (by === 'job_cancelled') return await runJob(run)
    throw error
  } finally {
    await run.reporter.stop()
  }
}

async function advance(run: JobRun): Promise<void> {
  const journal = await readJournal(run)
  if (journal.row.cancel_requested_at !== null) return await undoAll(run, journal)

  const failed = journal.steps.find((step) => step.state === 'failed')
  if (failed !== undefined) {
    return await settleFailed(run, journal, failed.error ?? toJobError(undefined), failed.name, false)
  }
  for (const step of run.definition.steps) {
    const known = journal.steps.find((row) => row.name === step.name)
    if (known?.state === 'done' || step.when?.(journal.row.input) === false) continue
    const result = await runStep(run, journal, step, known, false)
    if (result.type === 'interrupted') return await stopFor(run, result.by)
    if (result.type === 'failed') {
      if (result.final) return await settleFailed(run, await readJournal(run), result.error, step.name, false)
      return await release(run, backoffMs(result.failures, step.retry, run.random), result.error, { undoing: false })
    }
    journal.outputs[step.name] = result.output
  }
  await settle(run, await readJournal(run), { state: 'succeeded', outputs: journal.outputs }, false)
}

async function stopFor(run: JobRun, by: Interrupt): Promise<void> {
  if (by === 'job_cancelled') return await undoAll(run, await readJournal(run))
  throw interrupt(by)
}

/** Takes back every step that was begun, last first. */
async function undoAll(run: JobRun, journal: Journal): Promise<void> {
  const begun = journal.steps.filter((step) => step.state !== 'undone').sort((a, b) => b.position - a.position)
  for (const known of begun) {
    const step = run.definition.steps.find((one) => one.name === known.name)
    // A step that an earlier version of the hub had and this one has not can only be left as it is.
    if (step === undefined) continue
    const result = await runStep(run, journal, step, known, true)
    if (result.type === 'interrupted') throw interrupt(result.by)
    if (result.type === 'failed') {
      if (!result.final) {
        return await release(run, backoffMs(result.failures, step.retry, run.random), result.error, { undoing: true })
      }
      const error = {
        ...result.error,
        code: 'undo_failed',
        message: `Could not undo "${step.title}": ${result.error.message}`,
      }
      return await settleFailed(run, journal, error, step.name, true)
    }
  }
  const by = journal.row.cancelled_by ?? journal.row.actor
  await settle(run, await readJournal(run), { state: 'cancelled', by }, true)
}

const settleFailed = (run: JobRun, journal: Journal, error: JobError, step: string, undoing: boolean): Promise<void> =>
  settle(run, journal, { state: 'failed', error, step, outputs: journal.outputs }, undoing)

/** Ends the job in the transaction of the definition's `settle`. A cancel that came meanwhile goes before, unless it is being carried out. */
async function settle(run: JobRun, journal: Journal, outcome: JobOutcome, undoing: boolean): Promise<void> {
  const { lease } = run.live
  const at = run.clock.date()
  const error = outcome.state === 'failed' ? outcome.error : null
  const job = { ...journal.job, state: outcome.state, cancelling: false, error, finishedAt: at.toISOString() }
  try {
    await run.database.transaction(async (trx) => {
      await run.definition.settle?.(trx, job, outcome, run.deps)
      await assertLease(trx, lease, undoing)
      const data = { state: outcome.state, ...(error === null ? {} : { error }) }
      await run.reporter.record(trx, [{ type: 'state', at, data }])
      await updateJob(trx, lease.jobId, {
        state: outcome.state,
        owner: null,
        lease_until: null,
        finished_at: at,
        error: error === null ? null : json(error),
      })
    })
  } catch (cause) {
    if (interruptOf(cause) !== undefined) throw cause
    run.log.error({ err: cause, jobId: lease.jobId, outcome: outcome.state }, 'the end of a job could not be written')
    // A success that is refused for good is a failure; any other end must be written some time.
    if (outcome.state === 'succeeded' && !isRetryable(cause, undefined)) {
      const { outputs } = outcome
      return await settle(run, journal, { state: 'failed', error: toJobError(cause), step: undefined, outputs }, false)
    }
    const pause = backoffMs(journal.row.settle_failures + 1, settlePolicy, run.random)
    const failure = {
      code: 'settle_failed',
      message: `The end could not be written: ${messageOf(cause)}`,
      remedy: null,
    }
    await release(run, pause, failure, { undoing, settleFailures: journal.row.settle_failures + 1 })
  }
}

type ReleaseOptions = { undoing: boolean; settleFailures?: number }

/** Gives the job back at once: the hub is stopping. */
async function giveBack(run: JobRun): Promise<void> {
  await release(run, 0, undefined, { undoing: false }).catch((error: unknown) => {
    if (interruptOf(error) !== 'lease_lost') throw error
  })
}

async function release(
  run: JobRun,
  delayMs: number,
  error: JobError | undefined,
  options: ReleaseOptions,
): Promise<void> {
  const { lease } = run.live
  await run.database.transaction(async (trx) => {
    const row = await assertLease(trx, lease, true)
    const at = run.clock.date()
    // A cancel that came meanwhile does not wait for the next try.
    const mustUndo = row.cancel_requested_at !== null && !options.undoing
    // Its birth says "at once" whatever becomes of the clock.
    const runAfter = mustUndo || delayMs === 0 ? row.created_at : new Date(at.getTime() + delayMs)
    const data = { state: 'queued', ...(error === undefined ? {} : { error, retryAt: runAfter.toISOString() }) }
    await run.reporter.record(trx, [{ type: 'state', at, data }])
    await updateJob(trx, lease.jobId, {
      state: 'queued',
      owner: null,
      lease_until: null,
      run_after: runAfter,
      settle_failures: options.settleFailures ?? 0,
    })
  })
}

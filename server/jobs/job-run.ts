import { type Clock, internal } from '../../kernel/index.ts'
import type { Database } from '../platform/db/index.ts'
import type { Log } from '../platform/log.ts'
import type { JobDefinition } from './definition.ts'
import { interrupt } from './interrupt.ts'
import type { Job } from './job.ts'
import type { LiveRun } from './live-run.ts'
import { toJob } from './present.ts'
import type { Reporter } from './reporter.ts'
import { findJob, type JobRow, listSteps, type StepRow } from './store.ts'

/** Everything that one claim of one job works with. */
export type JobRun = {
  database: Database
  clock: Clock
  log: Log
  definition: JobDefinition
  deps: unknown
  /** From 0 to below 1, for the spread of pauses. */
  random: () => number
  live: LiveRun
  reporter: Reporter
}

/** What the journal says. */
export type Journal = { row: JobRow; steps: StepRow[]; job: Job; outputs: Record<string, unknown> }

export async function readJournal(run: JobRun): Promise<Journal> {
  const id = run.live.lease.jobId
  const row = await findJob(run.database.db, id)
  if (row === undefined) throw interrupt('lease_lost')
  const steps = await listSteps(run.database.db, [id])
  const outputs = Object.fromEntries(
    steps.filter((step) => step.state === 'done').map((step) => [step.name, step.output]),
  )
  return { row, steps, job: toJob(row, steps, run.definition), outputs }
}

const outputLimit = 1024 * 1024

/**
 * What the journal will give back of an output, so that later steps see the same with and without a restart between. Throws
 * `internal` `step_output_too_large` beyond 1 MB of JSON: outputs are facts, bytes belong in blobs.
 */
export function asJournaled(step: string, output: unknown): unknown {
  const text = JSON.stringify(output ?? null)
  if (text.length > outputLimit) {
    throw internal(
      'step_output_too_large',
      `The output of step "${step}" has ${text.length} characters; ${outputLimit} are the limit.`,
    )
  }
  return JSON.parse(text)
}

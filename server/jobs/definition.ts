import type { Trx } from '../platform/db/index.ts'
import type { Job, JobError } from './job.ts'

/** What a step says of how far it is; what is left out stays as it was, null takes it back. */
export type ProgressReport = {
  bytesDone?: number | null | undefined
  bytesTotal?: number | null | undefined
  done?: number | null | undefined
  total?: number | null | undefined
  message?: string | null | undefined
}

export type RetryPolicy = {
  /** Tries in all, from 1; the job's `maxAttempts` unless told. */
  maxAttempts?: number
  /** Pause after the first failure in milliseconds, doubled each time: 1,000 unless told. */
  baseMs?: number
  /** Longest pause in milliseconds: 300,000 unless told. */
  maxMs?: number
  /** Whether this error may pass by itself; unless told: kinds upstream, limit, internal and anything that is no HubError. */
  retryable?: (error: unknown) => boolean
}

declare const finished: unique symbol
/** Proof that a step has recorded its own end; only `ctx.finish` makes one. */
export type Finished = { readonly [finished]: true }

/** What a step works with. Steps may run more than once (a kill between effect and record), so they must be idempotent. */
export type StepContext<Input = unknown, Deps = unknown> = {
  job: Job
  input: Input
  deps: Deps
  /** Outputs of finished steps by step name; in an undo also this step's own. */
  outputs: Readonly<Record<string, unknown>>
  /** Tries of this step so far, this one included. */
  attempt: number
  /** Aborts on cancel (within 2 s), on stop, and when another worker has taken the job. */
  signal: AbortSignal
  /** Cheap to call often: at most 4 a second are kept. */
  progress: (report: ProgressReport) => void
  log: (level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void
  /**
   * A transaction that commits only if this worker still owns the job. Throws `conflict` `lease_lost` or `job_cancelled`
   * otherwise, with nothing written.
   */
  tx: <T>(body: (trx: Trx) => Promise<T>) => Promise<T>
  /**
   * Ends the step inside one last fenced transaction, so that its effect and its record are one. Return its result from `run`.
   * The output is `output`, or what `body` returns when that is left out.
   */
  finish: (body: (trx: Trx) => Promise<unknown>, output?: unknown) => Promise<Finished>
}

export type StepDefinition<Input = unknown, Deps = unknown> = {
  /** Stable: it is the key of the journal. */
  name: string
  title: string
  /** The output must be JSON of at most 1 MB; it is given to later steps. */
  run(ctx: StepContext<Input, Deps>): Promise<unknown>
  /** Takes back what `run` did, entirely or in part; called on cancel for started steps, last first. Must be idempotent. */
  undo?(ctx: StepContext<Input, Deps>): Promise<unknown>
  /** False leaves the step out for this input. */
  when?(input: Input): boolean
  retry?: RetryPolicy
}

export type JobOutcome =
  | { state: 'succeeded'; outputs: Readonly<Record<string, unknown>> }
  | { state: 'failed'; error: JobError; step: string | undefined; outputs: Readonly<Record<string, unknown>> }
  | { state: 'cancelled'; by: { type: string; id: string; name: string } }

export type JobDefinition<Input = unknown, Deps = unknown> = {
  kind: string
  title: string
  /** How many of this kind one process runs at once. */
  concurrency: number
  /** Tries of each step unless it says otherwise. */
  maxAttempts: number
  steps: readonly StepDefinition<Input, Deps>[]
  /** Runs in the transaction that ends the job, whichever way: what it writes and the job's end are one. */
  settle?(trx: Trx, job: Job, outcome: JobOutcome, deps: Deps): Promise<void>
}

/** A step with its types inferred. */
export const defineStep = <Input, Deps>(step: StepDefinition<Input, Deps>): StepDefinition<Input, Deps> => step

/** A job kind. Throws when two steps share a name. */
export function defineJob<Input, Deps>(definition: JobDefinition<Input, Deps>): JobDefinition<Input, Deps> {
  const names = new Set(definition.steps.map((step) => step.name))
  if (names.size !== definition.steps.length) throw new Error(`job "${definition.kind}" has two steps of one name`)
  return definition
}

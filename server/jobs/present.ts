import type { JobDefinition } from './definition.ts'
import { isFinal, type Job, type JobEvent, type JobStep } from './job.ts'
import type { EventRow, JobRow, StepRow } from './store.ts'

const iso = (date: Date | null): string | null => date?.toISOString() ?? null

/** A job as shown: its rows, with the definition's steps that have not begun. */
export function toJob(row: JobRow, steps: readonly StepRow[], definition: JobDefinition | undefined): Job {
  const waitsForRetry = row.state === 'queued' && row.attempt > 0
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    state: row.state,
    cancelling: row.cancel_requested_at !== null && !isFinal(row.state),
    input: row.input,
    subject: row.subject,
    projectId: row.project_id,
    actor: row.actor,
    createdBy: row.actor.name,
    attempt: row.attempt,
    steps: toSteps(row, steps, definition),
    progress: row.progress,
    error: row.error,
    createdAt: row.created_at.toISOString(),
    startedAt: iso(row.started_at),
    finishedAt: iso(row.finished_at),
    retryAt: waitsForRetry ? iso(row.run_after) : null,
  }
}

function toSteps(row: JobRow, steps: readonly StepRow[], definition: JobDefinition | undefined): JobStep[] {
  const begun = new Map(steps.map((step) => [step.name, step]))
  const defined = definition?.steps ?? steps.map((step) => ({ name: step.name, title: step.name, when: undefined }))
  return defined.map((step) => {
    const { name, title } = step
    const known = begun.get(name)
    if (known === undefined) {
      const skipped = isFinal(row.state) || step.when?.(row.input) === false
      return { name, title, state: skipped ? 'skipped' : 'waiting', attempt: 0, startedAt: null, finishedAt: null }
    }
    return {
      name,
      title,
      state: known.state,
      attempt: known.starts,
      startedAt: known.started_at.toISOString(),
      finishedAt: iso(known.finished_at),
    }
  })
}

export function toEvent(row: EventRow): JobEvent {
  return { jobId: row.job_id, seq: row.seq, type: row.type, at: row.at.toISOString(), data: row.data }
}

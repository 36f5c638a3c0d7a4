import { invalid, type Registry } from '../../kernel/index.ts'
import type { Db } from '../platform/db/index.ts'
import type { JobDefinition } from './definition.ts'
import type { JobPage, JobState } from './job.ts'
import { toJob } from './present.ts'
import { listJobRows, listSteps } from './store.ts'

export type JobFilter = {
  subject?: string | undefined
  state?: JobState | undefined
  kind?: string | undefined
  /** Only jobs of these projects. */
  projectIds?: readonly string[] | undefined
  /** 1 to 200. */
  limit: number
  cursor?: string | undefined
}

/** Jobs, newest first. Throws `invalid` for a limit out of range or a cursor that is no job id. */
export async function listJobs(db: Db, definitions: Registry<JobDefinition>, filter: JobFilter): Promise<JobPage> {
  const { limit, cursor, subject, state, kind, projectIds } = filter
  if (!Number.isInteger(limit) || limit < 1 || limit > 200) {
    throw invalid('invalid_limit', 'The limit must be a whole number from 1 to 200.')
  }
  if (cursor !== undefined && !/^job_[0-9a-z]{1,64}$/.test(cursor)) {
    throw invalid('invalid_cursor', 'The cursor is not one that this hub gave.', 'Start again without a cursor.')
  }
  const rows = await listJobRows(db, {
    ...(subject === undefined ? {} : { subject }),
    ...(state === undefined ? {} : { state }),
    ...(kind === undefined ? {} : { kind }),
    ...(projectIds === undefined ? {} : { projectIds }),
    ...(cursor === undefined ? {} : { before: cursor }),
    limit: limit + 1,
  })
  const kept = rows.slice(0, limit)
  const steps = Map.groupBy(
    await listSteps(
      db,
      kept.map((row) => row.id),
    ),
    (step) => step.job_id,
  )
  return {
    items: kept.map((row) => toJob(row, steps.get(row.id) ?? [], definitions.find(row.kind))),
    nextCursor: rows.length > limit ? (kept.at(-1)?.id ?? null) : null,
  }
}

import type { Job } from '../api-types.ts'
import { pairs } from '../text/table.ts'
import { duration, relative } from '../text/units.ts'
import { progressText } from './progress.ts'

/** A job with its steps, for people. */
export function jobText(job: Job, now: number): string {
  const head = pairs([
    ['job', `${job.id}  ${job.title}`],
    ['state', job.cancelling ? `${job.state} (cancelling)` : job.state],
    ['about', job.subjectName ?? job.subject],
    ['created', relative(job.createdAt, now)],
    ['took', tookText(job)],
    ['tries again', job.retryAt === null ? null : relative(job.retryAt, now)],
    [
      'progress',
      job.progress === null || job.finishedAt !== null ? null : progressText('', job.progress, false).trim(),
    ],
    ['error', job.error?.message],
    ['remedy', job.error?.remedy],
  ])
  const steps = pairs(
    job.steps.map((step) => [`  ${step.title}`, step.attempt > 1 ? `${step.state} (try ${step.attempt})` : step.state]),
  )
  return steps === '' ? head : `${head}\nsteps\n${steps}`
}

/** How long a finished job took. */
export const tookText = (job: Job): string | null =>
  job.startedAt === null || job.finishedAt === null
    ? null
    : duration((Date.parse(job.finishedAt) - Date.parse(job.startedAt)) / 1_000)

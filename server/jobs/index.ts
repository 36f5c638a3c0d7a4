export { createJobs, type Jobs, type JobsOptions } from './create-jobs.ts'
export {
  defineJob,
  defineStep,
  type Finished,
  type JobDefinition,
  type JobOutcome,
  type ProgressReport,
  type RetryPolicy,
  type StepContext,
  type StepDefinition,
} from './definition.ts'
export type { NewJob } from './enqueue.ts'
export { isRetryable } from './failure.ts'
export type { Job, JobActor, JobChange, JobError, JobEvent, JobPage, JobProgress, JobState, JobStep } from './job.ts'

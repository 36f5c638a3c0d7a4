import { registry } from '../../../../kernel/index.ts'
import type { JobDefinition } from '../../../jobs/index.ts'
import { benchmarkJob } from './benchmark.ts'
import { evaluationJob } from './evaluation.ts'
import { onboardJob } from './onboard.ts'
import { rescanJob } from './rescan.ts'
import { scrubJob } from './scrub.ts'

/** Every job the hub can run. */
export const jobDefinitions = registry<JobDefinition>('job', [
  onboardJob,
  rescanJob,
  benchmarkJob,
  evaluationJob,
  scrubJob,
] as unknown as JobDefinition[])

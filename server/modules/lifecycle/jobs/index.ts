import { registry } from '../../../../kernel/index.ts'
import type { JobDefinition } from '../../../jobs/index.ts'
import { benchmarkJob } from './benchmark.ts'
import { evaluationJob } from './evaluation.ts'
import { linkJob } from './link.ts'
import { onboardJob } from './onboard.ts'
import { rejudgeJob } from './rejudge.ts'
import { relicenseJob } from './relicense.ts'
import { rescanJob } from './rescan.ts'
import { reverifyJob } from './reverify.ts'
import { scrubJob } from './scrub.ts'

/** Every job the hub can run. */
export const jobDefinitions = registry<JobDefinition>('job', [
  onboardJob,
  linkJob,
  rescanJob,
  benchmarkJob,
  evaluationJob,
  scrubJob,
  reverifyJob,
  rejudgeJob,
  relicenseJob,
] as unknown as JobDefinition[])

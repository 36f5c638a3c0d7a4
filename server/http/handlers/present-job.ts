import type { Job as JobAnswer } from '../../../contract/index.ts'
import type { Job } from '../../jobs/index.ts'
import { findVersionRows } from '../../modules/catalog/index.ts'
import type { Db } from '../../platform/db/index.ts'

/** A job as the API shows it, with the name of what it works on. */
export async function presentJob(db: Db, job: Job): Promise<JobAnswer> {
  const [answer] = await presentJobs(db, [job])
  if (answer === undefined) throw new Error('unreachable: one job gives one answer')
  return answer
}

export async function presentJobs(db: Db, jobs: readonly Job[]): Promise<JobAnswer[]> {
  const versions = await findVersionRows(db, [...new Set(jobs.flatMap((job) => job.subject ?? []))])
  return jobs.map(({ input: _input, actor: _actor, error, ...job }) => {
    const version = versions.get(job.subject ?? '')
    return {
      ...job,
      subjectName: version === undefined ? null : `${version.model_name}@${version.number}`,
      error:
        error === null
          ? null
          : { code: error.code, message: error.message, ...(error.remedy === null ? {} : { remedy: error.remedy }) },
    }
  })
}

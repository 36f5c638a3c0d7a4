import type { Schema } from '../../../app/client.ts'
import { isOpen, type Job } from '../../../app/use-jobs.ts'
import { text } from '../../../text.ts'
import { ButtonLink } from '../../../ui/button.tsx'
import { StatusChip } from '../../../ui/chip.tsx'
import { stateStatus } from '../../../ui/status.ts'
import { readable } from '../check/check-words.ts'
import { JobLink, needsLink } from './job-link.tsx'

/** What follows the job, and the way to what it made. */
export function JobNext({
  job,
  onboarding,
  version,
}: {
  job: Job
  onboarding: boolean
  version: Schema<'ModelVersion'> | undefined
}) {
  const open = isOpen(job)
  const needed = version !== undefined && needsLink(job, version)
  return (
    <section className="mb-6 grid gap-3">
      <h2 className="text-md font-semibold">{text.job.next}</h2>
      <p className="text-fg-2">{words(job, open, onboarding, version)}</p>
      {version !== undefined && (
        <>
          {!open && (
            <div>
              <StatusChip status={stateStatus(version.state)} />
              {version.stateReason !== null && (
                <p className="mt-2 text-fg-2">{readable(version.stateReason.message)}</p>
              )}
            </div>
          )}
          {!needed && (open || job.state === 'failed') && <JobLink job={job} version={version} />}
          <ButtonLink
            className="justify-self-start"
            icon="arrow-right"
            look={open || needed ? 'outline' : 'ink'}
            params={{ _splat: `${version.modelName}@${version.number}` }}
            to="/models/$"
          >
            {text.job.open}
          </ButtonLink>
        </>
      )}
    </section>
  )
}

function words(job: Job, open: boolean, onboarding: boolean, version: Schema<'ModelVersion'> | undefined): string {
  const state = version?.state
  if (open && version?.source.type === 'cloud') return text.job.nextRunningHosted
  if (open) return onboarding ? text.job.nextRunning : text.job.nextRunningOther
  if (job.state === 'failed') return text.job.nextFailed
  if (job.state === 'cancelled') return text.job.nextCancelled
  return state === 'needs_attention' ? text.job.nextAttention : text.job.nextDone
}

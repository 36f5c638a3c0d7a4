import { Link } from '@tanstack/react-router'
import { percent, remaining } from '../format.ts'
import { text } from '../text.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Popover } from '../ui/popover.tsx'
import { ProgressBar } from '../ui/progress-bar.tsx'
import { useCan } from './session.ts'
import { type Job, useCancelJob, useOpenJobs } from './use-jobs.ts'

/** Every running job from any page, with percent, time left and cancel. */
export function JobsTray() {
  const can = useCan()
  const { data: jobs = [] } = useOpenJobs()
  if (!can('job.read')) return null
  const label = jobs.length === 0 ? text.jobs.none : text.jobs.count(jobs.length)
  return (
    <Popover
      label={text.jobs.title}
      trigger={
        <button
          className="tap inline-flex h-8 items-center gap-2 rounded-control px-2 text-fg-2 hover:bg-hover hover:text-fg"
          type="button"
        >
          <Icon
            className={jobs.length === 0 ? undefined : 'turning text-accent-fg'}
            name={jobs.length === 0 ? 'jobs' : 'loader'}
          />
          {label}
        </button>
      }
    >
      <div className="flex items-center px-4 pt-3 pb-2">
        <h2 className="grow font-semibold">{text.jobs.title}</h2>
        <Link className="rounded-tag text-xs text-accent-fg hover:underline" to="/onboarding">
          {text.jobs.all}
        </Link>
      </div>
      {jobs.length === 0 ? (
        <p className="px-4 pb-4 text-fg-2">{text.jobs.noneNow}</p>
      ) : (
        <ul>
          {jobs.map((job) => (
            <TrayRow job={job} key={job.id} mayCancel={can('job.cancel')} />
          ))}
        </ul>
      )}
    </Popover>
  )
}

export function jobPercent(progress: Job['progress']): number | null {
  if (progress === null) return null
  return percent(progress.bytesDone, progress.bytesTotal) ?? percent(progress.done, progress.total)
}

function TrayRow({ job, mayCancel }: { job: Job; mayCancel: boolean }) {
  const cancel = useCancelJob()
  const share = jobPercent(job.progress)
  const eta = job.progress?.etaSeconds ?? null
  return (
    <li className="border-t border-line px-4 py-3">
      <div className="flex items-start gap-2">
        <div className="min-w-0 grow">
          <Link
            className="block truncate rounded-tag font-medium hover:underline"
            params={{ jobId: job.id }}
            to="/onboarding/$jobId"
          >
            {job.subjectName ?? job.title}
          </Link>
          <p className="truncate text-xs text-fg-3">{job.progress?.message ?? job.title}</p>
        </div>
        {mayCancel && (
          <Button busy={job.cancelling || cancel.isPending} onClick={() => cancel.mutate(job.id)} small>
            {text.common.cancel}
          </Button>
        )}
      </div>
      <div className="mt-2 flex items-center gap-3 text-xs text-fg-2">
        <ProgressBar label={text.jobs.progressOf(job.subjectName ?? job.title)} percent={share} />
        <span className="shrink-0">{share === null ? text.jobStates[job.state] : `${share}%`}</span>
      </div>
      {eta !== null && <p className="mt-1 text-xs text-fg-3">{text.jobs.left(remaining(eta))}</p>}
    </li>
  )
}

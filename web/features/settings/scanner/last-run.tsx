import { Link } from '@tanstack/react-router'
import { jobPercent } from '../../../app/jobs-tray.tsx'
import { useCan } from '../../../app/session.ts'
import { isOpen, type Job, useCancelJob } from '../../../app/use-jobs.ts'
import { count } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Card, CardHead } from '../../../ui/card.tsx'
import { StatusText } from '../../../ui/chip.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { ProgressBar } from '../../../ui/progress-bar.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import { SkeletonCard } from '../../../ui/skeleton.tsx'
import { jobStatus } from '../../../ui/status.ts'
import { Time } from '../../../ui/time.tsx'
import { useOutcome, type useRejudge } from './use-scanner.ts'
import { scannerWords as words } from './words.ts'

/** The run over all versions that is at work with how far it is, or how the last one ended and what it came to. */
export function LastRun({ run }: { run: ReturnType<typeof useRejudge> }) {
  const can = useCan()
  if (!can('job.read')) return <p className="text-fg-3">{words.lastHidden}</p>
  if (run.isError) return <ProblemBox error={run.error} onRetry={() => void run.refetch()} />
  if (run.data === undefined) return <SkeletonCard lines={2} />
  const job = run.data
  return (
    <Card>
      <CardHead title={job !== null && isOpen(job) ? words.running : words.lastRun}>
        {job !== null && (
          <Link
            className="rounded-tag text-xs text-accent-fg underline"
            params={{ jobId: job.id }}
            to="/onboarding/$jobId"
          >
            {isOpen(job) ? words.follow : words.job}
          </Link>
        )}
      </CardHead>
      {job === null ? (
        <p className="px-4 pb-4 text-fg-2">{words.lastNone}</p>
      ) : (
        <div className="grid gap-3 px-4 pb-4">{isOpen(job) ? <Running job={job} /> : <Ended job={job} />}</div>
      )}
    </Card>
  )
}

function Running({ job }: { job: Job }) {
  const can = useCan()
  const cancel = useCancelJob()
  const share = jobPercent(job.progress)
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <StatusText status={jobStatus(job.state)} />
        <span aria-live="polite" className="min-w-0 grow break-words text-fg-2">
          {job.progress?.message}
        </span>
        {can('job.cancel') && (
          <Button busy={job.cancelling || cancel.isPending} onClick={() => cancel.mutate(job.id)} small>
            {words.cancel}
          </Button>
        )}
      </div>
      <ProgressBar label={words.progress} percent={share} />
    </>
  )
}

function Ended({ job }: { job: Job }) {
  const can = useCan()
  const outcome = useOutcome(can('audit.read'), job.finishedAt).data
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
        <StatusText status={jobStatus(job.state)} />
        <span className="text-xs text-fg-3">
          <Time at={job.finishedAt ?? job.createdAt} full />, {words.by(job.createdBy)}
        </span>
      </p>
      {job.error !== null && (
        <p className="break-words text-fg-2">
          {job.error.message} {job.error.remedy != null && <Sentence>{job.error.remedy}</Sentence>}
        </p>
      )}
      {outcome != null && (outcome.jobId === job.id || job.state !== 'succeeded') && (
        <div className="grid gap-1.5">
          <p className="text-xs text-fg-3">
            {words.outcome}
            {outcome.jobId !== job.id && (
              <>
                , <Time at={outcome.at} full />
              </>
            )}
          </p>
          <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line sm:grid-cols-3">
            {outcome.counts.map(({ part, value }) => (
              <div className="bg-surface px-4 py-2.5" key={part}>
                <dt className="text-xs text-fg-3">{words.counts[part]}</dt>
                <dd className="text-lg font-semibold">{value === null ? text.common.unknown : count(value)}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </>
  )
}

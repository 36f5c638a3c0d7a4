import type { ReactNode } from 'react'
import { isOpen, type Job } from '../../../app/use-jobs.ts'
import { bytes, clock, count, percent, remaining } from '../../../format.ts'
import { text } from '../../../text.ts'
import { ProgressBar } from '../../../ui/progress-bar.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import { Time } from '../../../ui/time.tsx'
import { readable } from '../check/check-words.ts'

type Progress = Partial<NonNullable<Job['progress']>>

/** Percent only when a total is known, else the count so far; bytes, rate and time left beside it. */
export function JobProgress({
  job,
  progress,
  at,
  remote,
  action,
}: {
  job: Job
  progress: Progress
  /** When the last event came; null: none yet. */
  at: string | null
  /** True: the bytes come from elsewhere. */
  remote: boolean
  /** What puts right why it stopped. */
  action?: ReactNode
}) {
  const share =
    job.state === 'succeeded'
      ? 100
      : (percent(progress.bytesDone ?? null, progress.bytesTotal ?? null) ??
        percent(progress.done ?? null, progress.total ?? null))
  const open = isOpen(job)
  const running = job.steps.find((step) => step.state === 'running')
  const done = progress.bytesDone ?? null
  return (
    <section
      aria-label={text.job.percentOf(job.subjectName ?? job.title)}
      className="rounded-card border border-line bg-surface p-5"
    >
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-3">
        <p className="text-2xl font-semibold">
          {share !== null
            ? `${share}%`
            : progress.done != null
              ? text.job.count(count(progress.done))
              : text.jobStates[job.state]}
          {open && running !== undefined && (
            <span className="mt-0.5 block text-xs font-normal text-fg-3">
              {text.job.ofStep(running.title, job.steps.indexOf(running) + 1, job.steps.length)}
            </span>
          )}
        </p>
        <dl className="flex flex-wrap gap-x-7 gap-y-2">
          {done !== null && (
            <Figure label={remote ? text.job.downloaded : text.job.fetched}>
              {progress.bytesTotal != null ? text.job.doneOf(bytes(done), bytes(progress.bytesTotal)) : bytes(done)}
            </Figure>
          )}
          {open && progress.rate != null && <Figure label={text.job.rate}>{bytes(progress.rate)}/s</Figure>}
          {open && progress.etaSeconds != null && (
            <Figure label={text.job.left}>{remaining(progress.etaSeconds)}</Figure>
          )}
          {open && progress.etaSeconds != null && at !== null && (
            <Figure label={text.job.readyAt}>
              {clock(new Date(Date.parse(at) + progress.etaSeconds * 1_000).toISOString())}
            </Figure>
          )}
          <Figure label={text.job.started}>
            <Time at={job.startedAt ?? job.createdAt} full />
          </Figure>
        </dl>
      </div>
      <div className="mt-4">
        <ProgressBar
          label={text.job.percentOf(job.subjectName ?? job.title)}
          percent={open ? share : (share ?? 0)}
          thick
          tone={job.state === 'succeeded' ? 'pass' : job.state === 'failed' ? 'fail' : 'accent'}
        />
      </div>
      {open && progress.message != null && <p className="mt-2.5 text-xs text-fg-2">{progress.message}</p>}
      {job.error !== null && (
        <div className="mt-3 rounded-control border border-fail-line bg-fail-soft px-3 py-2" role="alert">
          <p className="font-medium break-words">
            <Sentence>{readable(job.error.message)}</Sentence>
          </p>
          {job.error.remedy !== undefined && (
            <p className="text-fg-2">
              <Sentence>{readable(job.error.remedy)}</Sentence>
            </p>
          )}
          <code className="text-xs text-fg-2">{job.error.code}</code>
          {action !== undefined && <div className="my-2">{action}</div>}
        </div>
      )}
      <Announcer job={job} share={share} />
    </section>
  )
}

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex flex-col-reverse md:text-right">
      <dt className="text-xs text-fg-3">{label}</dt>
      <dd className="text-md">{children}</dd>
    </div>
  )
}

/** Says step changes, each quarter and the end; never single ticks. */
function Announcer({ job, share }: { job: Job; share: number | null }) {
  const step = job.steps.find((candidate) => candidate.state === 'running')?.title
  const quarter = share === null ? 0 : Math.floor(share / 25) * 25
  const words = isOpen(job)
    ? [step === undefined ? '' : text.job.announceStep(step), quarter > 0 ? text.job.announcePercent(quarter) : '']
    : [text.job.announceEnd(text.jobStates[job.state])]
  return (
    <p aria-live="polite" className="sr-only">
      {words.filter((part) => part !== '').join(', ')}
    </p>
  )
}

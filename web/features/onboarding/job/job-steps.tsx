import { type ReactNode, useEffect, useState } from 'react'
import { isOpen, type Job } from '../../../app/use-jobs.ts'
import { duration } from '../../../format.ts'
import { text } from '../../../text.ts'
import { cx } from '../../../ui/cx.ts'
import { Icon, type IconName } from '../../../ui/icon.tsx'
import { useSecondsUntil } from './use-seconds-until.ts'

type Step = Job['steps'][number]

const marks: Record<Step['state'], { icon: IconName; tone: string }> = {
  waiting: { icon: 'circle', tone: 'text-line-2' },
  running: { icon: 'loader', tone: 'text-accent-fg turning' },
  done: { icon: 'circle-check', tone: 'text-pass-fg' },
  failed: { icon: 'octagon', tone: 'text-fail-fg' },
  undoing: { icon: 'loader', tone: 'text-warn-fg turning' },
  undone: { icon: 'minus', tone: 'text-fg-3' },
  skipped: { icon: 'minus', tone: 'text-fg-3' },
}

export function JobSteps({
  job,
  message,
  children,
}: {
  job: Job
  message: string | null
  /** Shown with the step that reads the files. */
  children?: ReactNode
}) {
  const now = useNow(isOpen(job))
  const retryIn = useSecondsUntil(job.retryAt === null ? null : Date.parse(job.retryAt))
  return (
    <section aria-label={text.job.steps} className="mt-4">
      <ol>
        {job.steps.map((step) => (
          <li className="flex min-h-13 items-start gap-3 border-b border-line py-2.5 last:border-b-0" key={step.name}>
            <Icon className={cx('mt-px', marks[step.state].tone)} name={marks[step.state].icon} size={18} />
            <div className="min-w-0 grow">
              <p className={cx(step.state === 'waiting' ? 'text-fg-3' : 'font-medium')}>{step.title}</p>
              <p className="text-xs break-words text-fg-3">
                {step.state === 'running' && message !== null ? message : text.job.stepStates[step.state]}
                {step.attempt > 1 && ` · ${text.job.attempt(step.attempt)}`}
              </p>
              {step.name === 'ingest' && step.state !== 'waiting' && step.state !== 'skipped' && children}
            </div>
            {step.startedAt !== null && (
              <span className="text-xs whitespace-nowrap text-fg-3">
                {duration(
                  ((step.finishedAt === null ? now : Date.parse(step.finishedAt)) - Date.parse(step.startedAt)) / 1_000,
                )}
              </span>
            )}
          </li>
        ))}
      </ol>
      {job.retryAt !== null && isOpen(job) && (
        <p className="flex items-center gap-2 pt-3 text-warn-fg" role="status">
          <Icon name="alert" />
          {retryIn === null ? text.job.retryNow : text.job.retryIn(duration(retryIn))}
        </p>
      )}
    </section>
  )
}

function useNow(ticking: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!ticking) return
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [ticking])
  return now
}

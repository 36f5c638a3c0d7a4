import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { Page } from '../../app/page.tsx'
import { useCan } from '../../app/session.ts'
import { isOpen, useCancelJob } from '../../app/use-jobs.ts'
import { clock, shortId } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { StatusChip } from '../../ui/chip.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Monogram } from '../../ui/monogram.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { SkeletonCard } from '../../ui/skeleton.tsx'
import { jobStatus } from '../../ui/status.ts'
import { JobLog } from './job-log.tsx'
import { JobNext } from './job-next.tsx'
import { JobProgress } from './job-progress.tsx'
import { JobSteps } from './job-steps.tsx'
import { useJobEvents } from './use-job-events.ts'
import { useJob } from './use-onboarding.ts'
import { WizardRail } from './wizard-rail.tsx'

const route = getRouteApi('/app/onboarding/$jobId')

/** One job, live: the last step of onboarding, and the page of every other job. */
export function JobPage() {
  const { jobId } = route.useParams()
  const query = useJob(jobId)
  const can = useCan()
  const cancel = useCancelJob()
  const [asking, setAsking] = useState(false)
  const job = query.data
  const open = job !== undefined && isOpen(job)
  const live = useJobEvents(jobId, open)
  const crumbs = [{ label: text.nav.onboarding, to: '/onboarding' }]
  if (job === undefined) {
    return (
      <Page crumbs={crumbs} title={text.jobs.title}>
        <h1 className="sr-only">{text.jobs.title}</h1>
        {query.isError ? (
          <ProblemBox error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <SkeletonCard lines={6} />
        )}
      </Page>
    )
  }
  const name = job.subjectName ?? job.title
  const onboarding = /onboard|ingest/.test(job.kind)
  const progress = job.progress === null ? live.progress : { ...job.progress, ...live.progress }
  const doneSteps = job.steps.filter((step) => step.state === 'done' || step.state === 'skipped').length
  return (
    <Page bare crumbs={crumbs} title={name}>
      <div className={onboarding ? 'lg:grid lg:min-h-full lg:grid-cols-[13.75rem_minmax(0,1fr)]' : undefined}>
        {onboarding && (
          <WizardRail
            answers={{ progress: text.job.doneOf(String(doneSteps), String(job.steps.length)) }}
            current="progress"
            note={text.wizard.closeOk}
            reachable={false}
          />
        )}
        <div className="grid min-w-0 xl:grid-cols-[minmax(0,1fr)_20rem]">
          <div className="min-w-0 px-4 py-4 md:px-7 md:py-5">
            <div className="mb-4 flex flex-wrap items-center gap-3">
              <Monogram name={name} size={36} />
              <div className="min-w-0 grow basis-48">
                <h1 className="truncate text-xl font-semibold" title={name}>
                  {name}
                </h1>
                <p className="flex flex-wrap items-center gap-x-2 text-xs text-fg-3">
                  {job.title} · <code>{shortId(job.id)}</code>
                  <CopyButton className="-my-1" label={text.job.copyId} small value={job.id} />
                </p>
              </div>
              <StatusChip status={jobStatus(job.state)} />
              {open && can('job.cancel') && (
                <Button busy={job.cancelling || cancel.isPending} look="danger" onClick={() => setAsking(true)}>
                  {job.cancelling ? text.job.cancelling : text.common.cancel}
                </Button>
              )}
            </div>
            {live.lost && open && (
              <div
                className="mb-3 flex flex-wrap items-center gap-3 rounded-card border border-warn-line bg-warn-soft px-4 py-2"
                role="status"
              >
                <span>
                  {text.job.paused} {live.lastAt !== null && text.job.pausedSince(clock(live.lastAt, true))}
                </span>
                <Button className="ml-auto" icon="refresh" onClick={live.reconnect} small>
                  {text.job.reconnect}
                </Button>
              </div>
            )}
            <JobProgress job={job} progress={progress} />
            {cancel.isError && (
              <div className="mt-3">
                <ProblemBox error={cancel.error} live />
              </div>
            )}
            <JobSteps job={job} message={progress.message ?? null} />
          </div>
          <aside className="min-w-0 border-line px-4 py-4 max-xl:border-t md:px-7 xl:border-l xl:px-5 xl:py-5">
            <JobNext job={job} onboarding={onboarding} />
            <JobLog lines={live.log} />
          </aside>
        </div>
      </div>
      {asking && (
        <ConfirmDialog
          onClose={() => setAsking(false)}
          request={{
            title: text.job.cancelTitle(name),
            body: text.job.cancelBody,
            action: text.job.cancelAction,
            danger: true,
            run: () => cancel.mutateAsync(job.id),
          }}
        />
      )}
    </Page>
  )
}

import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import type { Schema } from '../../../app/client.ts'
import { Page } from '../../../app/page.tsx'
import { useCan } from '../../../app/session.ts'
import { isOpen, type Job, useCancelJob } from '../../../app/use-jobs.ts'
import { bytes, clock, shortId } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { StatusChip } from '../../../ui/chip.tsx'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Monogram } from '../../../ui/monogram.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { SkeletonCard } from '../../../ui/skeleton.tsx'
import { jobStatus } from '../../../ui/status.ts'
import { useJob, useJobVersion } from '../use-onboarding.ts'
import { WizardRail } from '../wizard/wizard-rail.tsx'
import { wizard } from '../words.ts'
import { JobFiles } from './job-files.tsx'
import { JobLink, needsLink } from './job-link.tsx'
import { JobLog } from './job-log.tsx'
import { JobNext } from './job-next.tsx'
import { JobProgress } from './job-progress.tsx'
import { JobSteps } from './job-steps.tsx'
import { useJobEvents } from './use-job-events.ts'

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
  const version = useJobVersion(job?.subject ?? null, job !== undefined && !open).data
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
  const onboarding = /onboard|ingest|link/.test(job.kind)
  const progress = job.progress === null ? live.progress : { ...job.progress, ...live.progress }
  const remote = version?.source.type === 'huggingface' || version?.source.type === 'url'
  const running = job.steps.findIndex((step) => step.state === 'running')
  const doneSteps = job.steps.filter((step) => step.state === 'done').length
  return (
    <Page bare crumbs={crumbs} title={name}>
      <div className={onboarding ? 'lg:grid lg:min-h-full lg:grid-cols-[13.75rem_minmax(0,1fr)]' : undefined}>
        {onboarding && (
          <WizardRail
            answers={{
              ...answersOf(version),
              progress:
                running < 0
                  ? text.job.stepsDone(String(doneSteps), String(job.steps.length))
                  : text.job.stepNow(String(running + 1), String(job.steps.length)),
            }}
            current="progress"
            note={wizard.closeOk}
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
            <JobProgress
              action={
                version !== undefined && needsLink(job, version) ? <JobLink job={job} version={version} /> : undefined
              }
              at={live.lastAt}
              job={job}
              progress={progress}
              remote={remote}
            />
            {cancel.isError && (
              <div className="mt-3">
                <ProblemBox error={cancel.error} live />
              </div>
            )}
            <JobSteps job={job} message={progress.message ?? null}>
              {remote && version !== undefined && (
                <JobFiles current={progress.message ?? null} open={open} versionId={version.id} />
              )}
            </JobSteps>
          </div>
          <aside className="min-w-0 border-line px-4 py-4 max-xl:border-t md:px-7 xl:border-l xl:px-5 xl:py-5">
            <JobNext job={job} onboarding={onboarding} version={version} />
            <JobLog jobId={job.id} lines={live.log} />
          </aside>
        </div>
      </div>
      {asking && (
        <ConfirmDialog
          onClose={() => setAsking(false)}
          request={{
            title: text.job.cancelTitle(name),
            body: cancelWords(job, version, progress.bytesDone ?? null),
            action: text.job.cancelAction,
            danger: true,
            run: () => cancel.mutateAsync(job.id),
          }}
        />
      )}
    </Page>
  )
}

type Version = Schema<'ModelVersion'>

/** What was chosen in the steps before, as far as the version tells. */
function answersOf(version: Version | undefined) {
  if (version === undefined) return {}
  const { source, modality } = version
  const tail = source.address
    .replace(/^[a-z]+:(?!\/\/)/, '')
    .split('/')
    .slice(-2)
    .join('/')
  return {
    modality: modality === null ? wizard.answers.auto : text.modalities[modality],
    source: text.sources[source.type],
    details: source.commit === null ? tail : text.job.pinned(source.commit.slice(0, 12)),
    governance: version.modelName,
  }
}

/** What stopping keeps: bytes of a download stay until the draft is deleted. */
function cancelWords(job: Job, version: Version | undefined, done: number | null): string {
  if (!/onboard|ingest|link/.test(job.kind)) return text.job.cancelOther
  if (version?.source.type === 'cloud') return text.job.cancelHosted
  if (version?.source.mode === 'in_place') return text.job.cancelInPlace
  return done === null || done === 0 ? text.job.cancelBody : text.job.cancelKeeps(bytes(done))
}

import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { unwrap } from '../../../../sdk/index.ts'
import { hub } from '../../../app/client.ts'
import { jobPercent } from '../../../app/jobs-tray.tsx'
import { useCan } from '../../../app/session.ts'
import { remaining } from '../../../format.ts'
import { Button } from '../../../ui/button.tsx'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { ProgressBar } from '../../../ui/progress-bar.tsx'
import { useJob } from '../../onboarding/use-onboarding.ts'
import { answerOf } from '../use-actions.ts'
import type { Readiness, Version } from '../use-model.ts'
import { rescanWords as words } from './words.ts'

/** Reads every byte again, after a question: the result may take the version out of service. */
export function RescanButton({ version, readiness }: { version: Version; readiness: Readiness | undefined }) {
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const answer = answerOf(readiness, 'rescan')
  const reason =
    version.activeJobId !== null ? words.running : answer?.allowed === true ? null : (answer?.reason ?? words.mayNot)
  const run = async () => {
    await unwrap(hub.POST('/versions/{id}/rescan', { params: { path: { id: version.id } } }))
    await client.invalidateQueries()
  }
  return (
    <>
      <Button icon="refresh" onClick={() => setAsking(true)} reason={reason} small>
        {words.scan}
      </Button>
      {asking && (
        <ConfirmDialog
          onClose={() => setAsking(false)}
          request={{ title: words.title, body: words.body, action: words.scan, run }}
        />
      )}
    </>
  )
}

/** How far the job on the version is; nothing while there is none. */
export function ScanProgress({ version }: { version: Version }) {
  const can = useCan()
  if (version.activeJobId === null || !can('job.read')) return null
  return <Progress id={version.activeJobId} />
}

function Progress({ id }: { id: string }) {
  const client = useQueryClient()
  const job = useJob(id)
  const { progress, state, title } = job.data ?? { progress: null, state: 'queued', title: words.running }
  const ended = state !== 'queued' && state !== 'running'
  useEffect(() => {
    const timer = setInterval(() => void client.invalidateQueries({ queryKey: ['jobs', id] }), 1_500)
    return () => clearInterval(timer)
  }, [client, id])
  useEffect(() => {
    if (ended) void client.invalidateQueries()
  }, [client, ended])
  const share = jobPercent(progress)
  const eta = progress?.etaSeconds ?? null
  return (
    <section aria-label={title} className="grid gap-2 rounded-card border border-info-line bg-info-soft px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Icon className="turning text-info-fg" name="loader" />
        <p aria-live="polite" className="min-w-0 grow font-medium break-words">
          {title}
          {progress?.message != null && <span className="ml-2 font-normal text-fg-2">{progress.message}</span>}
        </p>
        {eta !== null && <span className="text-xs text-fg-2">{remaining(eta)}</span>}
        <Link className="rounded-tag text-xs text-accent-fg underline" params={{ jobId: id }} to="/onboarding/$jobId">
          {words.follow}
        </Link>
      </div>
      <ProgressBar label={words.label} percent={share} />
    </section>
  )
}

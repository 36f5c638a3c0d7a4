import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { createElement, useState } from 'react'
import { unwrap } from '../../../sdk/index.ts'
import { hub } from '../../app/client.ts'
import { useViewer } from '../../app/session.ts'
import { toast } from '../../app/toasts.tsx'
import { text } from '../../text.ts'
import type { ConfirmRequest } from '../../ui/confirm-dialog.tsx'
import type { Model, Readiness, Version } from './use-model.ts'
import { WaiverTerms } from './waiver-terms.tsx'
import { hostedWords, waiverTerms } from './words.ts'

export type ActionName =
  | 'publish'
  | 'unpublish'
  | 'archive'
  | 'retry'
  | 'rescan'
  | 'approve'
  | 'run_benchmark'
  | 'run_evaluation'
  | 'remove'
  | 'set_owner'

const { ask, done, actions } = text.model

/** What the hub answered about an action: undefined when it does not offer it now. */
export const answerOf = (readiness: Readiness | undefined, name: string) =>
  readiness?.actions.find((answer) => answer.action === name)

/** Every action of a version as a question with its call; the hub's rules decide, the dialog only asks. */
export function useActions(model: Model, version: Version) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const viewer = useViewer()
  const [request, setRequest] = useState<ConfirmRequest | null>(null)
  const name = `${model.name} ${text.common.version(version.number)}`
  const path = { params: { path: { id: version.id } } }
  const refresh = () => client.invalidateQueries()
  const then = async (call: Promise<unknown>, message: string) => {
    await call
    toast(message)
    await refresh()
  }
  const followJob = async (call: Promise<{ id: string } | null>) => {
    const job = await call
    toast(done.started)
    await refresh()
    if (job !== null) await navigate({ to: '/onboarding/$jobId', params: { jobId: job.id } })
  }
  const bodyWith = (reason: string) => (reason === '' ? {} : { reason })
  const optional = { label: ask.reason, hint: ask.reasonHint, required: false }
  const required = { ...optional, required: true }
  const questions: Record<Exclude<ActionName, 'set_owner'>, ConfirmRequest> = {
    publish: {
      title: ask.publish(name),
      body: ask.publishBody,
      action: actions.publish,
      reason:
        version.evidence.quality === null && version.evidence.speed === null
          ? { label: ask.noEvidence, hint: ask.noEvidenceHint, required: false }
          : optional,
      run: ({ reason }) => {
        const key =
          version.evidence.quality === null && version.evidence.speed === null ? 'noEvidenceBecause' : 'reason'
        const body = reason === '' ? {} : { [key]: reason }
        return then(unwrap(hub.POST('/versions/{id}/publish', { ...path, body })), done.publish(name))
      },
    },
    unpublish: {
      title: ask.unpublish(name),
      body: ask.unpublishBody,
      action: actions.unpublish,
      danger: true,
      reason: optional,
      run: ({ reason }) =>
        then(unwrap(hub.POST('/versions/{id}/unpublish', { ...path, body: bodyWith(reason) })), done.unpublish(name)),
    },
    archive: {
      title: ask.archive(name),
      body: ask.archiveBody,
      action: actions.archive,
      danger: true,
      typeToConfirm: model.name,
      reason: optional,
      run: ({ reason }) =>
        then(unwrap(hub.POST('/versions/{id}/archive', { ...path, body: bodyWith(reason) })), done.archive(name)),
    },
    retry: {
      title: ask.retry(name),
      body: version.hosted === null ? ask.retryBody : hostedWords.retryBody,
      action: version.state === 'draft' ? actions.start : actions.retry,
      run: () => followJob(unwrap(hub.POST('/versions/{id}/retry', path))),
    },
    rescan: {
      title: ask.rescan(name),
      body: ask.rescanBody,
      action: actions.rescan,
      run: () => followJob(unwrap(hub.POST('/versions/{id}/rescan', path))),
    },
    approve: approval(),
    run_benchmark: {
      title: ask.benchmark(name),
      body: ask.benchmarkBody,
      action: actions.run_benchmark,
      run: () => followJob(unwrap(hub.POST('/benchmarks', { body: { version: version.id } })).then(({ job }) => job)),
    },
    run_evaluation: {
      title: ask.evaluate(name),
      body: ask.evaluateBodyPlain,
      action: actions.run_evaluation,
      run: () =>
        // Task and seed have defaults on the server; the generated type asks for them all the same.
        followJob(
          unwrap(hub.POST('/evaluations', { body: { version: version.id, task: 'sequence-200', seed: 1 } })).then(
            ({ job }) => job,
          ),
        ),
    },
    remove: {
      title: ask.remove(model.name),
      body: ask.removeBody,
      action: actions.remove,
      danger: true,
      typeToConfirm: model.name,
      run: async () => {
        await unwrap(hub.DELETE('/models/{id}', { params: { path: { id: model.id } } }))
        toast(done.removed(model.name))
        await navigate({ to: '/models' })
        await refresh()
      },
    },
  }
  function approval(): ConfirmRequest {
    const findings = version.state === 'needs_attention'
    return {
      title: findings ? ask.approveFindings(name) : ask.approve(name),
      body: findings ? createElement(WaiverTerms, { covers: waiverTerms.coversAll }) : ask.approveBody,
      action: actions.approve,
      reason: required,
      ...(findings ? { until: { label: ask.until, hint: ask.untilHint, defaultDays: 90, maxDays: 365 } } : {}),
      run: ({ reason, until }) =>
        then(
          unwrap(
            hub.POST('/approvals', {
              body: {
                version: version.id,
                subject: findings ? 'findings' : 'publish',
                decision: 'approved',
                reason,
                ...(findings ? { expiresAt: until } : {}),
              },
            }),
          ),
          done.approve,
        ),
    }
  }
  return {
    request,
    close: () => setRequest(null),
    start: (action: ActionName) => {
      if (action === 'set_owner') {
        if (viewer !== null) {
          const call = hub.PATCH('/models/{id}', { params: { path: { id: model.id } }, body: { ownerId: viewer.id } })
          then(unwrap(call), done.owner).catch(() => undefined)
        }
      } else setRequest(questions[action])
    },
  }
}
export type Actions = ReturnType<typeof useActions>

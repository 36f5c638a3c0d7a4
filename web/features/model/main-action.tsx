import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { text } from '../../text.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import type { IconName } from '../../ui/icon.tsx'
import { linkEnded } from './notices.tsx'
import { type ActionName, type Actions, answerOf } from './use-actions.ts'
import type { Readiness, Version } from './use-model.ts'

const route = getRouteApi('/app/models/$')

/** The one ink button: what comes next in this state. The hub's `next` wins over the usual order. */
export function MainAction({
  version,
  actions,
  readiness,
  onReplaceLink,
}: {
  version: Version
  actions: Actions
  readiness: Readiness | undefined
  onReplaceLink: () => void
}) {
  const { _splat = '' } = route.useParams()
  const navigate = useNavigate()
  if (version.activeJobId !== null) {
    return (
      <ButtonLink icon="jobs" look="ink" params={{ jobId: version.activeJobId }} to="/onboarding/$jobId">
        {text.model.actions.progress}
      </ButtonLink>
    )
  }
  if (version.state === 'published') {
    return (
      <ButtonLink icon="playground" look="ink" search={{ model: version.modelName }} to="/playground">
        {text.model.actions.playground}
      </ButtonLink>
    )
  }
  if (linkEnded(version)) {
    return (
      <Button icon="link" look="ink" onClick={onReplaceLink}>
        {text.freshLink.open}
      </Button>
    )
  }
  // What the scan did not say is not fixed among its findings.
  if (version.state === 'needs_attention' && version.hosted === null) {
    return (
      <Button
        icon="shield"
        look="ink"
        onClick={() => void navigate({ to: '/models/$', params: { _splat }, search: { tab: 'security' } })}
      >
        {text.model.actions.fix}
      </Button>
    )
  }
  const name = nextOf(version, readiness)
  if (name === undefined) return null
  const answer = answerOf(readiness, name)
  const label = name === 'retry' && version.state === 'draft' ? text.model.actions.start : text.model.actions[name]
  return (
    <Button
      icon={icons[name] ?? 'play'}
      look="ink"
      onClick={() => actions.start(name)}
      reason={answer?.allowed === false ? (answer.reason ?? text.problem.forbidden) : null}
    >
      {label}
    </Button>
  )
}

const icons: Partial<Record<ActionName, IconName>> = {
  publish: 'stamp',
  approve: 'check',
  retry: 'refresh',
  run_benchmark: 'gauge',
  run_evaluation: 'flask',
}
const usable = ['publish', 'approve', 'retry', 'run_benchmark', 'run_evaluation'] as const

function nextOf(version: Version, readiness: Readiness | undefined): (typeof usable)[number] | undefined {
  if (readiness === undefined) return undefined
  const named = usable.find((name) => name === readiness.next)
  if (named !== undefined) return named
  const usual = { draft: 'retry', needs_attention: 'retry', verified: 'run_evaluation', evaluated: 'publish' } as const
  return version.state === 'draft' ||
    version.state === 'needs_attention' ||
    version.state === 'verified' ||
    version.state === 'evaluated'
    ? usual[version.state]
    : undefined
}

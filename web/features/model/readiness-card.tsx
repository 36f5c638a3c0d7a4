import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { Schema } from '../../app/client.ts'
import { count, percent } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Card, CardHead } from '../../ui/card.tsx'
import { cx } from '../../ui/cx.ts'
import { Icon } from '../../ui/icon.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { Sentence } from '../../ui/sentence.tsx'
import { checkStatus, toneText } from '../../ui/status.ts'
import { type Actions, answerOf } from './use-actions.ts'
import type { Readiness } from './use-model.ts'

type Check = Schema<'ReadinessCheck'>
const route = getRouteApi('/app/models/$')

/** The gates as the hub answers them: open ones first with why, what would fix it and a button; passed ones in a line. */
export function ReadinessCard({ readiness, actions }: { readiness: Readiness; actions: Actions }) {
  const open = readiness.checks
    .filter((check) => check.status !== 'pass' && check.status !== 'not_applicable')
    .toSorted((a, b) => Number(b.blocks) - Number(a.blocks))
  const passed = readiness.checks.filter((check) => check.status === 'pass' || check.status === 'not_applicable')
  const progress = text.model.readiness.progress(count(readiness.passed), count(readiness.total))
  return (
    <Card>
      <CardHead title={readiness.summary}>
        <span className="text-xs text-fg-3">{progress}</span>
        <span className="w-20">
          <ProgressBar label={progress} percent={percent(readiness.passed, readiness.total)} tone="pass" />
        </span>
      </CardHead>
      <ul className="px-4">
        {open.map((check) => (
          <OpenCheck actions={actions} check={check} key={check.id} readiness={readiness} />
        ))}
      </ul>
      {passed.length > 0 && (
        <ul
          aria-label={text.model.readiness.passed}
          className="flex flex-wrap gap-x-5 gap-y-2 px-4 py-3 text-xs text-fg-2"
        >
          {passed.map((check) => (
            <li className="inline-flex items-center gap-1.5" key={check.id} title={check.fact}>
              <Icon
                className={toneText[checkStatus(check.status).tone]}
                name={checkStatus(check.status).icon}
                size={14}
              />
              {check.title}
              {check.status === 'not_applicable' && (
                <span className="text-fg-3">{checkStatus(check.status).label.toLowerCase()}</span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

function OpenCheck({ check, actions, readiness }: { check: Check; actions: Actions; readiness: Readiness }) {
  const status = checkStatus(check.status)
  const words = text.model.readiness
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 border-b border-line py-3 last:border-b-0 md:flex-nowrap">
      <span className="pt-px">
        <Icon className={toneText[status.tone]} name={status.icon} />
        <span className="sr-only">{status.label}</span>
      </span>
      <div className="min-w-0 grow basis-[calc(100%-2rem)] md:basis-0">
        <p className="font-medium">
          {check.title}
          <span className={cx('ml-2 text-xs font-normal', check.blocks ? 'text-fail-fg' : 'text-fg-3')}>
            {check.blocks ? words.blocks : check.mode === 'audit' ? words.records : words.warns}
          </span>
        </p>
        <p className="text-xs break-words text-fg-2">
          <Sentence>{check.message}</Sentence>
        </p>
        {check.remedy !== null && (
          <p className="text-xs break-words text-fg-2">
            <Sentence>{check.remedy}</Sentence>
          </p>
        )}
        <p className="mt-1 text-2xs break-words text-fg-3">
          <span title={words.fact}>
            <code>{check.fact}</code>
          </span>{' '}
          · {words.policy} {check.policy}
          {check.whoCanWaive !== null && ` · ${words.canWaive(check.whoCanWaive)}`}
        </p>
      </div>
      <CheckAction actions={actions} check={check} readiness={readiness} />
    </li>
  )
}

function CheckAction({ check, actions, readiness }: { check: Check; actions: Actions; readiness: Readiness }) {
  const { _splat = '' } = route.useParams()
  const navigate = useNavigate()
  const { action } = check
  if (action === null) return null
  const answer = answerOf(readiness, action)
  const act = () => {
    if (action === 'view_findings' || action === 'view_license') {
      void navigate({
        to: '/models/$',
        params: { _splat },
        search: { tab: action === 'view_license' ? 'license' : 'security' },
      })
    } else actions.start(action)
  }
  return (
    <Button
      className="max-md:ml-7"
      onClick={act}
      reason={answer?.allowed === false ? (answer.reason ?? text.problem.forbidden) : null}
    >
      {text.model.actions[action]}
    </Button>
  )
}

import { day, exactUtc } from '../../format.ts'
import { text } from '../../text.ts'
import { cx } from '../../ui/cx.ts'
import { Icon } from '../../ui/icon.tsx'
import type { LifecycleState } from '../../ui/status.ts'
import type { Readiness, Version } from './use-model.ts'

const steps = ['draft', 'ingesting', 'verified', 'evaluated', 'published', 'archived'] as const
type Step = (typeof steps)[number]
type Look = 'done' | 'now' | 'stopped' | 'locked' | 'open'

/** Six steps; "needs attention" is a mark on the step that stopped, never a seventh. */
export function Stepper({ version, readiness }: { version: Version; readiness: Readiness | undefined }) {
  const now = nowAt(version)
  const left = readiness?.checks.filter((check) => check.blocks).length ?? 0
  const look = (step: Step, index: number): Look => {
    if (version.state === 'needs_attention' && index === now) return 'stopped'
    if (index === now) return 'now'
    if (index < now) return version.state === 'archived' && version.stepDates[step] === undefined ? 'open' : 'done'
    return step === 'published' && left > 0 && index === now + 1 ? 'locked' : 'open'
  }
  const blocked = version.verdict === 'block'
  const stateWord = version.state === 'needs_attention' ? text.states.needs_attention : text.states[version.state]
  return (
    <div className="mt-4">
      <ol aria-label={text.model.stepsLabel} className="hidden items-start gap-3 md:flex">
        {steps.map((step, index) => {
          const kind = look(step, index)
          const date = index <= now ? version.stepDates[step] : undefined
          return (
            <li
              aria-current={index === now ? 'step' : undefined}
              className="flex min-w-0 grow items-start gap-3 last:grow-0"
              key={step}
            >
              <span className="flex min-w-0 gap-2.5">
                <StepMark blocked={blocked} kind={kind} state={step} />
                <span className="min-w-0">
                  <span
                    className={cx(
                      'block whitespace-nowrap',
                      kind === 'now' ? 'font-semibold' : kind === 'open' ? 'text-fg-3' : '',
                    )}
                  >
                    {text.states[step]}
                  </span>
                  <span className={cx('block text-2xs whitespace-nowrap', stepTone(kind, blocked))}>
                    {kind === 'stopped' ? (
                      version.stateReason !== null ? (
                        text.model.stopped
                      ) : (
                        text.states.needs_attention
                      )
                    ) : kind === 'locked' ? (
                      text.model.checksLeft(left)
                    ) : date !== undefined ? (
                      <time dateTime={date} title={exactUtc(date)}>
                        {day(date)}
                      </time>
                    ) : (
                      ' '
                    )}
                  </span>
                </span>
              </span>
              {index < steps.length - 1 && (
                <span
                  aria-hidden="true"
                  className={cx(
                    'mt-2.5 h-0 min-w-3 grow border-t-2',
                    index < now
                      ? 'border-pass-fg opacity-60'
                      : index === now
                        ? 'border-dashed border-line-2'
                        : 'border-line',
                  )}
                />
              )}
            </li>
          )
        })}
      </ol>
      <div className="md:hidden">
        <div aria-hidden="true" className="flex gap-1">
          {steps.map((step, index) => (
            <span
              className={cx(
                'h-1 grow rounded-full',
                index < now
                  ? 'bg-pass-fg'
                  : index > now
                    ? 'bg-line-2'
                    : version.state === 'needs_attention'
                      ? 'bg-warn-fg'
                      : 'bg-eval-fg',
              )}
              key={step}
            />
          ))}
        </div>
        <p className="mt-1.5 flex justify-between gap-3 text-xs text-fg-2">
          <span>{text.model.stepOf(now + 1, steps.length, stateWord)}</span>
          {left > 0 && version.state !== 'published' && (
            <span className="text-warn-fg">{text.model.checksLeft(left)}</span>
          )}
        </p>
      </div>
    </div>
  )
}

function StepMark({ kind, state, blocked }: { kind: Look; state: Step; blocked: boolean }) {
  const tone: Record<Look, string> = {
    done: 'bg-pass-soft text-pass-fg',
    now: nowTone[state],
    stopped: blocked
      ? 'border border-fail-line bg-fail-soft text-fail-fg'
      : 'border border-warn-line bg-warn-soft text-warn-fg',
    locked: 'border border-warn-line bg-warn-soft text-warn-fg',
    open: 'border border-line-2 bg-surface',
  }
  return (
    <span aria-hidden="true" className={cx('grid size-5 shrink-0 place-items-center rounded-full', tone[kind])}>
      {kind === 'done' || kind === 'now' ? <Icon name="check" size={12} /> : null}
      {kind === 'stopped' ? <Icon name={blocked ? 'x' : 'alert'} size={12} /> : null}
      {kind === 'locked' ? <Icon name="lock" size={11} /> : null}
    </span>
  )
}

const nowTone: Record<Step, string> = {
  draft: 'bg-part-fg text-surface',
  ingesting: 'bg-info-fg text-surface',
  verified: 'bg-ver-fg text-surface',
  evaluated: 'bg-eval-fg text-surface',
  published: 'bg-pass-fg text-surface',
  archived: 'bg-part-fg text-surface',
}

const stepTone = (kind: Look, blocked: boolean): string =>
  kind === 'stopped' ? (blocked ? 'text-fail-fg' : 'text-warn-fg') : kind === 'locked' ? 'text-warn-fg' : 'text-fg-3'

/** Index of the step the version stands at. What stopped during ingest never became verified: the mark sits there. */
function nowAt(version: Version): number {
  if (version.state !== 'needs_attention') return steps.indexOf(version.state)
  const entered = (state: LifecycleState) => Date.parse(version.stepDates[state] ?? '') || 0
  const from =
    (['ingesting', 'verified', 'evaluated', 'published'] as const).toSorted((a, b) => entered(b) - entered(a))[0] ??
    'ingesting'
  return from === 'ingesting' ? steps.indexOf('verified') : steps.indexOf(from)
}

import { Link } from '@tanstack/react-router'
import { type WizardStep, wizardSteps } from '../../../app/search.ts'
import { cx } from '../../../ui/cx.ts'
import { Icon } from '../../../ui/icon.tsx'
import { wizard } from '../words.ts'

type RailStep = WizardStep | 'progress'
const order: RailStep[] = [...wizardSteps, 'progress']

/** The six steps with each answer under its name; those already passed can be opened again. */
export function WizardRail({
  current,
  answers,
  note,
  form,
}: {
  current: RailStep
  answers: Partial<Record<RailStep, string>>
  note: string
  /** The form whose steps can be opened again; without one none can. */
  form?: string
}) {
  const at = order.indexOf(current)
  return (
    <aside aria-label={wizard.title} className="border-line px-4 pt-4 md:px-5 lg:border-r lg:py-5">
      <h2 className="mb-3 font-semibold max-lg:sr-only">{wizard.title}</h2>
      <ol className="flex gap-1 lg:grid lg:grid-cols-[minmax(0,1fr)] lg:gap-0">
        {order.map((step, index) => {
          const done = index < at
          const body = (
            <>
              <span
                aria-hidden="true"
                className={cx(
                  'z-1 grid size-5 shrink-0 place-items-center rounded-full text-2xs font-semibold',
                  done
                    ? 'bg-pass-soft text-pass-fg'
                    : index === at
                      ? 'bg-ink text-on-ink'
                      : 'border border-line-2 bg-canvas text-fg-3',
                )}
              >
                {done ? <Icon name="check" size={12} /> : index + 1}
              </span>
              <span className="min-w-0 lg:pb-4">
                <span
                  className={cx('block', index <= at ? 'font-medium' : 'text-fg-3', index !== at && 'max-md:sr-only')}
                >
                  {wizard.steps[step]}
                </span>
                <span className="block truncate text-xs text-fg-3 max-lg:sr-only" title={answers[step]}>
                  {answers[step] ?? ''}
                </span>
              </span>
            </>
          )
          const row = 'flex gap-3 rounded-control max-lg:items-center max-lg:gap-1.5 max-lg:pr-2'
          return (
            <li
              aria-current={index === at ? 'step' : undefined}
              className="relative max-lg:shrink-0 lg:min-w-0 lg:before:absolute lg:before:top-6 lg:before:bottom-0 lg:before:left-2.5 lg:before:w-px lg:before:bg-line-2 lg:last:before:hidden"
              key={step}
            >
              {done && form !== undefined && step !== 'progress' ? (
                <Link className={row} search={{ form, step }} to="/onboarding/new">
                  {body}
                </Link>
              ) : (
                <span className={row}>{body}</span>
              )}
            </li>
          )
        })}
      </ol>
      <p className="mt-2 text-xs text-fg-3 max-lg:hidden">{note}</p>
    </aside>
  )
}

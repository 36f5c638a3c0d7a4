import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { cx } from '../../../ui/cx.ts'
import { Icon } from '../../../ui/icon.tsx'
import { type Status, toneText } from '../../../ui/status.ts'
import { suitabilityStatus } from './looks.ts'
import type { Assessment } from './use-license.ts'
import { purposeWords, stripWords as words } from './words.ts'

/** The license for the declared use in four parts: what it allows, the text, the tag, and what it inherits. */
export function SummaryStrip({ license }: { license: Assessment }) {
  const { suitability, use } = license
  const status = suitabilityStatus(suitability)
  return (
    <section
      aria-label={words.label}
      className="grid gap-px overflow-hidden rounded-card border border-line bg-line md:grid-cols-2 2xl:grid-cols-[1.4fr_1fr_1fr_1fr]"
    >
      <Part label={words.forUse(use === null ? null : purposeWords[use])}>
        <p className={cx('flex items-center gap-2 text-lg font-medium', toneText[status.tone])}>
          <Icon name={status.icon} />
          {status.label}
        </p>
        <p className="mt-0.5 text-xs break-words text-fg-2">{license.sentence}</p>
        {license.tellUs.length > 0 && (
          <p className="mt-1 text-xs text-fg-2">
            {words.tellUs}{' '}
            <Link className="rounded-tag font-medium text-accent-fg underline" to="/settings/licenses">
              {words.toProfile}
            </Link>
            <span className="block text-fg-3">
              {words.notSaid(license.tellUs.map((field) => words.fields[field] ?? field))}
            </span>
          </p>
        )}
      </Part>
      <Part label={words.found}>
        <Text license={license} />
      </Part>
      <Part label={words.tag}>
        <Tag license={license} />
      </Part>
      <Part label={words.base}>
        <Base license={license} />
      </Part>
    </section>
  )
}

function Part({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0 bg-surface px-4 py-3">
      <h2 className="text-xs font-normal text-fg-3">{label}</h2>
      <div className="mt-0.5">{children}</div>
    </div>
  )
}

const share = (score: number): string => `${(Math.floor(score * 1_000) / 10).toFixed(score < 1 ? 1 : 0)}%`

function Text({ license }: { license: Assessment }) {
  const { match, summary } = license
  if (match === null) return <Line look={{ tone: 'part', icon: 'circle-dashed' }}>{words.noText}</Line>
  const nearest = match.nearest[0]
  return (
    <>
      <Line
        look={match.status === 'matched' ? { tone: 'pass', icon: 'circle-check' } : { tone: 'warn', icon: 'alert' }}
      >
        {match.status === 'matched'
          ? (match.nearest.find(({ id }) => id === match.licenseId)?.title ?? match.licenseId)
          : match.status === 'review'
            ? words.review
            : words.unknown}
      </Line>
      <p className="mt-0.5 text-xs break-words text-fg-2">
        {match.status === 'matched'
          ? [summary.file, match.exact ? words.exact : match.score === null ? null : words.match(share(match.score))]
              .filter((part) => part !== null)
              .join(', ')
          : match.reason}
        {match.status === 'review' && nearest !== undefined && (
          <span className="block text-fg-3">{words.nearest(nearest.title, share(nearest.score))}</span>
        )}
      </p>
    </>
  )
}

function Tag({ license }: { license: Assessment }) {
  const { agreement, summary, contradiction } = license
  if (summary.tag === null) return <Line look={{ tone: 'part', icon: 'circle-dashed' }}>{words.noTag}</Line>
  const look =
    agreement === 'differs' || contradiction !== null
      ? ({ tone: 'warn', icon: 'alert' } as const)
      : agreement === 'same'
        ? ({ tone: 'pass', icon: 'circle-check' } as const)
        : ({ tone: 'part', icon: 'circle-dashed' } as const)
  return (
    <>
      <Line look={look}>{license.expression ?? summary.tag}</Line>
      <p className="mt-0.5 text-xs break-words text-fg-2">{contradiction ?? words.agreement[agreement]}</p>
    </>
  )
}

function Base({ license }: { license: Assessment }) {
  const [first, ...rest] = license.chain
  if (first === undefined) return <Line look={{ tone: 'part', icon: 'minus' }}>{words.noBase}</Line>
  return (
    <>
      <Line look={suitabilityStatus(first.suitability)}>{first.name}</Line>
      <p className="mt-0.5 text-xs break-words text-fg-2">
        {first.licenseId ?? words.classes.unknown}, {first.versionId === null ? words.baseElsewhere : words.baseHere}
        {rest.length > 0 && <span className="block text-fg-3">{words.more(rest.length)}</span>}
      </p>
    </>
  )
}

function Line({ look, children }: { look: Pick<Status, 'tone' | 'icon'>; children: ReactNode }) {
  return (
    <p className="flex items-start gap-1.5 font-medium">
      <Icon className={cx('mt-px', toneText[look.tone])} name={look.icon} />
      <span className="min-w-0 break-words">{children}</span>
    </p>
  )
}

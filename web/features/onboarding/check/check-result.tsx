import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { text } from '../../../text.ts'
import { BusyLine } from '../../../ui/busy-line.tsx'
import { Button } from '../../../ui/button.tsx'
import { cx } from '../../../ui/cx.ts'
import { Icon, type IconName } from '../../../ui/icon.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import { Bone } from '../../../ui/skeleton.tsx'
import type { SourceCheck } from '../use-onboarding.ts'
import type { Settled } from '../wizard/use-draft-check.ts'
import { wizard } from '../words.ts'
import { CheckFiles } from './check-files.tsx'
import { CheckHosted } from './check-hosted.tsx'
import { readable } from './check-words.ts'

type Note = SourceCheck['notes'][number]

const looks: Record<Note['level'], { icon: IconName; tone: string }> = {
  blocker: { icon: 'octagon', tone: 'text-fail-fg' },
  doubt: { icon: 'alert', tone: 'text-warn-fg' },
  fact: { icon: 'circle-check', tone: 'text-pass-fg' },
}
const rank: Record<Note['level'], number> = { blocker: 0, doubt: 1, fact: 2 }

/** Green facts, amber doubts, red blockers with their remedy: what the hub finds before anything is registered. */
export function CheckResult({ check, settled }: { check: UseQueryResult<SourceCheck>; settled: Settled }) {
  const { data } = check
  const waiting = settled.state === 'waiting'
  return (
    <section
      aria-label={wizard.checkTitle}
      className="h-fit min-w-0 overflow-hidden rounded-card border border-line bg-surface"
    >
      <div className="flex min-h-11 items-center gap-2 border-b border-line px-4">
        <h2 className="grow font-semibold">{wizard.checkTitle}</h2>
        <span aria-live="polite" className="flex items-center gap-1.5 text-xs text-fg-3">
          {waiting && (
            <>
              <Icon className="turning" name="loader" size={14} />
              {wizard.checking}
            </>
          )}
          {settled.state === 'done' && <span className="sr-only">{summary(data)}</span>}
        </span>
        {settled.state === 'done' && (
          <Button icon="refresh" look="quiet" onClick={() => void check.refetch()} small>
            {wizard.checkAgain}
          </Button>
        )}
      </div>
      {settled.state === 'incomplete' ? (
        <p className="p-4 text-fg-2">
          {settled.missing === wizard.missing.upload
            ? wizard.upload.checkLater
            : settled.started
              ? settled.missing
              : wizard.checkIdle}
        </p>
      ) : check.isError && !waiting ? (
        <div className="p-3">
          <ProblemBox error={check.error} onRetry={() => void check.refetch()} />
        </div>
      ) : data === undefined ? (
        <div className="skeleton grid gap-3.5 p-4">
          <Bone className="w-4/5" />
          <Bone className="w-3/5" />
          <Bone className="w-2/3" />
        </div>
      ) : (
        <div aria-busy={waiting || undefined}>
          <BusyLine busy={waiting} />
          <Notes notes={data.notes} />
          <KnownHere known={data.known} />
          {data.hosted === null ? <CheckFiles check={data} /> : <CheckHosted hosted={data.hosted} />}
        </div>
      )}
    </section>
  )
}

const summary = (check: SourceCheck | undefined): string => {
  if (check === undefined) return ''
  const blockers = check.notes.filter(({ level }) => level === 'blocker').length
  const doubts = check.notes.filter(({ level }) => level === 'doubt').length
  return wizard.checkSummary(blockers, doubts)
}

/** What was found, what stands in the way first. */
export function Notes({ notes }: { notes: readonly Note[] }) {
  if (notes.length === 0) return null
  return (
    <ul className="grid gap-3 px-4 py-3">
      {notes
        .toSorted((a, b) => rank[a.level] - rank[b.level])
        .map((note) => (
          <li className="flex gap-2.5" key={note.message}>
            <Icon className={cx('mt-px', looks[note.level].tone)} name={looks[note.level].icon} />
            <span className="min-w-0 [overflow-wrap:anywhere]">
              <span className="sr-only">{wizard.levels[note.level]}: </span>
              <span className={cx(note.level === 'blocker' && 'font-medium')}>
                <Sentence>{readable(note.message)}</Sentence>
              </span>
              {note.remedy !== undefined && (
                <span className="block text-xs text-fg-2">{withLinks(readable(withoutPage(note)))}</span>
              )}
              {note.page !== undefined && (
                <a
                  className="mt-1.5 inline-flex items-center gap-1.5 rounded-tag font-medium text-accent-fg hover:underline"
                  href={note.page}
                  rel="noreferrer noopener"
                  target="_blank"
                >
                  <Icon name="external" size={14} />
                  {wizard.openPage(new URL(note.page).host)}
                </a>
              )}
            </span>
          </li>
        ))}
    </ul>
  )
}

/** The page has a link of its own below. */
const withoutPage = ({ remedy = '', page }: Note): string =>
  page === undefined ? remedy : remedy.replace(page, wizard.itsPage)

/** Addresses in a remedy can be followed. */
function withLinks(sentence: string): ReactNode[] {
  return sentence.split(/(https?:\/\/[^\s,]+[^\s,.)])/).map((piece, index) =>
    index % 2 === 0 ? (
      <Sentence key={piece}>{piece}</Sentence>
    ) : (
      <a className="text-accent-fg underline" href={piece} key={piece} rel="noreferrer noopener" target="_blank">
        {piece}
      </a>
    ),
  )
}

/** Versions that came from here before. */
function KnownHere({ known }: { known: SourceCheck['known'] }) {
  const [newest] = known
  if (newest === undefined) return null
  return (
    <p className="flex gap-2.5 border-t border-line px-4 py-2.5 text-fg-2">
      <Icon className="mt-px text-fg-3" name="info" />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        {wizard.knownLead}{' '}
        {known.map((one, index) => (
          <span key={one.versionId}>
            {index > 0 && ', '}
            <a
              className="rounded-tag font-medium text-accent-fg hover:underline"
              href={`/models/${one.modelName}@${one.number}`}
              rel="noreferrer"
              target="_blank"
            >
              {one.modelName} {text.common.version(one.number)}
            </a>{' '}
            ({text.states[one.state].toLowerCase()})
          </span>
        ))}
        . {wizard.knownNote}
      </span>
    </p>
  )
}

import type { ReactNode } from 'react'
import { bytes, count, percent } from '../../../format.ts'
import { cx } from '../../../ui/cx.ts'
import { Icon } from '../../../ui/icon.tsx'
import { ProgressBar } from '../../../ui/progress-bar.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import { toneText, verdictStatus } from '../../../ui/status.ts'
import { Time } from '../../../ui/time.tsx'
import type { Readiness } from '../use-model.ts'
import { isBlocking, totalOf } from './finding.ts'
import type { Scan, ScanSummary } from './use-security.ts'
import { skippedWords, bannerWords as words } from './words.ts'

const edge = {
  pass: 'border-l-pass-fg',
  warn: 'border-l-warn-fg',
  fail: 'border-l-fail-fg',
  part: 'border-l-part-line',
} as const

/** The verdict as a sentence, what it prevents, and how much of the bytes it rests on. */
export function ScanBanner({
  scan,
  history,
  readiness,
  action,
}: {
  scan: Scan
  /** Scans, newest first; undefined while they are not known. */
  history: readonly ScanSummary[] | undefined
  /** Undefined also for an older scan: gates read the newest. */
  readiness: Readiness | undefined
  action: ReactNode
}) {
  const status = verdictStatus(scan.verdict)
  const tone = status.tone === 'pass' || status.tone === 'warn' || status.tone === 'fail' ? status.tone : 'part'
  const share = percent(scan.bytesExamined, scan.bytesTotal)
  const skipped = scan.skipped.reduce((sum, { files }) => sum + files, 0)
  const holding = scan.findings.filter(isBlocking).length
  // What follows is for the gates of the hub to say.
  const gate = readiness?.checks.find(({ action: next }) => next === 'view_findings')
  const open = gate !== undefined && gate.status !== 'pass' && gate.status !== 'not_applicable'
  return (
    <section
      aria-label={status.label}
      className={cx(
        'flex gap-3 rounded-card border border-l-[3px] border-line bg-surface p-4',
        edge[tone],
        tone === 'part' && 'border-l-4 border-dashed',
      )}
    >
      <Icon className={cx('mt-0.5', toneText[status.tone])} name={status.icon} />
      <div className="min-w-0 grow">
        <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
          <div className="min-w-0 grow basis-72">
            <h2 className="text-md font-semibold break-words">{scan.sentence}</h2>
            {(holding > 0 || open) && (
              <p className="mt-0.5 break-words text-fg-2">
                {holding > 0 && `${words.holds(holding, scan.findings.length)} `}
                {open && gate.remedy !== null && <Sentence>{gate.remedy}</Sentence>}
              </p>
            )}
          </div>
          {action}
        </div>
        <div className="mt-3 mb-2">
          {share === null ? (
            <p className="text-xs text-fg-3">{words.noBytes}</p>
          ) : (
            <ProgressBar label={words.coverageLabel} percent={share} tone={share === 100 ? 'pass' : 'accent'} />
          )}
        </div>
        <p className="flex flex-wrap gap-x-5 gap-y-1 text-xs text-fg-3">
          <span className="text-fg-2">
            {words.coverage(
              count(scan.filesExamined),
              count(scan.filesTotal),
              bytes(scan.bytesExamined),
              bytes(scan.bytesTotal),
            )}
          </span>
          {skipped > 0 && <span>{words.skipped(skipped, reasonsOf(scan))}</span>}
          {scan.ruleset !== null && <span>{words.rules(scan.ruleset)}</span>}
          {scan.confirmed !== null && scan.confirmed.ruleset !== scan.ruleset && (
            <span>{words.confirmed(scan.confirmed.ruleset)}</span>
          )}
          {scan.scanner !== null && <span>{words.scanner(scan.scanner)}</span>}
          <Time at={scan.at} full />
          <Before history={history} id={scan.id} />
        </p>
        {scan.isolation.length > 0 && (
          <p className="mt-1 text-xs break-words text-fg-3">
            {words.isolation}: {scan.isolation.join(', ')}
          </p>
        )}
      </div>
    </section>
  )
}

/** no inspector, over a limit */
const reasonsOf = ({ skipped }: Pick<Scan, 'skipped'>): string =>
  skipped.map(({ reason }) => skippedWords.reasons[reason].toLowerCase()).join(', ')

function Before({ id, history }: { id: string | null; history: readonly ScanSummary[] | undefined }) {
  const at = history?.findIndex((scan) => scan.id === id) ?? -1
  if (history === undefined || at < 0) return null
  const before = history[at + 1]
  return <span>{before === undefined ? words.first : words.previous(totalOf(before.counts))}</span>
}

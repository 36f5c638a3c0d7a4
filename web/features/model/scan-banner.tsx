import type { Schema } from '../../app/client.ts'
import { bytes, count, percent } from '../../format.ts'
import { text } from '../../text.ts'
import { cx } from '../../ui/cx.ts'
import { Icon } from '../../ui/icon.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { toneText, verdictStatus } from '../../ui/status.ts'
import { Time } from '../../ui/time.tsx'

const words = text.model.security
const edge = {
  pass: 'border-l-pass-fg',
  warn: 'border-l-warn-fg',
  fail: 'border-l-fail-fg',
  part: 'border-l-part-line',
} as const

/** The verdict as a sentence and how much of the bytes it rests on. */
export function ScanBanner({ scan }: { scan: Schema<'Scan'> }) {
  const status = verdictStatus(scan.verdict)
  const tone = status.tone === 'pass' || status.tone === 'warn' || status.tone === 'fail' ? status.tone : 'part'
  const share = percent(scan.bytesExamined, scan.bytesTotal)
  return (
    <section
      className={cx(
        'flex gap-3 rounded-card border border-l-[3px] border-line bg-surface p-4',
        edge[tone],
        tone === 'part' && 'border-l-4 border-dashed',
      )}
    >
      <Icon className={cx('mt-px', toneText[status.tone])} name={status.icon} />
      <div className="min-w-0 grow">
        <h2 className="text-md font-semibold">{status.label}</h2>
        <p className="mt-0.5 break-words text-fg-2">{scan.sentence}</p>
        <div className="my-2">
          <ProgressBar label={words.coverageLabel} percent={share} tone={share === 100 ? 'pass' : 'accent'} />
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
          {scan.ruleset !== null && <span>{words.rules(scan.ruleset)}</span>}
          {scan.scanner !== null && <span>{words.scanner(scan.scanner)}</span>}
          <Time at={scan.at} full />
        </p>
        {scan.isolation.length > 0 && (
          <p className="mt-1 text-xs text-fg-3">
            {words.isolation}: {scan.isolation.join(', ')}
          </p>
        )}
      </div>
    </section>
  )
}

import type { ReactNode } from 'react'
import type { Schema } from '../../../app/client.ts'
import { dayTime } from '../../../format.ts'
import { text } from '../../../text.ts'
import { IconButton } from '../../../ui/button.tsx'
import { Field, Select } from '../../../ui/field.tsx'
import { Icon, type IconName } from '../../../ui/icon.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { SeverityChip } from '../../../ui/severity.tsx'
import { Bone } from '../../../ui/skeleton.tsx'
import { verdictStatus } from '../../../ui/status.ts'
import type { Version } from '../use-model.ts'
import { whereOf } from './finding.ts'
import { type ScanSummary, useScanDiff } from './use-security.ts'
import { historyWords as words } from './words.ts'

type Diff = Schema<'ScanDiff'>
type DiffFinding = Schema<'DiffFinding'>

/** Lines drawn of each list. */
const most = 50

/** What one scan says otherwise than another. */
export function ScanDiff({
  version,
  scan,
  other,
  items,
  onOther,
  onClose,
}: {
  version: Version
  scan: Pick<ScanSummary, 'id' | 'at'>
  other: string | undefined
  items: readonly ScanSummary[]
  onOther: (id: string | undefined) => void
  /** Absent where it cannot be closed. */
  onClose?: () => void
}) {
  const diff = useScanDiff(version, scan.id, other)
  return (
    <section aria-label={words.compareOf(dayTime(scan.at))} className="grid min-w-0 gap-3">
      <div className="flex items-end gap-3">
        <div className="max-w-72 grow">
          <Field label={words.against}>
            {(wired) => (
              <Select
                {...wired}
                onChange={(event) => onOther(event.target.value === '' ? undefined : event.target.value)}
                value={other ?? ''}
              >
                <option value="">{words.before}</option>
                {items
                  .filter(({ id }) => id !== scan.id)
                  .map((item) => (
                    <option key={item.id} value={item.id}>
                      {dayTime(item.at)}, {item.ruleset}
                    </option>
                  ))}
              </Select>
            )}
          </Field>
        </div>
        {onClose !== undefined && <IconButton className="ml-auto" icon="x" label={words.close} onClick={onClose} />}
      </div>
      {diff.isError ? (
        <ProblemBox error={diff.error} onRetry={() => void diff.refetch()} />
      ) : diff.data === undefined ? (
        <Bone className="skeleton w-64" />
      ) : (
        <Changes diff={diff.data} />
      )}
    </section>
  )
}

function Changes({ diff }: { diff: Diff }) {
  const { from, to } = diff
  if (from === null) return <p className="text-fg-2">{words.noBefore}</p>
  const sentences = [
    diff.rulesetChanged ? words.otherRules(from.ruleset, to.ruleset) : null,
    diff.scannerChanged ? words.otherScanner(from.scanner, to.scanner) : null,
    diff.rulesetChanged || diff.scannerChanged ? null : words.sameRules,
    diff.verdictChanged ? words.verdict(verdictStatus(from.verdict).label, verdictStatus(to.verdict).label) : null,
    diff.added.length + diff.gone.length + diff.changed.length === 0 ? words.nothing : null,
    words.unchanged(diff.unchanged),
    diff.truncated ? words.truncated : null,
  ]
  return (
    <>
      <p className="text-fg-2">{sentences.filter((part) => part !== null).join(' ')}</p>
      <Group icon="plus" of={diff.added} title={words.added} />
      <Group icon="minus" of={diff.gone} title={words.gone} />
      <Group
        after={(index) => {
          const change = diff.changed[index]
          return change === undefined ? null : (
            <span className="inline-flex items-center gap-1.5">
              <span className="text-xs text-fg-2">{text.severities[change.from]}</span>
              <Icon className="text-fg-3" name="arrow-right" size={13} />
              <SeverityChip severity={change.to} />
            </span>
          )
        }}
        icon="equal"
        of={diff.changed.map(({ finding }) => finding)}
        title={words.changed}
      />
    </>
  )
}

function Group({
  title,
  icon,
  of,
  after,
}: {
  title: string
  icon: IconName
  of: readonly DiffFinding[]
  after?: (index: number) => ReactNode
}) {
  if (of.length === 0) return null
  return (
    <div className="min-w-0">
      <h3 className="flex items-center gap-1.5 font-semibold">
        <Icon className="text-fg-3" name={icon} size={14} />
        {title} <span className="font-normal text-fg-3">{of.length.toLocaleString('en-US')}</span>
      </h3>
      <ul className="mt-1 grid gap-1">
        {of.slice(0, most).map((finding, index) => (
          <li
            className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1"
            // oxlint-disable-next-line react/no-array-index-key -- alike findings may stand twice; the list never changes its order
            key={`${finding.ruleId} ${finding.path} ${finding.member} ${finding.offset} ${index}`}
          >
            {after === undefined ? <SeverityChip severity={finding.severity} /> : after(index)}
            <span className="font-medium break-words">{finding.title}</span>
            <code className="text-xs text-fg-3">{finding.ruleId}</code>
            <code className="min-w-0 text-xs break-all text-fg-2">
              {finding.path}
              {whereOf(finding) !== '' && `, ${whereOf(finding)}`}
            </code>
          </li>
        ))}
      </ul>
      {of.length > most && <p className="mt-1 text-xs text-fg-3">{words.more(of.length - most)}</p>}
    </div>
  )
}

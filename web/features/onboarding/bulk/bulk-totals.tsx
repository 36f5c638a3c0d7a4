import { bytes, count, percent } from '../../../format.ts'
import { Button, ButtonLink } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { cx } from '../../../ui/cx.ts'
import { bulk } from '../words.ts'
import { type BulkRow, type BulkTotal, isChecking } from './bulk-rows.ts'

const words = bulk

/** What is chosen against what is free, and the one action. */
export function BulkTotals({
  rows,
  total,
  started,
  failed,
  busy,
  changed,
  onStart,
  onClear,
}: {
  rows: readonly BulkRow[]
  total: BulkTotal
  started: number
  failed: number
  busy: boolean
  /** True: what is typed is not what was previewed. */
  changed: boolean
  onStart: () => void
  onClear: () => void
}) {
  const readable = rows.filter(({ source }) => source !== null)
  const checked = readable.filter((row) => !isChecking(row)).length
  const tight = total.free !== null && total.needed > total.free
  const finished = started > 0 && total.chosen === 0 && !busy
  const reason = changed
    ? words.changed
    : total.checking
      ? words.startWait
      : total.chosen === 0
        ? words.startNone
        : total.badName
          ? words.startNames
          : tight
            ? words.startRoom
            : null
  return (
    <Card className="grid h-fit gap-3 p-4 max-lg:sticky max-lg:bottom-16 max-lg:z-10 max-lg:shadow-float lg:sticky lg:top-16">
      <p aria-live="polite" className="text-md font-semibold">
        {started + failed > 0 && !busy
          ? words.outcome(started, failed)
          : checked < readable.length
            ? words.checked(count(checked), count(readable.length))
            : words.total(words.chosen(total.chosen), bytes(total.bytes))}
      </p>
      {total.free !== null && !finished && (
        <div className="grid gap-2 text-xs">
          <p className={tight ? 'font-medium text-fail-fg' : 'text-fg-2'}>
            {tight
              ? words.roomShort(bytes(total.needed), bytes(total.free))
              : total.needed === 0 && total.unknown === 0
                ? words.roomNone(bytes(total.free))
                : words.room(bytes(total.needed), bytes(total.free))}
            {total.unknown > 0 && ` ${words.roomUnknown(total.unknown)}`}
          </p>
          <div aria-hidden="true" className="h-1.5 overflow-hidden rounded-full bg-line">
            <div
              className={cx('h-full rounded-full', tight ? 'bg-fail-fg' : 'bg-accent')}
              style={{ width: `${percent(total.needed, total.free) ?? 0}%` }}
            />
          </div>
        </div>
      )}
      <div className="flex flex-wrap gap-2">
        {finished ? (
          <>
            <ButtonLink icon="arrow-right" look="ink" to="/onboarding">
              {words.toJobs}
            </ButtonLink>
            <Button onClick={onClear}>{words.more}</Button>
          </>
        ) : (
          <Button busy={busy} look={changed ? 'outline' : 'ink'} onClick={onStart} reason={reason}>
            {busy ? words.starting(count(started), count(started + total.chosen)) : words.start(total.chosen)}
          </Button>
        )}
      </div>
    </Card>
  )
}

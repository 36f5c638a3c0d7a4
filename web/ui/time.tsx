import { dayTime, exactUtc, when } from '../format.ts'
import { text } from '../text.ts'

/** Relative under a day, else the date; the exact instant on hover and for machines. */
export function Time({ at, full = false }: { at: string | null; full?: boolean }) {
  if (at === null) return <span className="text-fg-3">{text.common.notApplicable}</span>
  return (
    <time dateTime={at} title={exactUtc(at)}>
      {full ? dayTime(at) : when(at)}
    </time>
  )
}

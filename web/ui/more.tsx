import { count } from '../format.ts'
import { text } from '../text.ts'
import { Button } from './button.tsx'

/** The end of a paged list: how much is shown, and the next page. */
export function ShowMore({
  shown,
  total,
  hasMore,
  busy,
  onMore,
}: {
  shown: number
  total?: number | undefined
  hasMore: boolean
  busy: boolean
  onMore: () => void
}) {
  return (
    <div className="flex flex-wrap items-center justify-end gap-3 text-xs text-fg-3">
      <span>
        {total === undefined ? text.common.shown(count(shown)) : text.common.shownOf(count(shown), count(total))}
      </span>
      {hasMore && (
        <Button busy={busy} onClick={onMore} small>
          {text.common.showMore}
        </Button>
      )}
    </div>
  )
}

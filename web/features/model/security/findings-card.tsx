import type { ReactNode } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { FilterChips } from '../../../ui/filter-chips.tsx'
import { Kbd } from '../../../ui/kbd.tsx'
import { FindingTable } from './finding-table.tsx'
import type { FindingFilter } from './use-finding-filter.ts'
import type { Finding } from './use-security.ts'
import { securityWords, findingWords as words } from './words.ts'

/** The findings under a filter, with what can be taken away as a file. */
export function FindingsCard({
  filter,
  chosen,
  empty,
  menu,
  readOnly = false,
  endOf,
  onChoose,
}: {
  filter: FindingFilter
  chosen: string | undefined
  /** What to say where the scan found nothing. */
  empty: string
  menu: ReactNode
  /** Nothing can be decided about these findings. */
  readOnly?: boolean
  endOf: (finding: Finding) => string | null
  onChoose: (id: string) => void
}) {
  const { all, shown, fresh, value, setValue, offered } = filter
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        {all.length > 0 && (
          <FilterChips label={words.filterLabel} onChange={setValue} options={offered} value={value} />
        )}
        <span className="ml-auto">{menu}</span>
      </div>
      {all.length === 0 ? (
        <Empty title={securityWords.noneTitle}>{empty}</Empty>
      ) : shown.length === 0 ? (
        <Empty action={<Button onClick={() => setValue('all')}>{words.showAll}</Button>} title={words.noneFiltered} />
      ) : (
        <>
          <FindingTable chosen={chosen} endOf={endOf} findings={shown} fresh={fresh} key={value} onChoose={onChoose} />
          <p className="flex flex-wrap items-center gap-1 text-xs text-fg-3 pointer-coarse:hidden">
            {words.press} <Kbd>J</Kbd> <Kbd>K</Kbd> {readOnly ? words.moveOnly : words.move}{' '}
            {!readOnly && (
              <>
                <Kbd>W</Kbd> {words.ask}
              </>
            )}
          </p>
        </>
      )}
    </>
  )
}

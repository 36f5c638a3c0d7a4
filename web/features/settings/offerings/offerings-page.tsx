import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useMemo, useRef, useState } from 'react'
import { chosenIn, type OfferingSearch } from '../../../app/search.ts'
import { useCan } from '../../../app/session.ts'
import { useShortcuts } from '../../../app/shortcuts.ts'
import { count } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { OriginShape } from '../../../ui/origin-dot.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { WithPanel } from '../../../ui/side-panel.tsx'
import { SkeletonRows } from '../../../ui/skeleton.tsx'
import { SettingsFrame } from '../settings-frame.tsx'
import { offeringWords as words } from '../words.ts'
import { NameOfferingDialog } from './name-offering-dialog.tsx'
import { OfferingFilters } from './offering-filters.tsx'
import { OfferingList } from './offering-list.tsx'
import { OfferingPanel } from './offering-panel.tsx'
import { useAllOfferings, useOfferings } from './use-offerings.ts'

const route = getRouteApi('/app/settings/offerings')

/** A change of the search: undefined takes a part out. */
export type OfferingChange = { [K in keyof OfferingSearch]?: OfferingSearch[K] | undefined }

export function OfferingsPage() {
  const search = route.useSearch()
  const { show: chosen, ...given } = search
  const show = chosenIn(chosen)
  const filters: OfferingSearch = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''))
  const navigate = useNavigate()
  const can = useCan()
  const offerings = useOfferings(filters)
  const all = useAllOfferings()
  const [naming, setNaming] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const items = useMemo(() => offerings.data?.pages.flatMap((page) => page.items) ?? [], [offerings.data])
  const total = offerings.data?.pages[0]?.total
  const filtered = Object.keys(filters).length > 0
  const change = (next: OfferingChange, replace = true) =>
    void navigate({
      to: '/settings/offerings',
      search: (now) =>
        Object.fromEntries(Object.entries({ ...now, ...next }).filter(([, value]) => value !== undefined)),
      replace,
      resetScroll: false,
    })
  const open = (id: string | undefined) => change({ show: id }, false)
  useShortcuts({
    '/': () => field.current?.focus(),
    ...(show === undefined ? {} : { Escape: () => open(undefined) }),
  })
  const list = (
    <>
      <OfferingFilters busy={offerings.isPlaceholderData} inputRef={field} onChange={change} search={filters} />
      <p aria-live="polite" className="sr-only">
        {total === undefined ? '' : words.announce(count(total))}
      </p>
      {offerings.isError && items.length === 0 ? (
        <ProblemBox error={offerings.error} onRetry={() => void offerings.refetch()} />
      ) : offerings.isPending ? (
        <SkeletonRows rows={14} />
      ) : items.length === 0 ? (
        <Empty
          action={
            filtered && (
              <Button onClick={() => void navigate({ to: '/settings/offerings', search: {} })}>{words.clear}</Button>
            )
          }
          title={filtered ? words.filteredTitle : words.emptyTitle}
        >
          {filtered ? filters.max !== undefined && words.filtered : words.empty}
        </Empty>
      ) : (
        <>
          {offerings.isError && <ProblemBox error={offerings.error} onRetry={() => void offerings.refetch()} />}
          <OfferingList
            aside={show !== undefined}
            busy={offerings.isFetchingNextPage}
            chosen={show}
            hasMore={offerings.hasNextPage}
            items={items}
            onMore={() => void offerings.fetchNextPage()}
            onOpen={open}
            total={total}
          />
          <ul className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-xs text-fg-3">
            {(['half', 'outline'] as const).map((shape) => (
              <li className="inline-flex items-center gap-1.5" key={shape}>
                <OriginShape shape={shape} />
                {words.legend[shape]}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
  return (
    <SettingsFrame
      actions={
        can('offering.write') && (
          <Button icon="plus" onClick={() => setNaming(true)}>
            {words.addUnlisted}
          </Button>
        )
      }
      at="/settings/offerings"
      note={
        total !== undefined &&
        (filtered && all.data !== undefined ? words.noteOf(count(total), count(all.data)) : words.note(count(total)))
      }
      title={text.nav.offerings}
    >
      <WithPanel
        list={list}
        panel={
          show === undefined ? null : (
            <OfferingPanel
              id={show}
              key={show}
              known={items.find(({ id }) => id === show)}
              onClose={() => open(undefined)}
            />
          )
        }
      />
      {naming && (
        <NameOfferingDialog
          onClose={() => setNaming(false)}
          onNamed={(id) => {
            setNaming(false)
            open(id)
          }}
          preset={filters.provider}
        />
      )}
    </SettingsFrame>
  )
}

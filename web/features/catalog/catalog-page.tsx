import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useMemo, useRef, useState } from 'react'
import { usePageCommands } from '../../app/commands.ts'
import { Page } from '../../app/page.tsx'
import type { CatalogChange, CatalogSearch } from '../../app/search.ts'
import { useCan } from '../../app/session.ts'
import { useShortcuts } from '../../app/shortcuts.ts'
import { useRowKeys } from '../../app/use-row-keys.ts'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { ShowMore } from '../../ui/more.tsx'
import { OriginLegend } from '../../ui/origin-dot.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { CatalogEmpty } from './catalog-empty.tsx'
import { CatalogGrid } from './catalog-grid.tsx'
import { CatalogTable } from './catalog-table.tsx'
import { Facets } from './facets.tsx'
import { SearchBox } from './search-box.tsx'
import { SortMenu } from './sort-menu.tsx'
import { chosenAll, useAllCount, useModels } from './use-catalog.ts'

const route = getRouteApi('/app/models/')

export function CatalogPage() {
  const search = route.useSearch()
  const navigate = useNavigate()
  const can = useCan()
  const models = useModels(search)
  const all = useAllCount()
  const [sheet, setSheet] = useState(false)
  const searchField = useRef<HTMLInputElement>(null)
  const view = search.view ?? 'table'
  const change = (next: CatalogChange) =>
    void navigate({ to: '/models', search: (now) => clean({ ...now, ...next }), replace: true, resetScroll: false })
  const items = useMemo(() => models.data?.pages.flatMap((page) => page.items) ?? [], [models.data])
  const first = models.data?.pages[0]
  const filters = chosenAll(search)
  const filtered = filters.length > 0 || search.q !== undefined
  const rows = useRowKeys(items.length, (index) => {
    const model = items[index]
    if (model !== undefined) void navigate({ to: '/models/$', params: { _splat: model.name } })
  })
  const toggleView = () => change({ view: view === 'table' ? 'grid' : undefined })
  useShortcuts({ ...rows.keys, '/': () => searchField.current?.focus(), v: toggleView })
  usePageCommands(
    useMemo(
      () => [
        {
          id: 'view',
          label: text.catalog.view,
          icon: 'grid' as const,
          shortcut: 'v',
          run: () => change({ view: view === 'table' ? 'grid' : undefined }),
        },
        {
          id: 'clear',
          label: text.catalog.clearAll,
          icon: 'x' as const,
          run: () => void navigate({ to: '/models', search: {} }),
        },
      ],
      // oxlint-disable-next-line react-hooks/exhaustive-deps -- `change` only wraps navigate
      [view, navigate],
    ),
  )
  const facets = <Facets answered={first !== undefined} facets={first?.facets} onChange={change} search={search} />
  return (
    <Page bare title={text.catalog.title}>
      <div className="lg:grid lg:min-h-full lg:grid-cols-[13.75rem_minmax(0,1fr)]">
        <aside aria-label={text.catalog.filters} className="hidden border-r border-line px-5 py-4 lg:block">
          {facets}
        </aside>
        <div className="min-w-0 px-4 py-4 md:px-5">
          <div className="flex min-h-8 flex-wrap items-center gap-3">
            <h1 className="text-xl font-semibold">{text.catalog.title}</h1>
            {first !== undefined && (
              <span className="text-fg-3">
                {filtered && all.data !== undefined
                  ? text.catalog.of(count(first.total), count(all.data))
                  : text.catalog.models(count(first.total))}
              </span>
            )}
            <div className="ml-auto flex items-center gap-2">
              <div className="hidden md:block">
                <Segmented
                  label={text.catalog.view}
                  onChange={(next) => change({ view: next === 'grid' ? 'grid' : undefined })}
                  options={[
                    { value: 'table', label: text.catalog.table, icon: 'table' },
                    { value: 'grid', label: text.catalog.grid, icon: 'grid' },
                  ]}
                  value={view}
                />
              </div>
              {can('model.write') && (
                <ButtonLink icon="plus" look="ink" to="/onboarding/new">
                  {text.catalog.onboard}
                </ButtonLink>
              )}
            </div>
          </div>
          <SearchBox
            busy={models.isPlaceholderData}
            filters={filters}
            inputRef={searchField}
            onChange={change}
            search={search}
            tookMs={first?.tookMs}
          />
          <div className="mt-2 mb-2 flex items-center gap-2">
            <Button className="lg:hidden" icon="filters" onClick={() => setSheet(true)} small>
              {filters.length === 0 ? text.catalog.filters : text.catalog.filtersOn(filters.length)}
            </Button>
            <div className="ml-auto">
              <SortMenu
                onChange={(sort) => change({ sort: sort === '-updated' ? undefined : sort })}
                value={search.sort ?? '-updated'}
              />
            </div>
          </div>
          <p aria-live="polite" className="sr-only">
            {first === undefined ? '' : text.catalog.announce(count(first.total))}
          </p>
          {models.isError && items.length === 0 ? (
            <ProblemBox error={models.error} onRetry={() => void models.refetch()} />
          ) : models.isPending ? (
            <SkeletonRows rows={12} />
          ) : items.length === 0 ? (
            <CatalogEmpty all={all.data} filters={filters} onChange={change} search={search} />
          ) : (
            <>
              {models.isError && <ProblemBox error={models.error} onRetry={() => void models.refetch()} />}
              {view === 'table' && (
                <CatalogTable
                  active={rows.active}
                  items={items}
                  onSort={(sort) => change({ sort })}
                  sort={search.sort ?? '-updated'}
                />
              )}
              <CatalogGrid active={rows.active} items={items} onlyNarrow={view === 'table'} />
              <div className="mt-3 flex flex-wrap items-center justify-between gap-3">
                <OriginLegend />
                <ShowMore
                  busy={models.isFetchingNextPage}
                  hasMore={models.hasNextPage}
                  onMore={() => void models.fetchNextPage()}
                  shown={items.length}
                  total={first?.total}
                />
              </div>
            </>
          )}
        </div>
      </div>
      <Sheet
        footer={
          <Button className="w-full" look="ink" onClick={() => setSheet(false)}>
            {text.catalog.showModels(count(first?.total ?? 0))}
          </Button>
        }
        onClose={() => setSheet(false)}
        open={sheet}
        title={text.catalog.filters}
      >
        {facets}
      </Sheet>
    </Page>
  )
}

const clean = (search: Record<string, unknown>): CatalogSearch =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined && value !== '')) as CatalogSearch

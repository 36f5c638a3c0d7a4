import type { CatalogChange, CatalogSearch } from '../../app/search.ts'
import { useCan } from '../../app/session.ts'
import { text } from '../../text.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { facetLabel } from './facet-label.ts'
import type { FacetName } from './use-catalog.ts'

/** Nothing yet, or nothing under these filters: each with the way on. */
export function CatalogEmpty({
  all,
  search,
  filters,
  onChange,
}: {
  all: number | undefined
  search: CatalogSearch
  filters: { facet: FacetName; value: string }[]
  onChange: (next: CatalogChange) => void
}) {
  const can = useCan()
  const last = filters.at(-1)
  if (all === 0) {
    return (
      <Empty
        action={
          can('model.write') && (
            <ButtonLink icon="plus" look="ink" to="/onboarding/new">
              {text.catalog.onboard}
            </ButtonLink>
          )
        }
        title={text.catalog.emptyTitle}
      >
        {text.catalog.empty}
      </Empty>
    )
  }
  const lastName =
    last === undefined ? undefined : `${text.catalog.facets[last.facet]}: ${facetLabel(last.facet, last.value)}`
  return (
    <Empty
      action={
        <>
          {last !== undefined && lastName !== undefined && (
            <Button
              onClick={() => {
                const rest = (search[last.facet] ?? '').split(',').filter((value) => value !== last.value)
                onChange({ [last.facet]: rest.length === 0 ? undefined : rest.join(',') })
              }}
            >
              {text.catalog.remove(lastName)}
            </Button>
          )}
          <ButtonLink search={search.view === undefined ? {} : { view: search.view }} to="/models">
            {text.catalog.clearAll}
          </ButtonLink>
        </>
      }
      title={text.catalog.filteredTitle}
    >
      {lastName === undefined ? text.catalog.filteredSearch : text.catalog.filtered(lastName)}
    </Empty>
  )
}

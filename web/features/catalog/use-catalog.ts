import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { unwrap } from '../../../sdk/index.ts'
import { hub, type Schema } from '../../app/client.ts'
import type { CatalogSearch } from '../../app/search.ts'

export type Model = Schema<'Model'>

export const facetNames = ['state', 'verdict', 'source', 'modality', 'license', 'tag'] as const
export type FacetName = (typeof facetNames)[number]

export const chosen = (search: CatalogSearch, facet: FacetName): string[] =>
  search[facet]?.split(',').filter((value) => value !== '') ?? []

/** Selected values as one list, for chips and for the number on the filter button. */
export const chosenAll = (search: CatalogSearch): { facet: FacetName; value: string }[] =>
  facetNames.flatMap((facet) => chosen(search, facet).map((value) => ({ facet, value })))

function queryOf(search: CatalogSearch) {
  const lists = {
    state: chosen(search, 'state') as Schema<'LifecycleState'>[],
    verdict: chosen(search, 'verdict') as Schema<'Verdict'>[],
    source: chosen(search, 'source') as Schema<'SourceType'>[],
    modality: chosen(search, 'modality') as Schema<'Modality'>[],
    license: chosen(search, 'license'),
    tag: chosen(search, 'tag'),
  }
  return {
    ...Object.fromEntries(Object.entries(lists).filter(([, values]) => values.length > 0)),
    ...(search.q === undefined ? {} : { q: search.q }),
    ...(search.sort === undefined ? {} : { sort: search.sort }),
  }
}

/** The pages of the list; the old ones stay visible while a new answer is on its way. */
export function useModels(search: CatalogSearch) {
  const query = queryOf(search)
  return useInfiniteQuery({
    queryKey: ['models', 'list', query],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        hub.GET('/models', {
          params: {
            query: { ...query, limit: 50, ...(pageParam === '' ? { facets: 'true' } : { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: (state) =>
      state.state.data?.pages.some((page) => page.items.some((model) => model.state === 'ingesting')) === true
        ? 4_000
        : false,
  })
}

/** How many models there are without any filter: tells "nothing yet" from "nothing matches". */
export function useAllCount() {
  return useQuery({
    queryKey: ['models', 'total'],
    queryFn: async () => (await unwrap(hub.GET('/models', { params: { query: { limit: 1 } } }))).total,
    staleTime: 30_000,
  })
}

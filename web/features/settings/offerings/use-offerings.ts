import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { unwrap } from '../../../../sdk/index.ts'
import { hub, type Schema } from '../../../app/client.ts'
import type { OfferingSearch } from '../../../app/search.ts'
import type { Offering } from './offering-facts.ts'

/** Rows of one page: few requests over a list of thousands, each still fast. */
const pageSize = 200

function queryOf({ q, provider, modality, status, from, max }: OfferingSearch) {
  const most = max === undefined || max.trim() === '' ? Number.NaN : Number(max)
  return {
    ...(q === undefined ? {} : { q }),
    ...(provider === undefined ? {} : { provider }),
    ...(modality === undefined ? {} : { modality: modality as Schema<'Modality'> }),
    ...(status === undefined ? {} : { status: status as Schema<'OfferingStatus'> }),
    ...(from === undefined ? {} : { source: from }),
    ...(most >= 0 ? { maxPrice: most } : {}),
  }
}

/** The pages of the list; the old ones stay visible while a new answer is on its way. */
export function useOfferings(search: OfferingSearch) {
  const query = queryOf(search)
  return useInfiniteQuery({
    queryKey: ['offerings', 'list', query],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        hub.GET('/offerings', {
          params: { query: { ...query, limit: pageSize, ...(pageParam === '' ? {} : { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
}

/** How many there are without any filter: tells "nothing yet" from "nothing matches". */
export function useAllOfferings() {
  return useQuery({
    queryKey: ['offerings', 'total'],
    queryFn: async () => (await unwrap(hub.GET('/offerings', { params: { query: { limit: 1 } } }))).total,
    staleTime: 60_000,
  })
}

/** Every provider that has offerings, with a definition or without, for the filter. */
export function useSellers() {
  return useQuery({
    queryKey: ['providers', 'sellers'],
    queryFn: async () => {
      const found: Schema<'Provider'>[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: Schema<'ProviderPage'> = await unwrap(
          hub.GET('/providers', { params: { query: { limit: 200, ...(cursor === '' ? {} : { cursor }) } } }),
        )
        found.push(...page.items)
        cursor = page.nextCursor
      }
      return found.filter(({ sells, offerings, defined }) => sells && (offerings > 0 || defined))
    },
    staleTime: 60_000,
  })
}

const at = (id: string) => ({ params: { path: { id } } })

export function useOffering(id: string, known: Offering | undefined) {
  return useQuery({
    queryKey: ['offerings', 'one', id],
    queryFn: () => unwrap(hub.GET('/offerings/{id}', at(id))),
    ...(known === undefined ? {} : { placeholderData: known }),
  })
}

function useOfferingChange<Input>(id: string, call: (input: Input) => Promise<Offering>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: call,
    onSuccess: async (offering) => {
      client.setQueryData(['offerings', 'one', id], offering)
      await client.invalidateQueries({ queryKey: ['offerings', 'list'] })
    },
  })
}

export const useOverride = (id: string) =>
  useOfferingChange(id, (body: Schema<'UpdateOffering'>) => unwrap(hub.PATCH('/offerings/{id}', { ...at(id), body })))

export const useProbe = (id: string) =>
  useOfferingChange(id, (body: Schema<'ProbeOffering'>) =>
    unwrap(hub.POST('/offerings/{id}/probe', { ...at(id), body })),
  )

export function useNameOffering() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Schema<'CreateOffering'>) => unwrap(hub.POST('/offerings', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['offerings'] }),
  })
}

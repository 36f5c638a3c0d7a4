import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { unwrap } from '../../../../sdk/index.ts'
import { hub, type Schema } from '../../../app/client.ts'

export type SyncOutcome = Schema<'SyncOutcome'>
export type CatalogReport = Schema<'CatalogImport'>

/** Providers that only a catalog knows. */
export function useOtherProviders(enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ['providers', 'others'],
    queryFn: ({ pageParam }) =>
      unwrap(
        hub.GET('/providers', {
          params: { query: { defined: 'false', limit: 200, ...(pageParam === '' ? {} : { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    enabled,
    staleTime: 60_000,
  })
}

/** Calls after which offerings, providers and credentials are others. */
function useTakingIn<Input, Output>(call: (input: Input) => Promise<Output>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: call,
    onSuccess: () =>
      Promise.all(
        ['providers', 'offerings', 'credentials'].map((key) => client.invalidateQueries({ queryKey: [key] })),
      ),
  })
}

export const useSyncProvider = (kind: string) =>
  useTakingIn((credential: string) =>
    unwrap(hub.POST('/providers/{kind}/sync', { params: { path: { kind } }, body: { credential } })),
  )

export const useRefreshCatalog = () => useTakingIn<void, CatalogReport>(() => unwrap(hub.POST('/offerings/refresh')))

export const useImportCatalog = () =>
  useTakingIn(({ document, date }: { document: Schema<'CatalogDocument'>; date: string }) =>
    unwrap(hub.POST('/offerings/import', { params: { query: date === '' ? {} : { date } }, body: document })),
  )

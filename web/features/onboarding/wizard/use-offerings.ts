import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { unwrap } from '../../../../sdk/index.ts'
import { hub } from '../../../app/client.ts'

/** What a provider is known to sell, by words in its id or name; a page at a time. */
export function useOfferings(provider: string, words: string) {
  return useInfiniteQuery({
    queryKey: ['offerings', 'of', provider, words],
    queryFn: ({ pageParam, signal }) => {
      const query = {
        provider,
        limit: 50,
        ...(words === '' ? {} : { q: words }),
        ...(pageParam === '' ? {} : { cursor: pageParam }),
      }
      return unwrap(hub.GET('/offerings', { params: { query }, signal }))
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    enabled: provider !== '',
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })
}

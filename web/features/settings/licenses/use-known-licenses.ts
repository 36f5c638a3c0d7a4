import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { unwrap } from '../../../../sdk/index.ts'
import { hub, type Schema } from '../../../app/client.ts'

export type KnownLicense = Schema<'KnownLicense'>

export function useKnownLicenses(filter: { q?: string | undefined; class?: KnownLicense['class'] | undefined }) {
  return useInfiniteQuery({
    queryKey: ['licenses', filter],
    queryFn: ({ pageParam }) =>
      unwrap(
        hub.GET('/licenses', {
          params: {
            query: {
              limit: 50,
              ...(filter.q === undefined ? {} : { q: filter.q }),
              ...(filter.class === undefined ? {} : { class: filter.class }),
              ...(pageParam === '' ? {} : { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })
}

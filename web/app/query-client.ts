import { QueryCache, QueryClient } from '@tanstack/react-query'
import { HubApiError } from '../../sdk/index.ts'

export const statusOf = (error: unknown): number | undefined =>
  error instanceof HubApiError ? error.status : undefined

export const sessionKey = ['session'] as const

/** A refusal is an answer and is not asked again; only a lost connection or a failing hub is, twice. */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      if (statusOf(error) === 401 && query.queryKey[0] !== sessionKey[0]) {
        void queryClient.invalidateQueries({ queryKey: sessionKey })
      }
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => failures < 2 && (statusOf(error) ?? 500) >= 500,
    },
  },
})

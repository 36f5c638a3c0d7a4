import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { unwrap } from '../../../sdk/index.ts'
import { hub, type Schema } from '../../app/client.ts'

export type Evaluation = Schema<'Evaluation'>
export type EvaluationItem = Schema<'EvaluationItem'>

export function useEvaluations(versionId?: string) {
  return useInfiniteQuery({
    queryKey: ['evaluations', versionId ?? 'all'],
    queryFn: ({ pageParam }) =>
      unwrap(
        hub.GET('/evaluations', {
          params: {
            query: {
              limit: 50,
              ...(versionId === undefined ? {} : { version: versionId }),
              ...(pageParam === '' ? {} : { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.items.some((run) => run.state === 'running')) === true
        ? 3_000
        : false,
  })
}

export function useEvaluation(id: string) {
  return useQuery({
    queryKey: ['evaluations', 'one', id],
    queryFn: () => unwrap(hub.GET('/evaluations/{id}', { params: { path: { id } } })),
    refetchInterval: (query) => (query.state.data?.state === 'running' ? 2_000 : false),
  })
}

export function useEvaluationItems(id: string, wrongOnly: boolean, done: number) {
  return useInfiniteQuery({
    queryKey: ['evaluations', 'items', id, wrongOnly, done],
    queryFn: ({ pageParam }) =>
      unwrap(
        hub.GET('/evaluations/{id}/items', {
          params: {
            path: { id },
            query: {
              limit: 50,
              ...(wrongOnly ? { wrong: 'true' } : {}),
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

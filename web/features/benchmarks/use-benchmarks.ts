import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { unwrap } from '../../../sdk/index.ts'
import { hub, type Schema } from '../../app/client.ts'

export type Benchmark = Schema<'Benchmark'>
export type BenchmarkResult = Schema<'BenchmarkResult'>

export function useBenchmarks(versionId?: string) {
  return useInfiniteQuery({
    queryKey: ['benchmarks', versionId ?? 'all'],
    queryFn: ({ pageParam }) =>
      unwrap(
        hub.GET('/benchmarks', {
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

export function useBenchmark(id: string) {
  return useQuery({
    queryKey: ['benchmarks', 'one', id],
    queryFn: () => unwrap(hub.GET('/benchmarks/{id}', { params: { path: { id } } })),
    refetchInterval: (query) => (query.state.data?.state === 'running' ? 2_000 : false),
  })
}

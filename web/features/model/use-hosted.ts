import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { unwrap } from '../../../sdk/index.ts'
import { hub } from '../../app/client.ts'
import type { Version } from './use-model.ts'

/** What is known now of the offering that a version is. */
export function useHostedOffering(id: string | null) {
  return useQuery({
    queryKey: ['offerings', 'one', id],
    queryFn: () => unwrap(hub.GET('/offerings/{id}', { params: { path: { id: id ?? '' } } })),
    enabled: id !== null,
    staleTime: 30_000,
  })
}

const after = (cursor: string, limit: number) => ({ limit, ...(cursor === '' ? {} : { cursor }) })

/** When the files of a version were read again in full, newest first. */
export function useReverifications(version: Version) {
  return useInfiniteQuery({
    queryKey: ['versions', version.id, 'reverifications', version.updatedAt, version.activeJobId],
    queryFn: ({ pageParam }) =>
      unwrap(hub.GET('/reverifications', { params: { query: { version: version.id, ...after(pageParam, 10) } } })),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
}

/** Who pulled a version: one audit event for each caller and hour. */
export function usePullers(version: Version, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ['audit', 'pulls', version.id, version.pulls?.lastAt],
    queryFn: ({ pageParam }) =>
      unwrap(
        hub.GET('/audit', {
          params: { query: { action: 'version.pull', object: version.id, ...after(pageParam, 20) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    enabled,
  })
}

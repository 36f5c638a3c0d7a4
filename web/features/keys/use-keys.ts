import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { unwrap } from '../../../sdk/index.ts'
import { hub, type Schema } from '../../app/client.ts'

export type Key = Schema<'Key'>

export function useKeys() {
  return useInfiniteQuery({
    queryKey: ['keys'],
    queryFn: ({ pageParam }) =>
      unwrap(
        hub.GET('/keys', { params: { query: { limit: 50, ...(pageParam === '' ? {} : { cursor: pageParam }) } } }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
}

export function useCreateKey() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Schema<'CreateKey'>) => unwrap(hub.POST('/keys', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['keys'] }),
  })
}

export function useRevokeKey() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => unwrap(hub.DELETE('/keys/{id}', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['keys'] }),
  })
}

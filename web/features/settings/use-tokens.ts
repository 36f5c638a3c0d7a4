import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { unwrap } from '../../../sdk/index.ts'
import { hub, type Schema } from '../../app/client.ts'

export type Token = Schema<'Token'>

export function useTokens() {
  return useInfiniteQuery({
    queryKey: ['tokens'],
    queryFn: ({ pageParam }) =>
      unwrap(
        hub.GET('/tokens', { params: { query: { limit: 50, ...(pageParam === '' ? {} : { cursor: pageParam }) } } }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
}

export function useCreateToken() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Schema<'CreateToken'>) => unwrap(hub.POST('/tokens', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  })
}

export function useRevokeToken() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => unwrap(hub.DELETE('/tokens/{id}', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  })
}

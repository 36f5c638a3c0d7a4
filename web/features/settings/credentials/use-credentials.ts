import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { unwrap } from '../../../../sdk/index.ts'
import { hub, type Schema } from '../../../app/client.ts'
import type { Credential } from '../../../app/use-providers.ts'

/** Stored credentials, newest first; of one kind when it is given. */
export function useCredentialPages(kind: string | undefined) {
  return useInfiniteQuery({
    queryKey: ['credentials', 'pages', kind],
    queryFn: ({ pageParam }) =>
      unwrap(
        hub.GET('/credentials', {
          params: {
            query: {
              limit: 100,
              ...(kind === undefined ? {} : { kind }),
              ...(pageParam === '' ? {} : { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
}

export function useCredential(id: string, known: Credential | undefined) {
  return useQuery({
    queryKey: ['credentials', 'one', id],
    queryFn: () => unwrap(hub.GET('/credentials/{id}', { params: { path: { id } } })),
    ...(known === undefined ? {} : { placeholderData: known }),
  })
}

/** A call that changes a credential; lists and the open panel follow. */
function useChange<Input, Output>(call: (input: Input) => Promise<Output>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: call,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['credentials'] }),
        client.invalidateQueries({ queryKey: ['providers'] }),
      ]),
  })
}

const at = (id: string) => ({ params: { path: { id } } })

export const useTestCredential = () => useChange((id: string) => unwrap(hub.POST('/credentials/{id}/test', at(id))))

export const useRotateCredential = (id: string) =>
  useChange((body: Schema<'RotateCredential'>) => unwrap(hub.PUT('/credentials/{id}/secret', { ...at(id), body })))

export const useRenameCredential = (id: string) =>
  useChange((name: string) => unwrap(hub.PATCH('/credentials/{id}', { ...at(id), body: { name } })))

export const useRemoveCredential = () => useChange((id: string) => unwrap(hub.DELETE('/credentials/{id}', at(id))))

import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { unwrap } from '../../sdk/index.ts'
import { hub, type Schema } from './client.ts'
import { sessionKey } from './query-client.ts'

type Viewer = Schema<'Viewer'>

export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  queryFn: async () => (await unwrap(hub.GET('/session'))).viewer ?? null,
  staleTime: 60_000,
})

export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: () => unwrap(hub.GET('/setup')),
  staleTime: 0,
})

/** Who is signed in; null between an expired session and the sign-in page. */
export function useViewer(): Viewer | null {
  return useQuery(sessionQuery).data ?? null
}

/** Whether the hub told us that this person may do something; the hub itself decides again on every call. */
export function useCan(): (permission: string) => boolean {
  const viewer = useViewer()
  return (permission) => viewer?.permissions.includes(permission) ?? false
}

export function useSignOut(): () => Promise<void> {
  const client = useQueryClient()
  return async () => {
    await unwrap(hub.DELETE('/session'))
    client.clear()
    location.assign('/sign-in')
  }
}

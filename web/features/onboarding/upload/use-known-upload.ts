import { useQuery } from '@tanstack/react-query'
import { unwrap } from '../../../../sdk/index.ts'
import { hub } from '../../../app/client.ts'

/** What the hub holds of an upload. */
export function useKnownUpload(id: string) {
  return useQuery({
    queryKey: ['uploads', id],
    queryFn: () => unwrap(hub.GET('/uploads/{id}', { params: { path: { id }, query: { limit: 1 } } })),
    enabled: id !== '',
    retry: false,
    staleTime: 0,
  })
}

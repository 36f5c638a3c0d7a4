import { useQuery } from '@tanstack/react-query'
import { unwrap } from '../../../sdk/index.ts'
import { hub } from '../../app/client.ts'

export function usePeople(enabled: boolean) {
  return useQuery({
    queryKey: ['users'],
    queryFn: async () => (await unwrap(hub.GET('/users', { params: { query: { limit: 200 } } }))).items,
    enabled,
  })
}

import { useQuery } from '@tanstack/react-query'
import { unwrap } from '../../sdk/index.ts'
import { hub } from './client.ts'

/** The hub's own version and where its gateway answers. */
export function useVersionInfo() {
  return useQuery({ queryKey: ['version-info'], queryFn: () => unwrap(hub.GET('/version')), staleTime: 300_000 })
}

/** Routes that applications can call. */
export function useRoutes() {
  return useQuery({
    queryKey: ['routes'],
    queryFn: async () => (await unwrap(hub.GET('/routes', { params: { query: { limit: 200 } } }))).items,
    staleTime: 10_000,
  })
}

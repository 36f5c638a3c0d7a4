import { useQuery } from '@tanstack/react-query'
import { unwrap } from '../../sdk/index.ts'
import { hub, type Schema } from './client.ts'

export type Provider = Schema<'Provider'>
export type Credential = Schema<'Credential'>

/** The providers that the hub has a definition of; there are a few dozen at most. */
export function useProviders() {
  return useQuery({
    queryKey: ['providers', 'defined'],
    queryFn: async () =>
      (await unwrap(hub.GET('/providers', { params: { query: { defined: 'true', limit: 200 } } }))).items,
    staleTime: 60_000,
  })
}

/** Stored credentials of one kind, without their secrets. */
export function useCredentials(kind: string, enabled: boolean) {
  return useQuery({
    queryKey: ['credentials', 'of', kind],
    queryFn: async () => (await unwrap(hub.GET('/credentials', { params: { query: { kind, limit: 200 } } }))).items,
    enabled,
    staleTime: 15_000,
  })
}

import { useQuery } from '@tanstack/react-query'
import { unwrap } from '../../sdk/index.ts'
import { hub } from './client.ts'
import { useCan } from './session.ts'
import { useOpenJobs } from './use-jobs.ts'

/** Grey: how many there are. Blue: work that goes on. */
export function useNavCounts(): Record<string, { value: number; active: boolean }> {
  const can = useCan()
  const total = useQuery({
    queryKey: ['models', 'total'],
    queryFn: async () => (await unwrap(hub.GET('/models', { params: { query: { limit: 1 } } }))).total,
    enabled: can('model.read'),
    staleTime: 30_000,
  })
  const jobs = useOpenJobs()
  return {
    '/models': { value: total.data ?? 0, active: false },
    '/onboarding': { value: jobs.data?.length ?? 0, active: true },
  }
}

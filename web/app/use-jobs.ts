import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { unwrap } from '../../sdk/index.ts'
import { hub, type Schema } from './client.ts'

export type Job = Schema<'Job'>

export const isOpen = (job: Pick<Job, 'state'>): boolean => job.state === 'running' || job.state === 'queued'

/** Jobs at work now, for the tray; asked often only while there are some. */
export function useOpenJobs() {
  return useQuery({
    queryKey: ['jobs', 'open'],
    queryFn: async () => {
      const ask = (state: Schema<'JobState'>) => unwrap(hub.GET('/jobs', { params: { query: { state, limit: 50 } } }))
      const [running, queued] = await Promise.all([ask('running'), ask('queued')])
      return [...running.items, ...queued.items] as Job[]
    },
    refetchInterval: (query) => ((query.state.data?.length ?? 0) > 0 ? 2_000 : 15_000),
    placeholderData: keepPreviousData,
  })
}

export function useCancelJob() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => unwrap(hub.POST('/jobs/{id}/cancel', { params: { path: { id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  })
}

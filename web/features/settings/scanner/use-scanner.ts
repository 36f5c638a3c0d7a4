import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { unwrap } from '../../../../sdk/index.ts'
import { hub } from '../../../app/client.ts'
import { isOpen, type Job } from '../../../app/use-jobs.ts'

export function useRuleset(watch: boolean) {
  return useQuery({
    queryKey: ['ruleset'],
    queryFn: () => unwrap(hub.GET('/catalog/ruleset')),
    refetchInterval: watch ? 5_000 : false,
  })
}

/** The newest run over all versions; null: there was none. Asked often while it runs. */
export function useRejudge(enabled: boolean) {
  return useQuery({
    queryKey: ['jobs', 'rejudge'],
    queryFn: async () => {
      const page = await unwrap(hub.GET('/jobs', { params: { query: { kind: 'rejudge', limit: 1 } } }))
      return (page.items[0] ?? null) as Job | null
    },
    enabled,
    refetchInterval: ({ state }) => (state.data != null && isOpen(state.data) ? 1_000 : 15_000),
  })
}

export const outcomeParts = ['versions', 'confirmed', 'changed', 'moved', 'warned', 'stale'] as const

/** What a run came to, as the audit log keeps it: the newest that judged all; null: there was none. */
export function useOutcome(enabled: boolean, ended: string | null | undefined) {
  return useQuery({
    queryKey: ['audit', 'rejudge', ended],
    queryFn: async () => {
      const query = { action: 'catalog.rejudge', limit: 1 }
      const event = (await unwrap(hub.GET('/audit', { params: { query } }))).items[0]
      if (event === undefined) return null
      const counts = outcomeParts.map((part) => {
        const value = event.evidence?.[part]
        return { part, value: typeof value === 'number' ? value : null }
      })
      return { jobId: event.objectId, at: event.at, counts }
    },
    enabled,
  })
}

export function useStartRejudge() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => unwrap(hub.POST('/catalog/rejudge')),
    onSuccess: () => client.invalidateQueries(),
  })
}

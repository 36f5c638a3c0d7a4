import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { unwrap } from '../../../sdk/index.ts'
import { hub, type Schema } from '../../app/client.ts'

export type Policy = Schema<'Policy'>
export type Approval = Schema<'Approval'>
export type AuditEvent = Schema<'AuditEvent'>
export type AuditFilter = { action?: string; object?: string; actor?: string }

const next = (cursor: string) => ({ limit: 50, ...(cursor === '' ? {} : { cursor }) })

export function usePolicies() {
  return useInfiniteQuery({
    queryKey: ['policies'],
    queryFn: ({ pageParam }) => unwrap(hub.GET('/policies', { params: { query: next(pageParam) } })),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
}

export function useApprovals() {
  return useInfiniteQuery({
    queryKey: ['approvals'],
    queryFn: ({ pageParam }) => unwrap(hub.GET('/approvals', { params: { query: next(pageParam) } })),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
}

/** Name and number of a version that a decision is about. */
export function useVersionName(id: string) {
  return useQuery({
    queryKey: ['versions', 'name', id],
    queryFn: () => unwrap(hub.GET('/versions/{id}', { params: { path: { id } } })),
    staleTime: 300_000,
    retry: false,
  })
}

export function useAudit(filter: AuditFilter) {
  return useInfiniteQuery({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam }) => unwrap(hub.GET('/audit', { params: { query: { ...filter, ...next(pageParam) } } })),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
}

/** Asked only on demand: it reads the whole log. */
export function useAuditVerification() {
  return useQuery({
    queryKey: ['audit-verify'],
    queryFn: () => unwrap(hub.GET('/audit/verify')),
    enabled: false,
    retry: false,
  })
}

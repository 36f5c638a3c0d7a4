import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { unwrap } from '../../../sdk/index.ts'
import { hub, type Schema } from '../../app/client.ts'
import { isOpen, type Job } from '../../app/use-jobs.ts'

export type SourceCheck = Schema<'SourceCheck'>
export type DiskListing = Schema<'DiskListing'>

export function useDiskListing(path: string | null) {
  return useQuery({
    queryKey: ['disk', path],
    queryFn: () => unwrap(hub.GET('/sources/disk/entries', { params: { query: path === null ? {} : { path } } })),
    placeholderData: keepPreviousData,
  })
}

/** What the hub finds at a path; asks for the value it is given, so give it a settled one. */
export function useSourceCheck(path: string, mode: 'in_place' | 'copy') {
  return useQuery({
    queryKey: ['source-check', path, mode],
    queryFn: ({ signal }) =>
      unwrap(hub.POST('/sources/check', { body: { source: { type: 'disk', path, mode } }, signal })),
    enabled: path !== '',
    staleTime: 30_000,
  })
}

export function useProjects() {
  return useQuery({
    queryKey: ['projects'],
    queryFn: async () => (await unwrap(hub.GET('/projects', { params: { query: { limit: 200 } } }))).items,
    staleTime: 60_000,
  })
}

export function useCreateModel() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ body, key }: { body: Schema<'CreateModel'>; key: string }) =>
      unwrap(hub.POST('/models', { body, headers: { 'idempotency-key': key } })),
    onSuccess: () => client.invalidateQueries(),
  })
}

export function useJobList() {
  return useInfiniteQuery({
    queryKey: ['jobs', 'list'],
    queryFn: ({ pageParam }) =>
      unwrap(
        hub.GET('/jobs', { params: { query: { limit: 50, ...(pageParam === '' ? {} : { cursor: pageParam }) } } }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: (state) =>
      state.state.data?.pages.some((page) => (page.items as Job[]).some(isOpen)) === true ? 2_000 : 15_000,
  })
}

export function useDraftModels() {
  return useQuery({
    queryKey: ['models', 'drafts'],
    queryFn: async () =>
      (await unwrap(hub.GET('/models', { params: { query: { state: ['draft'], limit: 50 } } }))).items,
  })
}

export function useJob(id: string) {
  return useQuery({
    queryKey: ['jobs', id],
    queryFn: async () => (await unwrap(hub.GET('/jobs/{id}', { params: { path: { id } } }))) as Job,
    refetchInterval: (state) => (state.state.data !== undefined && isOpen(state.state.data) ? 5_000 : false),
  })
}

/** The version a job works on, for the way to its model page. */
export function useJobVersion(subject: string | null, done: boolean) {
  return useQuery({
    queryKey: ['versions', subject, done],
    queryFn: () => unwrap(hub.GET('/versions/{id}', { params: { path: { id: subject ?? '' } } })),
    enabled: subject?.startsWith('ver_') === true,
    retry: false,
  })
}

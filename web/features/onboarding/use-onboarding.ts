import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { unwrap } from '../../../sdk/index.ts'
import { hub, type Schema } from '../../app/client.ts'
import { isOpen, type Job } from '../../app/use-jobs.ts'
import type { Source } from './wizard/draft-source.ts'

export type SourceCheck = Schema<'SourceCheck'>
export type DiskListing = Schema<'DiskListing'>

export function useDiskListing(path: string | null) {
  return useQuery({
    queryKey: ['disk', path],
    queryFn: () => unwrap(hub.GET('/sources/disk/entries', { params: { query: path === null ? {} : { path } } })),
    placeholderData: keepPreviousData,
  })
}

/**
 * What the hub finds at a source that is meant for a modality; asks for what it is given, so give it a settled one. Another one cancels
 * the question.
 */
export function useSourceCheck(asked: readonly [Source, Schema<'Modality'> | null] | null) {
  return useQuery({
    queryKey: ['source-check', asked] as const,
    queryFn: ({ signal }) => {
      if (asked === null) throw new Error('no source')
      const [source, modality] = asked
      const body = { source, ...(modality === null ? {} : { modality }) }
      return unwrap(hub.POST('/sources/check', { body, signal }))
    },
    enabled: asked !== null,
    staleTime: 30_000,
    // Not kept for much longer than the form is open: an address may hold a signature.
    gcTime: 60_000,
    retry: false,
    // What was found before stays in view, dimmed, while the same kind of source is typed.
    placeholderData: (before, query) => (query?.queryKey[1]?.[0].type === asked?.[0].type ? before : undefined),
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

/** Starts what was registered as a draft. */
export function useStartDraft() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => unwrap(hub.POST('/versions/{id}/retry', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries(),
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

/** The first files of a version, read again while they arrive. */
export function useVersionFiles(id: string, open: boolean) {
  return useQuery({
    queryKey: ['versions', id, 'job-files', open],
    queryFn: () => unwrap(hub.GET('/versions/{id}/files', { params: { path: { id }, query: { limit: 100 } } })),
    refetchInterval: open ? 3_000 : false,
    placeholderData: keepPreviousData,
    retry: false,
  })
}

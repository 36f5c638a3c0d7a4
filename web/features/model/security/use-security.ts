import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { unwrap } from '../../../../sdk/index.ts'
import { hub, type Schema } from '../../../app/client.ts'
import { toast } from '../../../app/toasts.tsx'
import type { Version } from '../use-model.ts'
import { signatureWords } from './words.ts'

export type Scan = Schema<'Scan'>
export type Finding = Schema<'Finding'>
export type ScanSummary = Schema<'ScanSummary'>
export type VersionSignature = Schema<'VersionSignature'>

/** Asked again whenever the version changed or a job on it began or ended. */
const part = (name: string, version: Version) =>
  ['versions', version.id, name, version.updatedAt, version.activeJobId] as const
const after = (cursor: string, limit: number) => ({ limit, ...(cursor === '' ? {} : { cursor }) })

/** The newest scan, or the older one `id`. */
export function useScan(version: Version, id: string | undefined) {
  return useQuery({
    queryKey: [...part('scan', version), id],
    queryFn: () =>
      unwrap(
        hub.GET('/versions/{id}/scan', {
          params: { path: { id: version.id }, query: id === undefined ? {} : { scan: id } },
        }),
      ),
    // One scan never stands in for another.
    placeholderData: (old, query) => (old?.versionId === version.id && query?.queryKey.at(-1) === id ? old : undefined),
  })
}

export function useScans(version: Version) {
  return useInfiniteQuery({
    queryKey: part('scans', version),
    queryFn: ({ pageParam }) =>
      unwrap(hub.GET('/versions/{id}/scans', { params: { path: { id: version.id }, query: after(pageParam, 10) } })),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    enabled: version.hosted === null,
  })
}

/** What a scan says otherwise than `other`, or than the one before it; nothing is asked while `scan` is undefined. */
export function useScanDiff(version: Version, scan: string | undefined, other: string | undefined) {
  return useQuery({
    queryKey: ['versions', version.id, 'diff', scan, other],
    queryFn: () =>
      unwrap(
        hub.GET('/versions/{id}/scans/{scan}/diff', {
          params: { path: { id: version.id, scan: scan ?? '' }, query: other === undefined ? {} : { with: other } },
        }),
      ),
    enabled: scan !== undefined,
    // Two scans that ended never differ otherwise.
    staleTime: 300_000,
  })
}

/** Decisions on the findings of a version, newest first; only the newest hundred, of which few are in force. */
export function useWaivers(version: Version) {
  return useQuery({
    queryKey: ['approvals', 'of', version.id, version.updatedAt],
    queryFn: async () =>
      (await unwrap(hub.GET('/approvals', { params: { query: { version: version.id, limit: 100 } } }))).items.filter(
        ({ subject, state }) => subject === 'findings' && state === 'approved',
      ),
  })
}

export function useSignatures(version: Version) {
  return useInfiniteQuery({
    queryKey: part('signatures', version),
    queryFn: ({ pageParam }) =>
      unwrap(
        hub.GET('/versions/{id}/signatures', { params: { path: { id: version.id }, query: after(pageParam, 20) } }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    enabled: version.hosted === null,
  })
}

export function useAddSignature(version: Version) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (bundle: Record<string, unknown>) =>
      unwrap(hub.POST('/versions/{id}/signatures', { params: { path: { id: version.id } }, body: { bundle } })),
    onSuccess: async () => {
      toast(signatureWords.added)
      await client.invalidateQueries({ queryKey: ['versions', version.id] })
    },
  })
}

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { unwrap } from '../../../sdk/index.ts'
import { hub, type Schema } from '../../app/client.ts'

export type Model = Schema<'Model'>
export type Version = Schema<'ModelVersion'>
export type Readiness = Schema<'Readiness'>

/** `name` or `publisher/name`, with `@number` for one version. */
export function parseAddress(splat: string): { name: string; number: number | null } {
  const match = /^(.*?)(?:@(\d+))?$/.exec(splat.replace(/\/$/, ''))
  return { name: match?.[1] ?? splat, number: match?.[2] === undefined ? null : Number(match[2]) }
}

const busy = (version: Version | undefined) => version?.state === 'ingesting' || version?.activeJobId != null

export function useModel(name: string) {
  return useQuery({
    queryKey: ['models', 'one', name],
    queryFn: () => unwrap(hub.GET('/models/{id}', { params: { path: { id: name } } })),
    refetchInterval: (state) => (busy(state.state.data?.defaultVersion) ? 2_000 : false),
  })
}

/** A numbered version, or nothing asked when the model's default one is meant. */
export function useNumberedVersion(name: string, number: number | null) {
  return useQuery({
    queryKey: ['versions', name, number],
    queryFn: () => unwrap(hub.GET('/versions/{id}', { params: { path: { id: `${name}@${number}` } } })),
    enabled: number !== null,
    refetchInterval: (state) => (busy(state.state.data) ? 2_000 : false),
  })
}

export function useVersions(modelId: string) {
  return useQuery({
    queryKey: ['versions', 'of', modelId],
    queryFn: async () =>
      (await unwrap(hub.GET('/models/{id}/versions', { params: { path: { id: modelId }, query: { limit: 100 } } })))
        .items,
  })
}

/** Evidence is asked again whenever the version itself changed, so its time of change is part of each key. */
const part = (name: string, version: Version) => ['versions', version.id, name, version.updatedAt] as const
const at = (version: Version) => ({ params: { path: { id: version.id } } })

export function useReadiness(version: Version) {
  return useQuery({
    queryKey: part('readiness', version),
    queryFn: () => unwrap(hub.GET('/versions/{id}/readiness', at(version))),
    placeholderData: (old) => (old?.versionId === version.id ? old : undefined),
  })
}
export function useLineage(version: Version) {
  return useQuery({
    queryKey: part('lineage', version),
    queryFn: () => unwrap(hub.GET('/versions/{id}/lineage', at(version))),
  })
}

const after = (cursor: string) => ({ limit: 100, ...(cursor === '' ? {} : { cursor }) })

export function useFiles(version: Version) {
  return useInfiniteQuery({
    queryKey: part('files', version),
    queryFn: ({ pageParam }) =>
      unwrap(hub.GET('/versions/{id}/files', { params: { path: { id: version.id }, query: after(pageParam) } })),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
}

export function useActivity(version: Version) {
  return useInfiniteQuery({
    queryKey: part('activity', version),
    queryFn: ({ pageParam }) =>
      unwrap(hub.GET('/versions/{id}/activity', { params: { path: { id: version.id }, query: after(pageParam) } })),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
}

export function useDeployments(version: Version) {
  return useQuery({
    queryKey: ['deployments', version.id],
    queryFn: async () =>
      (await unwrap(hub.GET('/deployments', { params: { query: { version: version.id, limit: 100 } } }))).items,
    refetchInterval: 10_000,
  })
}

export function useUsage(version: Version, enabled: boolean) {
  return useQuery({
    queryKey: ['usage', version.id],
    queryFn: async () =>
      (await unwrap(hub.GET('/usage', { params: { query: { version: version.id, limit: 100 } } }))).items,
    enabled,
  })
}

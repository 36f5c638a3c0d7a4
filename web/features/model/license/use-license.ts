import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { unwrap } from '../../../../sdk/index.ts'
import { hub, type Schema } from '../../../app/client.ts'
import { toast } from '../../../app/toasts.tsx'
import type { Version } from '../use-model.ts'
import { attachedWords, decisionWords, questionWords } from './words.ts'

export type Assessment = Schema<'LicenseAssessment'>
export type Answer = Schema<'LicenseAnswer'>

const path = (version: Version) => ({ params: { path: { id: version.id } } })
const after = (cursor: string) => ({ limit: 10, ...(cursor === '' ? {} : { cursor }) })

export function useLicense(version: Version) {
  return useQuery({
    queryKey: ['versions', version.id, 'license', version.updatedAt],
    queryFn: () => unwrap(hub.GET('/versions/{id}/license', path(version))),
    placeholderData: (old) => (old?.versionId === version.id ? old : undefined),
  })
}

export function useDecisions(version: Version) {
  return useInfiniteQuery({
    queryKey: ['versions', version.id, 'license', 'decisions'],
    queryFn: ({ pageParam }) =>
      unwrap(
        hub.GET('/versions/{id}/license/decisions', { params: { path: { id: version.id }, query: after(pageParam) } }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
}

export function useAcceptances(version: Version) {
  return useInfiniteQuery({
    queryKey: ['versions', version.id, 'license', 'acceptances'],
    queryFn: ({ pageParam }) =>
      unwrap(
        hub.GET('/versions/{id}/license/acceptances', {
          params: { path: { id: version.id }, query: after(pageParam) },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
}

/** Gates, lists and badges read the license too, so everything is asked again. */
function useChange<T>(call: (input: T) => Promise<unknown>, done: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: call,
    onSuccess: async () => {
      toast(done)
      await client.invalidateQueries()
    },
  })
}

/** Answers of people to the questions, newest first; also those that count no more. */
export function useGivenAnswers(version: Version) {
  return useInfiniteQuery({
    queryKey: ['versions', version.id, 'license', 'answers'],
    queryFn: ({ pageParam }) =>
      unwrap(
        hub.GET('/versions/{id}/license/answers', { params: { path: { id: version.id }, query: after(pageParam) } }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
}

export const useAnswer = (version: Version) =>
  useChange(
    (body: Schema<'AnswerLicenseQuestion'>) =>
      unwrap(hub.POST('/versions/{id}/license/answers', { ...path(version), body })),
    questionWords.answerDone,
  )

export const useTakeBack = (version: Version) =>
  useChange(
    ({ answer, reason }: { answer: string; reason: string }) =>
      unwrap(
        hub.POST('/versions/{id}/license/answers/{answer}/remove', {
          params: { path: { id: version.id, answer } },
          body: { reason },
        }),
      ),
    questionWords.backDone,
  )

export const useDecide = (version: Version) =>
  useChange(
    (body: Schema<'CreateLicenseDecision'>) =>
      unwrap(hub.POST('/versions/{id}/license/decisions', { ...path(version), body })),
    decisionWords.recorded,
  )

export const useAccept = (version: Version) =>
  useChange(
    (textSha256: string) =>
      unwrap(hub.POST('/versions/{id}/license/accept', { ...path(version), body: { textSha256 } })),
    decisionWords.acceptDone,
  )

export const useAttach = (version: Version) =>
  useChange(
    (body: Schema<'AttachLicense'>) => unwrap(hub.POST('/versions/{id}/license/files', { ...path(version), body })),
    attachedWords.done,
  )

export const useRemoveAttached = (version: Version) =>
  useChange(
    ({ file, reason }: { file: string; reason: string }) =>
      unwrap(
        hub.POST('/versions/{id}/license/files/{file}/remove', {
          params: { path: { id: version.id, file } },
          body: { reason },
        }),
      ),
    attachedWords.removed,
  )

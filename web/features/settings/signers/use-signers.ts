import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { unwrap } from '../../../../sdk/index.ts'
import { hub, type Schema } from '../../../app/client.ts'
import { statusOf } from '../../../app/query-client.ts'
import { toast } from '../../../app/toasts.tsx'
import { signerWords } from './words.ts'

export type Signer = Schema<'TrustedSigner'>

export function useSigners() {
  return useInfiniteQuery({
    queryKey: ['signers'],
    queryFn: ({ pageParam }) =>
      unwrap(
        hub.GET('/signers', { params: { query: { limit: 50, ...(pageParam === '' ? {} : { cursor: pageParam }) } } }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
}

/** The key of this hub; null: it has none. */
export function useSigningKey() {
  return useQuery({
    queryKey: ['signing-key'],
    queryFn: () =>
      unwrap(hub.GET('/catalog/signing-key')).catch((error: unknown) => {
        if (statusOf(error) === 404) return null
        throw error
      }),
  })
}

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

export const useCreateSigner = () =>
  useChange((body: Schema<'CreateSigner'>) => unwrap(hub.POST('/signers', { body })), signerWords.saved)

export const useRemoveSigner = () =>
  useChange((id: string) => unwrap(hub.DELETE('/signers/{id}', { params: { path: { id } } })), signerWords.removed)

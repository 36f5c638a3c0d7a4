import { useMutation, useQueryClient } from '@tanstack/react-query'
import { unwrap } from '../../../sdk/index.ts'
import { hub, type Schema } from '../../app/client.ts'
import { sessionKey } from '../../app/query-client.ts'

export function useSignIn() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Schema<'SignIn'>) => unwrap(hub.POST('/session', { body })),
    onSuccess: (answer) => client.setQueryData(sessionKey, answer.viewer),
  })
}

export function useCompleteSetup() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Schema<'CompleteSetup'>) => unwrap(hub.POST('/setup', { body })),
    onSuccess: (answer) => client.setQueryData(sessionKey, answer.viewer),
  })
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { unwrap } from '../../../../sdk/index.ts'
import { hub, type Schema } from '../../../app/client.ts'
import { toast } from '../../../app/toasts.tsx'
import { profileWords } from './words.ts'

type Stored = Schema<'LicenseProfile'>
/** With every field; null: not told. */
export type Profile = { [Field in keyof Stored]-?: Exclude<Stored[Field], undefined> }
export type StoredProfile = Schema<'StoredLicenseProfile'>

const untold: Profile = {
  domicile: null,
  monthlyUsers: null,
  annualRevenueUsd: null,
  purpose: null,
  delivery: null,
  modifies: null,
  trainsModels: null,
  military: null,
  biometric: null,
  medicalAdvice: null,
  automatedDecisions: null,
  lawEnforcement: null,
}

/** What the hub left out was not told. */
export const completed = (profile: Stored): Profile => ({ ...untold, ...profile })

export function useProfile() {
  return useQuery({ queryKey: ['license-profile'], queryFn: () => unwrap(hub.GET('/license-profile')) })
}

export function usePutProfile() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Schema<'PutLicenseProfile'>) => unwrap(hub.PUT('/license-profile', { body })),
    onSuccess: async () => {
      toast(profileWords.saved)
      await client.invalidateQueries()
    },
  })
}

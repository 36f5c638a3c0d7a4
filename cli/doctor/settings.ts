import { type DoctorCheck, fail, ok } from './check.ts'

/** The environment variables are ones that the hub takes. */
export const checkSettings: DoctorCheck = ({ refusal }) => [
  refusal === undefined
    ? ok('settings', 'every variable is accepted')
    : fail('settings', refusal.message, refusal.remedy),
]

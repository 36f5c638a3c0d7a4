import { type ErrorKind, HubError, messageOf, redact } from '../../kernel/index.ts'
import { asDiskError } from '../platform/place/index.ts'
import type { RetryPolicy } from './definition.ts'
import type { JobError } from './job.ts'

/** No job waits longer than this for its next try, whatever its policy says (ms). */
export const longestPauseMs = 600_000

const passing: readonly ErrorKind[] = ['upstream', 'limit', 'internal']

/** Whether an error may be gone the next time: not when the input, a permission or a state is at fault. */
export function isRetryable(error: unknown, policy: RetryPolicy | undefined): boolean {
  if (policy?.retryable !== undefined) return policy.retryable(error)
  return !(error instanceof HubError) || passing.includes(error.kind)
}

/** What a job shows of an error. */
export function toJobError(error: unknown): JobError {
  const told = asDiskError(error) ?? error
  const code = told instanceof HubError ? told.code : 'internal'
  const remedy = told instanceof HubError ? (told.remedy ?? null) : null
  return { code, message: redact(messageOf(told)).slice(0, 4_000), remedy }
}

/**
 * Milliseconds before try `failures + 1`: base × 2^(failures−1), at most `maxMs`, of which a random half to all is taken so that
 * jobs that failed together do not come back together.
 * @param random from 0 to below 1
 */
export function backoffMs(failures: number, policy: RetryPolicy | undefined, random: () => number): number {
  const base = policy?.baseMs ?? 1_000
  const longest = Math.min(longestPauseMs, policy?.maxMs ?? 300_000)
  const full = Math.min(longest, base * 2 ** Math.min(failures - 1, 30))
  return Math.round(full * (0.5 + random() / 2))
}

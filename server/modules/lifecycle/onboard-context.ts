import type { JobProgress, Onboarding } from '../../../contract/index.ts'
import type { Actor } from '../../platform/actor.ts'
import type { Trx } from '../../platform/db/index.ts'

/** What a step of an onboarding (or of a rescan, or a measurement) works with; made from the job's context. */
export type OnboardContext = {
  jobId: string
  versionId: string
  projectId: string
  onboarding: Onboarding
  /** Who started the job; the job acts in that name. */
  actor: Actor
  signal: AbortSignal
  progress: (progress: Partial<JobProgress>) => void
  log: (level: 'info' | 'warn' | 'error', message: string) => void
  /** A transaction that holds only while this process still owns the job. */
  tx: <T>(fn: (trx: Trx) => Promise<T>) => Promise<T>
}

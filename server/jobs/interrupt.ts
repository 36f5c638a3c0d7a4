import { conflict, HubError } from '../../kernel/index.ts'

/** Why work on a job ends without a result. These are reasons of abort signals, never outcomes of a job. */
export type Interrupt = 'lease_lost' | 'job_cancelled' | 'hub_stopping'

const messages: Record<Interrupt, string> = {
  lease_lost: 'Another worker has taken over this job.',
  job_cancelled: 'The job was cancelled.',
  hub_stopping: 'The hub is stopping; the job goes on after the next start.',
}

export const interrupt = (code: Interrupt): HubError => conflict(code, messages[code])

/** The interrupt behind an error or abort reason, if it is one. */
export function interruptOf(error: unknown): Interrupt | undefined {
  if (!(error instanceof HubError)) return undefined
  return error.code in messages ? (error.code as Interrupt) : undefined
}

export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'

/** Who asked for a job; it works in this person's name. */
export type JobActor = { type: string; id: string; name: string }

export type JobError = { code: string; message: string; remedy: string | null }

export type JobProgress = {
  bytesDone: number | null
  bytesTotal: number | null
  done: number | null
  total: number | null
  /** Bytes per second, smoothed; null until it can be told. */
  rate: number | null
  /** Null until the rate has been stable for 5 s. */
  etaSeconds: number | null
  message: string | null
}

export type JobStep = {
  name: string
  title: string
  state: 'waiting' | 'running' | 'done' | 'failed' | 'undoing' | 'undone' | 'skipped'
  /** How often it was started. */
  attempt: number
  startedAt: string | null
  finishedAt: string | null
}

/** A job as shown. Instants are ISO 8601 in UTC. */
export type Job = {
  id: string
  kind: string
  title: string
  state: JobState
  /** A cancel was asked for and is not finished. */
  cancelling: boolean
  input: unknown
  /** Id of what it works on, such as a version. */
  subject: string | null
  projectId: string
  actor: JobActor
  /** Name of the actor. */
  createdBy: string
  /** How often a worker took it. */
  attempt: number
  steps: JobStep[]
  progress: JobProgress | null
  error: JobError | null
  createdAt: string
  startedAt: string | null
  finishedAt: string | null
  /** When it is tried again after a failure. */
  retryAt: string | null
}

export type JobPage = { items: Job[]; nextCursor: string | null }

/** One line of a job's history. `seq` counts from 1 without regard to type and orders everything. */
export type JobEvent = {
  jobId: string
  seq: number
  type: 'state' | 'step' | 'progress' | 'log'
  at: string
  data: Record<string, unknown>
}

/** News about a job; read it again to learn what. */
export type JobChange = { jobId: string; type: JobEvent['type'] }

export const isFinal = (state: JobState): boolean =>
  state === 'succeeded' || state === 'failed' || state === 'cancelled'

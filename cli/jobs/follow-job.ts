import { followEvents, HubApiError, unwrap } from '../../sdk/index.ts'
import type { Job, JobEvent } from '../api-types.ts'
import type { Context } from '../context.ts'
import type { Hub } from '../hub.ts'
import { present } from '../present.ts'
import { createProgress } from './progress.ts'

/** A hub that restarts in the middle of a job resumes it; this long (ms) is waited for it to come back. */
const patienceMs = 120_000

/**
 * Shows a job until it ends and answers with its last state. A lost connection is taken up again from the last event that was
 * seen. Throws the hub's refusal, or the connection's error when the hub stays away for two minutes.
 */
export async function followJob(ctx: Context, hub: Hub, id: string, signal: AbortSignal): Promise<Job> {
  const view = createProgress(ctx)
  const url = `${hub.url}/api/v1/jobs/${encodeURIComponent(id)}/events`
  let lastEventId: string | undefined
  let lostSince: number | undefined
  let tries = 0
  try {
    for (;;) {
      try {
        const options = {
          fetch: hub.fetch,
          ...(hub.token === undefined ? {} : { token: hub.token }),
          ...(lastEventId === undefined ? {} : { lastEventId }),
        }
        for await (const event of followEvents<JobEvent>(url, options, signal)) {
          lastEventId = event.id ?? String(event.data.seq)
          if (lostSince !== undefined) view.message('The hub is back.')
          lostSince = undefined
          tries = 0
          view.event(event.data)
        }
        const answer = await unwrap(hub.client.GET('/jobs/{id}', { params: { path: { id } }, signal }))
        const job = present(answer, 'the job')
        if (job.finishedAt !== null || isFinal(job.state)) return job
      } catch (error) {
        if (signal.aborted || isRefusal(error)) throw error
        const now = ctx.clock.now()
        if (lostSince === undefined) {
          lostSince = now
          view.message('The connection to the hub was lost; trying again.')
        }
        if (now - lostSince > patienceMs) throw error
      }
      await ctx.sleep(Math.min(2_000, 100 * 2 ** tries++), signal)
    }
  } finally {
    view.end()
  }
}

const isFinal = (state: Job['state']): boolean => state === 'succeeded' || state === 'failed' || state === 'cancelled'

/** True when asking again would get the same answer. */
const isRefusal = (error: unknown): boolean =>
  error instanceof HubApiError && error.status < 500 && error.status !== 429

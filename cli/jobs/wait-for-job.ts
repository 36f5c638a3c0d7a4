import type { Job } from '../api-types.ts'
import type { Context } from '../context.ts'
import type { Hub } from '../hub.ts'
import { followJob } from './follow-job.ts'

/** Follows a job to its end. On Ctrl-C says that the job goes on without this terminal, and throws the abort. */
export async function waitForJob(ctx: Context, hub: Hub, id: string): Promise<Job> {
  const signal = ctx.signal()
  try {
    return await followJob(ctx, hub, id, signal)
  } catch (error) {
    if (signal.aborted) {
      ctx.note(`The job goes on. Watch it: modelhub jobs ${id} --follow. Stop it: modelhub jobs ${id} --cancel.`)
    }
    throw error
  }
}

import type { Job } from '../api-types.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Hub } from '../hub.ts'
import { waitForJob } from '../jobs/wait-for-job.ts'
import { onboardingExit, printOutcome } from './add-finish.ts'

/** The end of a command that started a job on a version: waits unless told not to, prints the outcome, answers with the exit code. */
export async function finishVersionJob(ctx: Context, hub: Hub, id: string, job: Job, wait: boolean): Promise<number> {
  if (!wait) {
    if (ctx.flags.json) ctx.json(job)
    else ctx.line(`${job.title}: ${job.state}. Watch it: modelhub jobs ${job.id} --follow`)
    return exitCodes.ok
  }
  const ended = await waitForJob(ctx, hub, job.id)
  const version = await printOutcome(ctx, hub, id, ended)
  if (ctx.flags.json) ctx.json(ended)
  return onboardingExit(version, ended)
}

import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { jobText } from '../jobs/job-lines.ts'
import { waitForJob } from '../jobs/wait-for-job.ts'
import { present } from '../present.ts'

export const storageScrub = defineCommand({
  name: 'storage scrub',
  summary: 'Hash every stored file again, withdraw versions that lost one, free what nothing uses',
  args: [],
  options: { 'no-wait': { type: 'boolean', description: 'Do not wait for the job' } },
  notes: ['Exit code: 0 when the job ended well, 1 otherwise. Withdrawn versions are named in its log.'],
  routes: ['startScrub'],
  run: async (ctx, { values }) => {
    const hub = await ctx.hub()
    const started = present(await unwrap(hub.client.POST('/storage/scrub')), 'the job')
    const job = values['no-wait'] === true ? started : await waitForJob(ctx, hub, started.id)
    if (ctx.flags.json) ctx.json(job)
    else ctx.line(jobText(job, ctx.clock.now()))
    return job.state === 'failed' || job.state === 'cancelled' ? exitCodes.refused : exitCodes.ok
  },
})

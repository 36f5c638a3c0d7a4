import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { present } from '../present.ts'
import { versionToChange } from '../version-reference.ts'
import { finishVersionJob } from './version-job.ts'

export const retry = defineCommand({
  name: 'retry',
  summary: 'Start a draft, or ingest again what needs attention',
  args: ['<version>'],
  options: { 'no-wait': { type: 'boolean', description: 'Do not wait for the job' } },
  notes: ['Exit code: 0 verified or better, 2 needs attention, 1 failed or refused, 3 wrong use.'],
  routes: ['retryVersion'],
  run: async (ctx, { values, positionals }) => {
    const hub = await ctx.hub()
    const id = await versionToChange(hub, positionals[0] ?? '')
    const job = await unwrap(hub.client.POST('/versions/{id}/retry', { params: { path: { id } } }))
    return finishVersionJob(ctx, hub, id, present(job, 'the job'), values['no-wait'] !== true)
  },
})

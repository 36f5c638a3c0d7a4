import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { present } from '../present.ts'
import { versionToChange } from '../version-reference.ts'
import { finishVersionJob } from './version-job.ts'

export const reverify = defineCommand({
  name: 'reverify',
  summary: 'Read every file of a version again and compare it with its digest',
  args: ['<version>'],
  options: { 'no-wait': { type: 'boolean', description: 'Do not wait for the job' } },
  notes: [
    'The hub does this by itself every MODELHUB_REVERIFY_DAYS days; modelhub reverifications ls says what was found.',
    'Exit code: 0 the files are what they were, 2 needs attention, 1 failed or refused, 3 wrong use.',
  ],
  routes: ['reverifyVersion'],
  run: async (ctx, { values, positionals }) => {
    const hub = await ctx.hub()
    const id = await versionToChange(hub, positionals[0] ?? '')
    const job = await unwrap(hub.client.POST('/versions/{id}/reverify', { params: { path: { id } } }))
    return finishVersionJob(ctx, hub, id, present(job, 'the job'), values['no-wait'] !== true)
  },
})

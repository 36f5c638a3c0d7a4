import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { versionOutcome } from '../text/version-summary.ts'
import { versionToChange } from '../version-reference.ts'

export const archive = defineCommand({
  name: 'archive',
  summary: 'Archive a version; final',
  args: ['<version>'],
  options: { reason: { type: 'string', value: 'TEXT', description: 'Why' } },
  routes: ['archiveVersion'],
  run: async (ctx, { values, positionals }) => {
    const hub = await ctx.hub()
    const id = await versionToChange(hub, positionals[0] ?? '')
    const body = values.reason === undefined ? {} : { reason: values.reason }
    const version = await unwrap(hub.client.POST('/versions/{id}/archive', { params: { path: { id } }, body }))
    if (ctx.flags.json) ctx.json(version)
    else for (const line of versionOutcome(version)) ctx.line(line)
    return exitCodes.ok
  },
})

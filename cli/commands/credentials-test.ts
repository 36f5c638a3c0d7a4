import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { printCredential } from '../text/credential.ts'

export const credentialsTest = defineCommand({
  name: 'credentials test',
  summary: 'Ask the provider whether a credential holds',
  args: ['<id>'],
  options: {},
  routes: ['testCredential'],
  run: async (ctx, { positionals }) => {
    const path = { id: positionals[0] ?? '' }
    const hub = await ctx.hub()
    const tested = await unwrap(hub.client.POST('/credentials/{id}/test', { params: { path } }))
    if (ctx.flags.json) ctx.json(tested)
    else printCredential(ctx, tested)
    return tested.lastTest?.ok === true ? exitCodes.ok : exitCodes.refused
  },
})

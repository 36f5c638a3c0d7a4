import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { printOffering } from '../text/offering.ts'

export const offeringsShow = defineCommand({
  name: 'offerings show',
  summary: 'Show an offering: each value with its source and date, and who says otherwise',
  args: ['<id>'],
  options: {},
  routes: ['getOffering'],
  run: async (ctx, { positionals }) => {
    const path = { id: positionals[0] ?? '' }
    const hub = await ctx.hub()
    const offering = await unwrap(hub.client.GET('/offerings/{id}', { params: { path } }))
    if (ctx.flags.json) ctx.json(offering)
    else printOffering(ctx, offering)
    return exitCodes.ok
  },
})

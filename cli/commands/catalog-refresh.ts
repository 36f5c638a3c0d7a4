import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { printCatalogImport } from '../text/catalog-import.ts'

export const catalogRefresh = defineCommand({
  name: 'catalog refresh',
  summary: 'Let the hub fetch the offerings that models.dev publishes',
  args: [],
  options: {},
  routes: ['refreshOfferings'],
  run: async (ctx) => {
    const hub = await ctx.hub()
    const answer = await unwrap(hub.client.POST('/offerings/refresh'))
    if (ctx.flags.json) ctx.json(answer)
    else printCatalogImport(ctx, answer)
    return answer.problemCount === 0 ? exitCodes.ok : exitCodes.refused
  },
})

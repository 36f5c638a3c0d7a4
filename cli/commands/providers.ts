import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { notePage, pageOptions, pageQuery } from '../paging.ts'
import { table } from '../text/table.ts'
import { relative } from '../text/units.ts'

export const providers = defineCommand({
  name: 'providers',
  summary: 'List providers: what a credential for them holds, what they sell',
  args: [],
  options: {
    ...pageOptions,
    all: { type: 'boolean', description: 'Also those that only a catalog knows' },
  },
  routes: ['listProviders'],
  run: async (ctx, { values }) => {
    const query = { ...pageQuery(values), ...(values.all === true ? {} : { defined: 'true' as const }) }
    const hub = await ctx.hub()
    const page = await unwrap(hub.client.GET('/providers', { params: { query } }))
    if (ctx.flags.json) {
      ctx.json(page)
      return exitCodes.ok
    }
    const now = ctx.clock.now()
    const rows = page.items.map((one) => [
      one.kind,
      one.title,
      String(one.offerings),
      String(one.credentials),
      one.lastSync === null ? 'never' : relative(one.lastSync.at, now),
      one.fields.map(({ name, required }) => (required ? name : `[${name}]`)).join(' '),
    ])
    const titles = ['KIND', 'TITLE', 'OFFERINGS', 'CREDENTIALS', 'SYNC', 'FIELDS'].map((title) => ({ title }))
    ctx.line(table(titles, rows))
    notePage(ctx, page)
    return exitCodes.ok
  },
})

import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { notePage, pageOptions, pageQuery } from '../paging.ts'
import { table } from '../text/table.ts'
import { relative } from '../text/units.ts'

export const credentialsLs = defineCommand({
  name: 'credentials ls',
  summary: 'List stored credentials, without their secrets',
  args: [],
  options: { ...pageOptions, kind: { type: 'string', value: 'PROVIDER', description: 'Of this provider only' } },
  routes: ['listCredentials'],
  run: async (ctx, { values }) => {
    const { kind } = values
    const query = { ...pageQuery(values), ...(kind === undefined ? {} : { kind }) }
    const hub = await ctx.hub()
    const page = await unwrap(hub.client.GET('/credentials', { params: { query } }))
    if (ctx.flags.json) {
      ctx.json(page)
      return exitCodes.ok
    }
    const now = ctx.clock.now()
    const rows = page.items.map((one) => [
      one.id,
      one.kind,
      one.name,
      one.secrets.map(({ hint }) => (hint === null ? '****' : `…${hint}`)).join(' '),
      one.lastTest === null
        ? 'never'
        : `${one.lastTest.ok ? 'holds' : one.lastTest.code}, ${relative(one.lastTest.at, now)}`,
      one.lastUsedAt === null ? 'never' : relative(one.lastUsedAt, now),
      String(one.usedByCount),
    ])
    const titles = ['ID', 'PROVIDER', 'NAME', 'SECRET', 'TEST', 'LAST USED', 'USED BY'].map((title) => ({ title }))
    ctx.line(
      rows.length === 0 ? 'No credential is stored. Make one: modelhub credentials create openai' : table(titles, rows),
    )
    notePage(ctx, page)
    return exitCodes.ok
  },
})

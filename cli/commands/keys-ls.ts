import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { notePage, pageOptions, pageQuery } from '../paging.ts'
import { table } from '../text/table.ts'
import { relative } from '../text/units.ts'

export const keysLs = defineCommand({
  name: 'keys ls',
  summary: 'List gateway keys',
  args: [],
  options: pageOptions,
  routes: ['listKeys'],
  run: async (ctx, { values }) => {
    const hub = await ctx.hub()
    const page = await unwrap(hub.client.GET('/keys', { params: { query: pageQuery(values) } }))
    if (ctx.flags.json) {
      ctx.json(page)
      return exitCodes.ok
    }
    const now = ctx.clock.now()
    const rows = page.items.map((key) => [
      key.id,
      key.session ? `${key.name} (session)` : key.name,
      `${key.prefix}…`,
      key.models?.join(', ') ?? 'all',
      key.revokedAt !== null
        ? `revoked ${relative(key.revokedAt, now)}`
        : key.expiresAt === null
          ? 'no end'
          : relative(key.expiresAt, now),
      key.lastUsedAt === null ? 'never' : relative(key.lastUsedAt, now),
    ])
    ctx.line(
      table(
        ['ID', 'NAME', 'KEY', 'MODELS', 'ENDS', 'LAST USED'].map((title) => ({ title })),
        rows,
      ),
    )
    notePage(ctx, page)
    return exitCodes.ok
  },
})

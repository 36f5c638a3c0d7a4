import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { notePage, pageOptions, pageQuery } from '../paging.ts'
import { table } from '../text/table.ts'
import { relative } from '../text/units.ts'
import { versionToShow } from '../version-reference.ts'

export const signatures = defineCommand({
  name: 'signatures',
  summary: 'The signatures over the files of a version, and what the last check of each said',
  args: ['<version>'],
  options: pageOptions,
  routes: ['listVersionSignatures'],
  run: async (ctx, { values, positionals }) => {
    const hub = await ctx.hub()
    const id = await versionToShow(hub, positionals[0] ?? '')
    const params = { path: { id }, query: pageQuery(values) }
    const page = await unwrap(hub.client.GET('/versions/{id}/signatures', { params }))
    if (ctx.flags.json) {
      ctx.json(page)
      return exitCodes.ok
    }
    const rows = page.items.map((row) => [
      row.status.replaceAll('_', ' '),
      row.origin,
      row.path,
      row.signer.name ?? row.signer.identity ?? row.signer.keyId?.slice(0, 16),
      relative(row.checkedAt, ctx.clock.now()),
      row.message,
    ])
    const titles = ['STATUS', 'FROM', 'FILE', 'SIGNER', 'CHECKED', 'WHAT']
    ctx.line(
      table(
        titles.map((title) => ({ title })),
        rows,
      ),
    )
    notePage(ctx, page)
    return exitCodes.ok
  },
})

import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { notePage, pageOptions, pageQuery } from '../paging.ts'
import { table } from '../text/table.ts'
import { relative } from '../text/units.ts'
import { versionToShow } from '../version-reference.ts'

export const licenseAcceptances = defineCommand({
  name: 'license acceptances',
  summary: 'List who accepted which license text of a version, newest first',
  args: ['<version>'],
  options: pageOptions,
  routes: ['listLicenseAcceptances'],
  run: async (ctx, { values, positionals }) => {
    const hub = await ctx.hub()
    const id = await versionToShow(hub, positionals[0] ?? '')
    const params = { path: { id }, query: pageQuery(values) }
    const page = await unwrap(hub.client.GET('/versions/{id}/license/acceptances', { params }))
    if (ctx.flags.json) {
      ctx.json(page)
      return exitCodes.ok
    }
    const rows = page.items.map((one) => [
      relative(one.acceptedAt, ctx.clock.now()),
      one.acceptedBy,
      one.licenseId,
      one.textSha256.slice(0, 16),
      one.current ? 'yes' : 'no',
    ])
    ctx.line(
      table(
        ['WHEN', 'BY', 'LICENSE', 'TEXT', 'PRESENT TEXT'].map((title) => ({ title })),
        rows,
      ),
    )
    notePage(ctx, page)
    return exitCodes.ok
  },
})

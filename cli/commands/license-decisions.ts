import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { notePage, pageOptions, pageQuery } from '../paging.ts'
import { table } from '../text/table.ts'
import { relative } from '../text/units.ts'
import { versionToShow } from '../version-reference.ts'

export const licenseDecisions = defineCommand({
  name: 'license decisions',
  summary: 'List decisions about the license of a version, newest first',
  args: ['<version>'],
  options: pageOptions,
  routes: ['listLicenseDecisions'],
  run: async (ctx, { values, positionals }) => {
    const hub = await ctx.hub()
    const id = await versionToShow(hub, positionals[0] ?? '')
    const params = { path: { id }, query: pageQuery(values) }
    const page = await unwrap(hub.client.GET('/versions/{id}/license/decisions', { params }))
    if (ctx.flags.json) {
      ctx.json(page)
      return exitCodes.ok
    }
    const now = ctx.clock.now()
    const rows = page.items.map((one) => [
      relative(one.createdAt, now),
      one.decision,
      one.inForce ? 'yes' : 'no',
      one.licenseId,
      one.decidedBy,
      one.expiresAt === null ? null : relative(one.expiresAt, now),
      one.reason,
    ])
    ctx.line(
      table(
        ['WHEN', 'DECISION', 'IN FORCE', 'LICENSE', 'BY', 'ENDS', 'REASON'].map((title) => ({ title })),
        rows,
      ),
    )
    notePage(ctx, page)
    return exitCodes.ok
  },
})

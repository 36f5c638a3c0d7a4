import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { notePage, pageOptions, pageQuery } from '../paging.ts'
import { table } from '../text/table.ts'
import { relative } from '../text/units.ts'
import { versionToShow } from '../version-reference.ts'

export const licenseAnswers = defineCommand({
  name: 'license answers',
  summary: 'List answers that people gave to license questions in place of the rules, newest first',
  args: ['<version>'],
  options: pageOptions,
  routes: ['listLicenseAnswers'],
  run: async (ctx, { values, positionals }) => {
    const hub = await ctx.hub()
    const id = await versionToShow(hub, positionals[0] ?? '')
    const params = { path: { id }, query: pageQuery(values) }
    const page = await unwrap(hub.client.GET('/versions/{id}/license/answers', { params }))
    if (ctx.flags.json) {
      ctx.json(page)
      return exitCodes.ok
    }
    const rows = page.items.map((one) => [
      relative(one.answeredAt, ctx.clock.now()),
      one.question,
      one.answer,
      one.insteadOf,
      one.inForce ? 'yes' : 'no',
      one.answeredBy,
      one.reason,
    ])
    ctx.line(
      table(
        ['WHEN', 'QUESTION', 'ANSWER', 'INSTEAD OF', 'IN FORCE', 'BY', 'REASON'].map((title) => ({ title })),
        rows,
      ),
    )
    notePage(ctx, page)
    return exitCodes.ok
  },
})

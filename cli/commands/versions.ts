import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { notePage, pageOptions, pageQuery } from '../paging.ts'
import { table } from '../text/table.ts'
import { bytes, relative } from '../text/units.ts'
import { stateText } from '../text/version-summary.ts'
import { versionName } from '../version-reference.ts'

export const versions = defineCommand({
  name: 'versions',
  summary: 'List the versions of a model',
  args: ['<model>'],
  options: pageOptions,
  routes: ['listModelVersions'],
  run: async (ctx, { values, positionals }) => {
    const hub = await ctx.hub()
    const params = { path: { id: positionals[0] ?? '' }, query: pageQuery(values) }
    const page = await unwrap(hub.client.GET('/models/{id}/versions', { params }))
    if (ctx.flags.json) {
      ctx.json(page)
      return exitCodes.ok
    }
    const rows = page.items.map((version) => [
      versionName(version),
      stateText(version.state),
      version.verdict,
      bytes(version.totalBytes),
      relative(version.createdAt, ctx.clock.now()),
      version.id,
    ])
    const columns = [
      { title: 'VERSION' },
      { title: 'STATE' },
      { title: 'VERDICT' },
      { title: 'SIZE', align: 'right' as const },
      { title: 'CREATED' },
      { title: 'ID' },
    ]
    ctx.line(table(columns, rows))
    notePage(ctx, page)
    return exitCodes.ok
  },
})

import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { notePage, pageOptions, pageQuery } from '../paging.ts'
import { scoreText } from '../text/evaluation.ts'
import { table } from '../text/table.ts'
import { relative } from '../text/units.ts'

export const evalLs = defineCommand({
  name: 'eval ls',
  summary: 'List evaluations, newest first',
  args: [],
  options: { version: { type: 'string', value: 'VERSION', description: 'Of this version' }, ...pageOptions },
  routes: ['listEvaluations'],
  run: async (ctx, { values }) => {
    const query = { ...pageQuery(values), ...(values.version === undefined ? {} : { version: values.version }) }
    const hub = await ctx.hub()
    const page = await unwrap(hub.client.GET('/evaluations', { params: { query } }))
    if (ctx.flags.json) {
      ctx.json(page)
      return exitCodes.ok
    }
    const rows = page.items.map((evaluation) => [
      evaluation.id,
      `${evaluation.modelName}@${evaluation.versionNumber}`,
      evaluation.task,
      evaluation.state,
      `${evaluation.itemsDone}/${evaluation.itemsTotal}`,
      scoreText(evaluation),
      relative(evaluation.createdAt, ctx.clock.now()),
    ])
    const titles = ['ID', 'VERSION', 'TASK', 'STATE', 'ITEMS', 'SCORE', 'CREATED'].map((title) => ({ title }))
    ctx.line(table(titles, rows))
    notePage(ctx, page)
    return exitCodes.ok
  },
})

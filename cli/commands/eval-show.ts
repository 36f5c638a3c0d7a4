import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { notePage, pageOptions, pageQuery } from '../paging.ts'
import { evaluationText } from '../text/evaluation.ts'
import { table } from '../text/table.ts'

export const evalShow = defineCommand({
  name: 'eval show',
  summary: 'Show an evaluation',
  args: ['<id>'],
  options: {
    items: { type: 'boolean', description: 'Its items with prompt, expected, answer and score' },
    wrong: { type: 'boolean', description: 'With --items: only those that are not right' },
    ...pageOptions,
  },
  routes: ['getEvaluation', 'listEvaluationItems'],
  run: async (ctx, { values, positionals }) => {
    const hub = await ctx.hub()
    const path = { id: positionals[0] ?? '' }
    if (values.items !== true && values.wrong !== true) {
      const evaluation = await unwrap(hub.client.GET('/evaluations/{id}', { params: { path } }))
      if (ctx.flags.json) ctx.json(evaluation)
      else ctx.line(evaluationText(evaluation, ctx.clock.now()))
      return exitCodes.ok
    }
    const query = { ...pageQuery(values), ...(values.wrong === true ? { wrong: 'true' } : {}) }
    const page = await unwrap(hub.client.GET('/evaluations/{id}/items', { params: { path, query } }))
    if (ctx.flags.json) {
      ctx.json(page)
      return exitCodes.ok
    }
    const rows = page.items.map((item) => [
      String(item.index),
      item.score === null ? null : String(item.score),
      JSON.stringify(item.prompt),
      JSON.stringify(item.expected),
      item.answer === null ? (item.error ?? null) : JSON.stringify(item.answer),
    ])
    const titles = ['PROMPT', 'EXPECTED', 'ANSWER'].map((title) => ({ title }))
    ctx.line(table([{ title: 'ITEM', align: 'right' }, { title: 'SCORE', align: 'right' }, ...titles], rows))
    notePage(ctx, page)
    return exitCodes.ok
  },
})

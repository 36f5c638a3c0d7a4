import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { confirm } from '../confirm.ts'
import { exitCodes } from '../exit-codes.ts'
import { count } from '../text/units.ts'

export const rm = defineCommand({
  name: 'rm',
  summary: 'Delete a model whose versions are all drafts, in need of attention, or archived',
  args: ['<model>'],
  options: { yes: { type: 'boolean', short: 'y', description: 'Do not ask' } },
  routes: ['deleteModel'],
  run: async (ctx, { values, positionals }) => {
    const hub = await ctx.hub()
    const params = { params: { path: { id: positionals[0] ?? '' } } }
    const model = await unwrap(hub.client.GET('/models/{id}', params))
    const question = `Delete ${model.name} with ${count(model.versionCount, 'version')}?`
    if (!(await confirm(ctx, question, values.yes))) {
      ctx.note('Nothing was deleted.')
      return exitCodes.refused
    }
    await unwrap(hub.client.DELETE('/models/{id}', { params: { path: { id: model.id } } }))
    if (ctx.flags.json) ctx.json({ id: model.id, deleted: true })
    else ctx.line(`${model.name} is deleted.`)
    return exitCodes.ok
  },
})

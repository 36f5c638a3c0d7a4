import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { notePage, pageOptions, pageQuery } from '../paging.ts'
import { table } from '../text/table.ts'
import { relative } from '../text/units.ts'

export const auditLs = defineCommand({
  name: 'audit ls',
  summary: 'List audit events, newest first',
  args: [],
  options: {
    object: { type: 'string', value: 'ID', description: 'About this object' },
    actor: { type: 'string', value: 'ID', description: 'By this actor' },
    action: { type: 'string', value: 'ACTION', description: 'Of this action' },
    ...pageOptions,
  },
  routes: ['listAudit'],
  run: async (ctx, { values }) => {
    const { object, actor, action } = values
    const query = {
      ...pageQuery(values),
      ...(object === undefined ? {} : { object }),
      ...(actor === undefined ? {} : { actor }),
      ...(action === undefined ? {} : { action }),
    }
    const hub = await ctx.hub()
    const page = await unwrap(hub.client.GET('/audit', { params: { query } }))
    if (ctx.flags.json) {
      ctx.json(page)
      return exitCodes.ok
    }
    const rows = page.items.map((event) => [
      String(event.seq),
      relative(event.at, ctx.clock.now()),
      event.actorName,
      event.action,
      event.objectName ?? event.objectId,
      event.outcome,
      event.reason ?? '',
    ])
    const titles = ['WHEN', 'WHO', 'ACTION', 'OBJECT', 'OUTCOME', 'REASON'].map((title) => ({ title }))
    ctx.line(table([{ title: 'EVENT', align: 'right' }, ...titles], rows))
    notePage(ctx, page)
    return exitCodes.ok
  },
})

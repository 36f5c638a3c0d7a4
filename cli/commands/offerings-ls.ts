import type { components } from '../../sdk/index.ts'
import { numberOption } from '../arguments.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { notePage, pageOptions, pageQuery } from '../paging.ts'
import { offeringColumns, offeringRow } from '../text/offering.ts'
import { table } from '../text/table.ts'

export const offeringsLs = defineCommand({
  name: 'offerings ls',
  summary: 'List what providers sell; prices are US$ per million tokens',
  args: ['[words]…'],
  options: {
    ...pageOptions,
    provider: { type: 'string', short: 'p', value: 'KIND', description: 'Of this provider only' },
    modality: { type: 'string', value: 'MODALITY', description: 'text, image, audio, video, embedding or document' },
    status: { type: 'string', value: 'STATUS', description: 'active, preview, deprecated or retired' },
    'max-price': { type: 'string', value: 'US$', description: 'Per million input tokens; unknown prices are left out' },
  },
  routes: ['listOfferings'],
  run: async (ctx, { positionals, values }) => {
    const { limit, cursor } = pageQuery(values)
    const query = new URLSearchParams({ limit: String(limit), ...(cursor === undefined ? {} : { cursor }) })
    const maxPrice = numberOption(values['max-price'], 'max-price', 0, 1_000_000)
    if (positionals.length > 0) query.set('q', positionals.join(' '))
    if (maxPrice !== undefined) query.set('maxPrice', String(maxPrice))
    for (const name of ['provider', 'modality', 'status'] as const) {
      if (values[name] !== undefined) query.set(name, values[name])
    }
    const hub = await ctx.hub()
    const page = (await hub.send('get', '/offerings', query)) as components['schemas']['OfferingPage']
    if (ctx.flags.json) {
      ctx.json(page)
      return exitCodes.ok
    }
    ctx.line(page.items.length === 0 ? 'Nothing to list.' : table(offeringColumns, page.items.map(offeringRow)))
    notePage(ctx, page)
    return exitCodes.ok
  },
})

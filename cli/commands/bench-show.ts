import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { notePage, pageOptions, pageQuery } from '../paging.ts'
import { benchmarkText } from '../text/benchmark.ts'

export const benchShow = defineCommand({
  name: 'bench show',
  summary: 'Show a benchmark',
  args: ['<id>'],
  options: {
    records: { type: 'boolean', description: 'Its raw records, one JSON object per line' },
    ...pageOptions,
  },
  routes: ['getBenchmark', 'listBenchmarkRecords'],
  run: async (ctx, { values, positionals }) => {
    const hub = await ctx.hub()
    const path = { id: positionals[0] ?? '' }
    if (values.records === true) {
      const params = { path, query: pageQuery(values) }
      const page = await unwrap(hub.client.GET('/benchmarks/{id}/records', { params }))
      if (ctx.flags.json) ctx.json(page)
      else {
        for (const record of page.items) ctx.line(JSON.stringify(record))
        notePage(ctx, page)
      }
      return exitCodes.ok
    }
    const benchmark = await unwrap(hub.client.GET('/benchmarks/{id}', { params: { path } }))
    if (ctx.flags.json) ctx.json(benchmark)
    else ctx.line(benchmarkText(benchmark, ctx.clock.now()))
    return exitCodes.ok
  },
})

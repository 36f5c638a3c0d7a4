import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { notePage, pageOptions, pageQuery } from '../paging.ts'
import { table } from '../text/table.ts'
import { milliseconds, relative } from '../text/units.ts'

export const benchLs = defineCommand({
  name: 'bench ls',
  summary: 'List benchmarks, newest first',
  args: [],
  options: { version: { type: 'string', value: 'VERSION', description: 'Of this version' }, ...pageOptions },
  routes: ['listBenchmarks'],
  run: async (ctx, { values }) => {
    const query = { ...pageQuery(values), ...(values.version === undefined ? {} : { version: values.version }) }
    const hub = await ctx.hub()
    const page = await unwrap(hub.client.GET('/benchmarks', { params: { query } }))
    if (ctx.flags.json) {
      ctx.json(page)
      return exitCodes.ok
    }
    const rows = page.items.map((benchmark) => [
      benchmark.id,
      `${benchmark.modelName}@${benchmark.versionNumber}`,
      benchmark.verdict === null ? benchmark.state : `${benchmark.state}, ${benchmark.verdict}`,
      String(benchmark.spec.concurrency),
      milliseconds(benchmark.result?.ttftMs.p50),
      milliseconds(benchmark.result?.tpotMs.p50),
      benchmark.result?.outputTokensPerSecond?.toFixed(1),
      relative(benchmark.createdAt, ctx.clock.now()),
    ])
    const right = (title: string) => ({ title, align: 'right' as const })
    const columns = [
      ...['ID', 'VERSION', 'STATE'].map((title) => ({ title })),
      ...['CONCURRENCY', 'TTFT P50 MS', 'TPOT P50 MS', 'TOKENS/S'].map(right),
      { title: 'CREATED' },
    ]
    ctx.line(table(columns, rows))
    notePage(ctx, page)
    return exitCodes.ok
  },
})

import { type components, unwrap } from '../../sdk/index.ts'
import { integerOption, numberOption } from '../arguments.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { waitForJob } from '../jobs/wait-for-job.ts'
import { present } from '../present.ts'
import { benchmarkText } from '../text/benchmark.ts'
import { versionToChange } from '../version-reference.ts'

export const benchRun = defineCommand({
  name: 'bench run',
  summary: 'Benchmark a version and print its latency and throughput',
  args: ['<version>'],
  options: {
    concurrency: { type: 'string', short: 'c', value: 'N', description: 'Requests in flight, 1 to 64 (default 4)' },
    requests: { type: 'string', short: 'n', value: 'N', description: 'Measured requests (default 120)' },
    warmup: { type: 'string', value: 'N', description: 'Requests before the measured ones (default 4)' },
    'max-tokens': { type: 'string', value: 'N', description: 'Tokens of each answer at most (default 24)' },
    seed: { type: 'string', value: 'N', description: 'Seed of the prompts (default 1)' },
    timeout: { type: 'string', value: 'SECONDS', description: 'Longest wait for one request (default 60)' },
    'no-wait': { type: 'boolean', description: 'Do not wait for the result' },
  },
  routes: ['createBenchmark', 'getBenchmark'],
  run: async (ctx, { values, positionals }) => {
    const given = {
      concurrency: integerOption(values.concurrency, 'concurrency', 1, 64),
      requests: integerOption(values.requests, 'requests', 1, 10_000),
      warmupRequests: integerOption(values.warmup, 'warmup', 0, 1_000),
      maxTokens: integerOption(values['max-tokens'], 'max-tokens', 1, 4_096),
      seed: integerOption(values.seed, 'seed', 0, 2_147_483_647),
      timeoutSeconds: numberOption(values.timeout, 'timeout', 1, 600),
    }
    const hub = await ctx.hub()
    const version = await versionToChange(hub, positionals[0] ?? '')
    const created = await unwrap(
      hub.client.POST('/benchmarks', { body: { version, spec: onlyGiven(given) as BenchmarkSpec } }),
    )
    if (values['no-wait'] === true) {
      if (ctx.flags.json) ctx.json(created)
      else ctx.line(`${created.benchmark.id} started. See it: modelhub bench show ${created.benchmark.id}`)
      return exitCodes.ok
    }
    await waitForJob(ctx, hub, present(created.job, 'the job').id)
    const params = { params: { path: { id: created.benchmark.id } } }
    const benchmark = await unwrap(hub.client.GET('/benchmarks/{id}', params))
    if (ctx.flags.json) ctx.json(benchmark)
    else ctx.line(benchmarkText(benchmark, ctx.clock.now()))
    return benchmark.state === 'finished' && benchmark.verdict === 'ok' ? exitCodes.ok : exitCodes.refused
  },
})

// The hub fills in what is not given; the generated type calls fields with a default required.
type BenchmarkSpec = components['schemas']['BenchmarkSpec']

const onlyGiven = (fields: Record<string, unknown>): unknown =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

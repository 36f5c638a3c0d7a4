import type { Benchmark } from '../api-types.ts'
import { pairs, table } from './table.ts'
import { duration, milliseconds, relative } from './units.ts'

type Distribution = NonNullable<Benchmark['result']>['ttftMs']

/** A 99th percentile of fewer samples would be a guess. */
const p99Samples = 100

/** A benchmark with its percentiles in milliseconds and the conditions it ran under. */
export function benchmarkText(benchmark: Benchmark, now: number): string {
  const { spec, result } = benchmark
  const head = pairs([
    ['benchmark', `${benchmark.id}, ${relative(benchmark.createdAt, now)}`],
    ['version', `${benchmark.modelName}@${benchmark.versionNumber}`],
    ['state', benchmark.verdict === null ? benchmark.state : `${benchmark.state}, verdict ${benchmark.verdict}`],
    ['error', benchmark.error?.message],
    ['remedy', benchmark.error?.remedy],
    [
      'spec',
      `concurrency ${spec.concurrency}, ${spec.requests} requests after ${spec.warmupRequests} warm-up, ${spec.maxTokens} tokens, seed ${spec.seed}`,
    ],
  ])
  const parts = [head]
  if (result !== null) {
    const row = (name: string, d: Distribution) => [
      name,
      String(d.n),
      ...[d.mean, d.p50, d.p90, d.p95].map(milliseconds),
      d.n < p99Samples ? '–' : milliseconds(d.p99),
      milliseconds(d.max),
    ]
    const figures = ['N', 'MEAN', 'P50', 'P90', 'P95', 'P99', 'MAX'].map((title) => ({
      title,
      align: 'right' as const,
    }))
    parts.push(
      table(
        [{ title: 'MEASURED, MS' }, ...figures],
        [
          row('TTFT', result.ttftMs),
          row('TPOT', result.tpotMs),
          row('ITL', result.itlMs),
          row('end to end', result.e2eMs),
        ],
      ),
      pairs([
        [
          'requests',
          `${result.ok} ok, ${result.failed} failed in ${result.durationSeconds === null ? 'no time' : duration(result.durationSeconds)}`,
        ],
        [
          'failures',
          Object.entries(result.failures)
            .map(([why, times]) => `${why} ${times}`)
            .join(', ') || null,
        ],
        [
          'output',
          result.outputTokensPerSecond === null
            ? null
            : `${result.outputTokensPerSecond.toFixed(1)} tokens/s (tokens: ${result.tokensOrigin})`,
        ],
        ['rate', result.requestsPerSecond === null ? null : `${result.requestsPerSecond.toFixed(2)} requests/s`],
        ['client', `${result.client.verdict}, loop lag p99 ${milliseconds(result.client.loopLagP99Ms)} ms`],
        ['formulas', result.formulas],
      ]),
    )
  }
  const conditions = conditionLines(benchmark.conditions)
  if (conditions !== '') parts.push(`conditions\n${conditions}`)
  return parts.join('\n\n')
}

/** What a run happened under, one line per condition. */
export const conditionLines = (conditions: Record<string, unknown>): string =>
  pairs(
    Object.entries(conditions)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [`  ${name}`, typeof value === 'string' ? value : JSON.stringify(value)]),
  )

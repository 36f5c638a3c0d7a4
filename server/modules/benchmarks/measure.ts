import type { BenchmarkResult, BenchmarkSpec, Distribution } from '../../../contract/index.ts'
import {
  aggregate,
  type ClientHealth,
  type LoadFigures,
  type LoadRecord,
  type LoadTarget,
  runLoad,
  type Stats,
} from '../../../loadgen/index.ts'
import { builtInPrompt } from './prompts.ts'

export type MeasureInput = {
  target: LoadTarget
  spec: BenchmarkSpec
  onProgress: (done: number, total: number) => void
}

/** Runs the load in its own process and computes the figures from its records; nothing is measured in this process. */
export async function measure(
  input: MeasureInput,
  signal?: AbortSignal,
): Promise<{ records: readonly LoadRecord[]; result: BenchmarkResult }> {
  const { spec, target } = input
  const { records, clientHealth } = await runLoad(
    {
      target,
      requests: {
        kind: 'given',
        items: Array.from({ length: spec.requests + spec.warmupRequests }, (_, index) => ({
          path: '/v1/chat/completions',
          body: {
            model: 'measured',
            messages: [{ role: 'user', content: builtInPrompt(spec.seed, index) }],
            max_tokens: spec.maxTokens,
            temperature: 0,
            seed: spec.seed,
            stream: true,
            stream_options: { include_usage: true },
          },
        })),
      },
      load: {
        kind: 'closed',
        concurrency: spec.concurrency,
        requests: spec.requests,
        warmupRequests: spec.warmupRequests,
        timeoutMs: spec.timeoutSeconds * 1_000,
      },
    },
    { onProgress: ({ done, total }) => input.onProgress(done, total), ...(signal === undefined ? {} : { signal }) },
  )
  signal?.throwIfAborted()
  return { records, result: toResult(aggregate(records), clientHealth) }
}

function toResult(figures: LoadFigures, health: ClientHealth): BenchmarkResult {
  return {
    requests: figures.requests,
    ok: figures.ok,
    failed: figures.failed,
    failures: figures.failures,
    durationSeconds: figures.durationS,
    ttftMs: toDistribution(figures.ttftMs),
    tpotMs: toDistribution(figures.tpotMs),
    itlMs: toDistribution(figures.itlMs),
    e2eMs: toDistribution(figures.e2eMs),
    outputTokensPerSecond: figures.outputTokensPerSecond,
    requestsPerSecond: figures.requestsPerSecond,
    outputTokens: figures.outputTokens,
    tokensOrigin: figures.tokensOrigin,
    formulas: String(figures.formulas),
    client: {
      verdict: health.clientVerdict,
      loopLagP99Ms: health.eventLoopDelayP99Ms,
      delayP50Ms: health.scheduleDelayMedianMs,
    },
  }
}

const toDistribution = (stats: Stats | null): Distribution =>
  stats ?? { n: 0, mean: null, min: null, p50: null, p90: null, p95: null, p99: null, max: null }

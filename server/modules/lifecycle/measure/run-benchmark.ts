import type { BenchmarkSpec } from '../../../../contract/index.ts'
import { conflict, upstream } from '../../../../kernel/index.ts'
import { insertBenchmark, machineConditions, measure, saveRecords, updateBenchmark } from '../../benchmarks/index.ts'
import { getVersion } from '../../catalog/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import type { OnboardContext } from '../onboard-context.ts'
import { openMeasuringEndpoint } from './measuring-endpoint.ts'
import { recordEvidence } from './record-evidence.ts'

export type BenchmarkOutput = { benchmarkId: string; verdict: string }

/** Registers a benchmark run of a version; the run itself is a job step. */
export async function createBenchmarkRow(
  deps: Pick<LifecycleDeps, 'clock' | 'newId'>,
  trx: Parameters<typeof insertBenchmark>[0],
  input: {
    id?: string
    versionId: string
    projectId: string
    spec: BenchmarkSpec
    jobId: string | null
    createdBy: string
  },
): Promise<string> {
  const id = input.id ?? deps.newId('benchmark')
  await insertBenchmark(trx, {
    id,
    version_id: input.versionId,
    project_id: input.projectId,
    state: 'running',
    verdict: null,
    spec: input.spec,
    result: null,
    conditions: {},
    error: null,
    job_id: input.jobId,
    created_by: input.createdBy,
    created_at: deps.clock.date(),
    finished_at: null,
  })
  return id
}

/**
 * Measures a version under the spec's load on a private deployment: the raw records are stored first, the figures are computed from
 * them. A run whose client was too slow is stored as `invalid-client` and counts as no evidence. Throws `conflict` when every request
 * failed, `upstream` `engine_interrupted` when the engine ended in between.
 */
export async function runBenchmark(
  deps: LifecycleDeps,
  ctx: OnboardContext,
  benchmarkId: string,
  spec: BenchmarkSpec,
): Promise<BenchmarkOutput> {
  const version = await getVersion(deps.database.db, ctx.versionId)
  const endpoint = await openMeasuringEndpoint(deps, ctx, ctx.signal)
  try {
    if (deps.engine === null) throw new Error('unreachable: the endpoint is open')
    const { records, result } = await measure(
      {
        target: deps.engine.target(endpoint.deploymentId),
        spec,
        onProgress: (done, total) => ctx.progress({ done, total, message: 'Benchmark' }),
      },
      ctx.signal,
    )
    if (await endpoint.wasInterrupted()) {
      throw upstream(
        'engine_interrupted',
        'The engine ended in the middle of the benchmark and started again.',
        'The run is repeated by itself. If it happens again, look at the memory of the machine and at the log of the engine.',
      )
    }
    const verdict = result.ok === 0 ? 'failed' : result.client.verdict === 'ok' ? 'ok' : 'invalid-client'
    await ctx.tx(async (trx) => {
      await saveRecords(trx, benchmarkId, records)
      await updateBenchmark(trx, benchmarkId, {
        state: 'finished',
        verdict,
        result,
        conditions: {
          ...machineConditions(),
          engine: endpoint.loaded.engine,
          engineVersion: endpoint.loaded.engineVersion,
          contextLength: endpoint.loaded.contextLength,
          parallel: endpoint.loaded.parallel,
          digest: version.digest,
          clock: 'from send',
        },
        finished_at: deps.clock.date(),
      })
      if (verdict !== 'ok') return
      await recordEvidence(deps, trx, {
        versionId: version.id,
        actor: ctx.actor,
        kind: 'benchmark',
        runId: benchmarkId,
        summary: `Benchmark of ${result.requests} requests at ${spec.concurrency} streams finished.`,
      })
    })
    if (verdict === 'failed') {
      throw conflict(
        'benchmark_failed',
        `None of ${result.requests} requests was answered.`,
        'Look at the raw records of the run for the reason.',
      )
    }
    return { benchmarkId, verdict }
  } finally {
    await endpoint.release()
  }
}

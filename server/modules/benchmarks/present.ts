import type { Benchmark } from '../../../contract/index.ts'
import type { BenchmarkRow } from './store.ts'

export function presentBenchmark(row: BenchmarkRow, version: { modelName: string; number: number }): Benchmark {
  return {
    id: row.id,
    versionId: row.version_id,
    modelName: version.modelName,
    versionNumber: version.number,
    projectId: row.project_id,
    state: row.state,
    verdict: row.verdict,
    spec: row.spec,
    result: row.result,
    conditions: row.conditions,
    error: row.error,
    jobId: row.job_id,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  }
}

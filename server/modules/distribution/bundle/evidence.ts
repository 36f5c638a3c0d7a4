import type { Db } from '../../../platform/db/index.ts'
import { newestBenchmarks } from '../../benchmarks/index.ts'
import { newestEvaluations } from '../../evaluations/index.ts'
import { newestScan } from '../../verification/index.ts'

/** What this hub measured and found, as a summary that travels with a bundle. */
export async function summarizeEvidence(db: Db, versionId: string): Promise<Record<string, unknown>> {
  const scan = await newestScan(db, versionId)
  const [benchmark] = await newestBenchmarks(db, [versionId], 'ok')
  const [evaluation] = await newestEvaluations(db, [versionId])
  return {
    scan:
      scan === undefined
        ? null
        : {
            ruleset: scan.ruleset,
            scanner: scan.scanner,
            verdict: scan.verdict,
            counts: scan.counts,
            filesExamined: scan.files_examined,
            filesTotal: scan.files_total,
            at: scan.at.toISOString(),
          },
    benchmark:
      benchmark === undefined
        ? null
        : { id: benchmark.id, spec: benchmark.spec, result: benchmark.result, at: benchmark.finished_at },
    evaluation:
      evaluation === undefined
        ? null
        : {
            id: evaluation.id,
            task: evaluation.task,
            score: evaluation.score,
            standardError: evaluation.standard_error,
            at: evaluation.finished_at,
          },
  }
}

import { internal } from '../../../kernel/index.ts'
import type { Trx } from '../../platform/db/index.ts'
import { meanWithError, wilsonInterval } from './statistics.ts'
import { itemScores, updateEvaluation } from './store.ts'

/** Aggregates the stored items into score, standard error and interval. Throws `internal` when items are missing. */
export async function finishEvaluation(trx: Trx, evaluationId: string, expected: number, at: Date): Promise<void> {
  const scores = await itemScores(trx, evaluationId)
  const summary = meanWithError(scores)
  if (summary === null || scores.length !== expected) {
    throw internal(
      'items_missing',
      `${expected - scores.length} of ${expected} items have no score.`,
      'Run the evaluation again.',
    )
  }
  const [low, high] = wilsonInterval(summary.mean, scores.length)
  await updateEvaluation(trx, evaluationId, {
    state: 'finished',
    score: summary.mean,
    standard_error: summary.standardError,
    interval_low: low,
    interval_high: high,
    finished_at: at,
  })
}

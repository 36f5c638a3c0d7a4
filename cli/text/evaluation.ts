import type { Evaluation } from '../api-types.ts'
import { conditionLines } from './benchmark.ts'
import { pairs } from './table.ts'
import { relative } from './units.ts'

/** Normal quantile of a two-sided 95 % interval. */
const z95 = 1.959964

/** `0.965 ± 0.025 (95 %)`: the score with 1.96 standard errors; unknown before the end. */
export function scoreText(evaluation: Pick<Evaluation, 'score' | 'standardError'>): string {
  const { score, standardError } = evaluation
  if (score === null) return 'unknown'
  return standardError === null ? score.toFixed(3) : `${score.toFixed(3)} ± ${(z95 * standardError).toFixed(3)} (95 %)`
}

/** An evaluation with its score and the conditions it ran under. */
export function evaluationText(evaluation: Evaluation, now: number): string {
  const [low, high] = evaluation.interval95 ?? []
  const head = pairs([
    ['evaluation', `${evaluation.id}, ${relative(evaluation.createdAt, now)}`],
    ['version', `${evaluation.modelName}@${evaluation.versionNumber}`],
    ['task', `${evaluation.taskTitle} (${evaluation.task} ${evaluation.taskVersion}), seed ${evaluation.seed}`],
    ['state', evaluation.state],
    ['error', evaluation.error?.message],
    ['remedy', evaluation.error?.remedy],
    ['items', `${evaluation.itemsDone} of ${evaluation.itemsTotal}`],
    ['score', scoreText(evaluation)],
    [
      'interval',
      low === undefined || high === undefined ? null : `${low.toFixed(3)} to ${high.toFixed(3)} (95 %, Wilson)`,
    ],
  ])
  const conditions = conditionLines(evaluation.conditions)
  return conditions === '' ? head : `${head}\n\nconditions\n${conditions}`
}

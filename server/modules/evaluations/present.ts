import type { Evaluation, EvaluationItem } from '../../../contract/index.ts'
import type { EvaluationRow, ItemRow } from './store.ts'
import { tasks } from './tasks/index.ts'

export function presentEvaluation(
  row: EvaluationRow,
  version: { modelName: string; number: number },
  itemsDone: number,
): Evaluation {
  return {
    id: row.id,
    versionId: row.version_id,
    modelName: version.modelName,
    versionNumber: version.number,
    projectId: row.project_id,
    task: row.task,
    taskTitle: tasks.find(row.task)?.title ?? row.task,
    taskVersion: row.task_version,
    taskHash: row.task_hash,
    seed: row.seed,
    state: row.state,
    itemsDone,
    itemsTotal: row.items_total,
    score: row.score,
    standardError: row.standard_error,
    interval95: row.interval_low === null || row.interval_high === null ? null : [row.interval_low, row.interval_high],
    conditions: row.conditions,
    error: row.error,
    jobId: row.job_id,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  }
}

export function presentItem(row: ItemRow): EvaluationItem {
  return {
    index: row.ordinal,
    group: row.item_group,
    prompt: row.prompt,
    expected: row.expected,
    answer: row.answer,
    score: row.score,
    error: row.error,
    seed: row.seed,
  }
}

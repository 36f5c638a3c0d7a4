/** Evaluations: tasks with known truth, their items, scores with errors. */
export { finishEvaluation } from './finish-evaluation.ts'
export { listTasks } from './list-tasks.ts'
export { presentEvaluation, presentItem } from './present.ts'
export { type Ask, runItems } from './run-items.ts'
export {
  countFinished as countFinishedEvaluations,
  countItems,
  type EvaluationRow,
  findEvaluation,
  insertEvaluation,
  listEvaluationRows,
  listItemRows,
  newestEvaluations,
  saveItem,
  scoredOrdinals,
  updateEvaluation,
} from './store.ts'
export { taskHash } from './task-hash.ts'
export { tasks } from './tasks/index.ts'

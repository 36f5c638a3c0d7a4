import type { EvaluationTask } from '../../../contract/index.ts'
import type { Page } from '../../platform/page.ts'
import { taskHash } from './task-hash.ts'
import { tasks } from './tasks/index.ts'

/** The tasks that ship with the hub. */
export function listTasks(): Page<EvaluationTask> {
  return {
    items: tasks.all.map((task) => ({
      id: task.kind,
      title: task.title,
      description: task.description,
      version: task.version,
      trait: task.trait,
      itemCount: task.items().length,
      scorer: task.scorer,
      license: task.license,
      contentHash: taskHash(task),
    })),
    nextCursor: null,
  }
}

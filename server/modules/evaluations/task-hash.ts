import { createHash } from 'node:crypto'
import { canonicalJson } from '../../../kernel/index.ts'
import type { TaskDefinition } from './task.ts'

/** SHA-256 of everything that decides a task's scores: version, items, sampler, scorer. */
export function taskHash(task: TaskDefinition): string {
  const { kind, version, sampler, scorer } = task
  return createHash('sha256')
    .update(canonicalJson({ kind, version, sampler, scorer, items: task.items() }))
    .digest('hex')
}

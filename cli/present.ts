import { upstream } from '../kernel/index.ts'

/** A value that the hub's contract promises. Throws `upstream` when the answer lacks it. */
export function present<T>(value: T | null | undefined, what: string): NonNullable<T> {
  if (value === null || value === undefined) {
    throw upstream('incomplete_answer', `The hub answered without ${what}.`, 'Compare versions with: modelhub version')
  }
  return value
}

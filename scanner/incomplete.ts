import type { FileFacts } from './types.ts'

/** True when a byte is neither parsed, nor proven tensor storage, nor confirmed inert, or when something went unread. */
export function isIncomplete(facts: FileFacts): boolean {
  return facts.coverage.unaccountedBytes > 0 || facts.observations.some(({ code }) => code.startsWith('scan.'))
}

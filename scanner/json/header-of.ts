import type { FileFacts } from '../types.ts'
import type { JsonHeader } from './types.ts'

/** The JSON facts of a file; undefined when it is not JSON. */
export function jsonHeaderOf(facts: Pick<FileFacts, 'header'>): JsonHeader | undefined {
  return facts.header?.kind === 'json' ? (facts.header as JsonHeader) : undefined
}

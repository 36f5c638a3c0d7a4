import type { FileFacts } from '../types.ts'
import type { GgufHeader } from './types.ts'

/** The GGUF facts of a file; undefined when it is not GGUF. */
export function ggufHeaderOf(facts: Pick<FileFacts, 'header'>): GgufHeader | undefined {
  return facts.header?.kind === 'gguf' ? (facts.header as GgufHeader) : undefined
}

import type { FileFacts } from '../types.ts'
import type { PythonHeader } from './types.ts'

/** The Python facts of a file; undefined when it is none. */
export function pythonHeaderOf(facts: Pick<FileFacts, 'header'>): PythonHeader | undefined {
  return facts.header?.kind === 'python' ? (facts.header as PythonHeader) : undefined
}

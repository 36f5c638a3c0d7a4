import type { InspectContext } from '../define-format.ts'
import { kerasJsonAnalysis } from '../keras/json-analysis.ts'
import type { Json } from '../types.ts'
import { notebookAnalysis } from './notebook.ts'

/** What else can be said of a JSON document of a particular kind, given all of it. */
export type JsonAnalysis = {
  /** Decides by the top-level keys alone, of which the first 200 are given. */
  wants: (keys: readonly string[], root: 'object' | 'array' | 'scalar', length: number) => boolean
  /** Notes observations. Keys may be any text, `__proto__` too; use Object.entries. */
  analyze?: (document: Json, context: InspectContext) => void
  /** Instead of `analyze`, reads the document, known to be well-formed, by itself. */
  read?: (context: InspectContext) => void
}

/** One line for each. */
export const jsonAnalyses: readonly JsonAnalysis[] = [notebookAnalysis, kerasJsonAnalysis]

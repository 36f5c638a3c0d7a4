import type { InspectContext } from '../define-format.ts'
import { analyzePython } from '../python/analyze.ts'
import { NotPython } from '../python/tokens.ts'
import type { CallKind } from '../python/types.ts'
import { noteHostile } from '../source/hostile.ts'
import type { Json } from '../types.ts'
import type { JsonAnalysis } from './analyses.ts'

const maxCells = 500

/** What a person who runs the cells would not expect; programs and downloads are usual in notebooks. */
const told: ReadonlyMap<CallKind, string> = new Map([
  ['hidden-code', 'python.call-hidden-code'],
  ['exfiltrate', 'python.exfiltrate'],
  ['hidden-name', 'python.call-hidden-name'],
  ['sensitive', 'python.sensitive'],
])

/** The code of notebooks, which runs when a person runs it: commands that fetch and run, hidden code, credentials. Source: nbformat 4. */
export const notebookAnalysis: JsonAnalysis = {
  wants: (keys) => keys.includes('cells') && keys.includes('nbformat'),
  analyze: (document, context) => {
    const cells = memberOf(document, 'cells')
    if (!Array.isArray(cells)) return
    cells.slice(0, maxCells).forEach((cell, index) => {
      if (memberOf(cell, 'cell_type') === 'code') analyzeCell(sourceOf(cell), `cell ${index + 1}`, context)
    })
  },
}

function analyzeCell(source: string, member: string, { offset, observe }: InspectContext): void {
  noteHostile(source, offset, (seen) => observe({ ...seen, offset, member }))
  // Lines for the notebook itself are no Python.
  const python = source.replaceAll(/^[ \t]*[!%][^\n]*/gm, 'pass')
  try {
    for (const { kind, name } of analyzePython(python).calls) {
      const code = told.get(kind)
      if (code !== undefined) observe({ code, offset, member, evidence: name, detail: `${name} when the cell is run` })
    }
  } catch (error) {
    // Cells of other languages, and magic that spans lines.
    if (!(error instanceof NotPython)) throw error
  }
}

function sourceOf(cell: Json): string {
  const source = memberOf(cell, 'source')
  if (Array.isArray(source)) return source.filter((line) => typeof line === 'string').join('')
  return typeof source === 'string' ? source : ''
}

function memberOf(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return Object.entries(value).find(([name]) => name === key)?.[1]
}

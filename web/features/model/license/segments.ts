import type { Answer } from './use-license.ts'

export type Segment = { from: number; text: string; cited: boolean; chosen: boolean }

/** The text cut where cited clauses begin and end, so that each piece is marked or not. Places outside of the text are left out. */
export function segmentsOf(text: string, answers: readonly Answer[], chosen: Answer | undefined): Segment[] {
  const clauses = answers.flatMap((answer) =>
    answer.clauses.flatMap(({ start, end }) =>
      start === null || end === null || start < 0 || end > text.length || start >= end
        ? []
        : [{ start, end, chosen: answer === chosen }],
    ),
  )
  const edges = [...new Set([0, text.length, ...clauses.flatMap(({ start, end }) => [start, end])])].toSorted(
    (a, b) => a - b,
  )
  const segments: Segment[] = []
  for (const [index, from] of edges.slice(0, -1).entries()) {
    const to = edges[index + 1] ?? text.length
    const here = clauses.filter(({ start, end }) => start <= from && end >= to)
    segments.push({
      from,
      text: text.slice(from, to),
      cited: here.length > 0,
      chosen: here.some((clause) => clause.chosen),
    })
  }
  return segments
}

/**
 * Lines that were broken to fit a screen run on, in as many characters as before, so that places in the text stay right. A short line, an
 * empty one and the begin of a list or a section stay where they are.
 */
export function runOn(text: string): string {
  const lines = text.split('\n')
  return lines
    .map((line, index) => {
      const next = lines[index + 1]
      if (next === undefined) return line
      const joins =
        line.trim().length >= 50 && next.trim() !== '' && !/^\s*([-*•#>|=]|\(?\w{1,3}[.)]|\d+(\.\d+)*\s)/.test(next)
      return `${line}${joins ? ' ' : '\n'}`
    })
    .join('')
}

import type { Readiness, ReadinessCheck } from '../api-types.ts'

const marks = { pass: 'ok', warn: 'warn', fail: 'fail', incomplete: 'incomplete', not_applicable: 'n/a' } as const

/** One gate in the words of the API: title — message, then the fact, the remedy and who can waive. */
export function checkLines(check: ReadinessCheck): string[] {
  const lines = [`${marks[check.status] ?? check.status}  ${check.title} — ${check.message}`]
  if (check.status === 'pass' || check.status === 'not_applicable') return lines
  lines.push(`      fact: ${check.fact}`)
  if (check.remedy !== null) lines.push(`      remedy: ${check.remedy}`)
  if (check.whoCanWaive !== null) lines.push(`      who can waive: ${check.whoCanWaive}`)
  return lines
}

/** The readiness checklist. */
export function readinessLines(readiness: Readiness): string[] {
  return [
    `Readiness: ${readiness.summary} (${readiness.passed} of ${readiness.total} checks pass)`,
    ...readiness.checks.flatMap((check) => checkLines(check).map((line) => `  ${line}`)),
    ...(readiness.next === null ? [] : [`  next: ${readiness.next}`]),
  ]
}

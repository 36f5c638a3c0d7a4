import type { ScannedFile, ScanReport } from './types.ts'

/** One line per file, its findings below it, a count at the end. */
export function toText(report: ScanReport): string {
  const counts = new Map<string, number>()
  for (const file of report.files) counts.set(file.verdict, (counts.get(file.verdict) ?? 0) + 1)
  const summary = [...counts].map(([verdict, count]) => `${count} ${verdict}`).join(', ')
  const files = report.files.length === 1 ? '1 file' : `${report.files.length} files`
  return [
    ...report.files.flatMap(linesOf),
    '',
    `${report.verdict}: ${files}${summary === '' ? '' : ` (${summary})`}, ruleset ${report.ruleset}`,
  ].join('\n')
}

function linesOf(file: ScannedFile): string[] {
  const lines = [`${file.verdict.padEnd(10)} ${printable(file.path)} (${file.format}, ${file.size} bytes)`]
  for (const finding of file.findings) {
    const place = [
      finding.member === undefined ? '' : `in ${printable(finding.member)}`,
      finding.offset === undefined ? '' : `at byte ${finding.offset}`,
    ]
    const where = place.filter((part) => part !== '').join(' ')
    const message = printable(finding.message)
    lines.push(`  ${finding.severity.padEnd(8)} ${finding.ruleId} ${message}${where === '' ? '' : ` [${where}]`}`)
    if (finding.evidence !== undefined) lines.push(`           ${printable(finding.evidence)}`)
    lines.push(`           ${finding.remedy}`)
  }
  return lines
}

/** Names and contents come from outside: they must not steer a terminal, turn the direction of a line, or look like a line of ours. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, '?')
}

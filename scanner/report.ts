import { atLeast, type Severity } from '../kernel/index.ts'
import { toSarif } from './report/sarif.ts'
import { toText } from './report/text.ts'
import type { ScanReport } from './report/types.ts'

export const reportFormats = ['text', 'json', 'sarif'] as const
export type ReportFormat = (typeof reportFormats)[number]

/** The report as text for a person, or as one JSON or SARIF 2.1.0 document; without a final line feed. */
export function renderReport(report: ScanReport, format: ReportFormat): string {
  switch (format) {
    case 'text':
      return toText(report)
    case 'json':
      return JSON.stringify(report, undefined, 2)
    case 'sarif':
      return JSON.stringify(toSarif(report), undefined, 2)
  }
}

/**
 * Exit code of `modelhub scan`: 1 when a finding is at or above the threshold, else 2 when something could not be read in full, else 0.
 * Wrong use (3) is the caller's to tell.
 */
export function exitCodeOf(report: ScanReport, failOn: Severity = 'high'): 0 | 1 | 2 {
  if (report.files.some((file) => file.findings.some((finding) => atLeast(finding.severity, failOn)))) return 1
  return report.files.some((file) => file.verdict === 'incomplete') ? 2 : 0
}

import { renderReport, type ScanReport } from '../../../scanner/index.ts'
import type { FindingRow, ScanRow } from './store.ts'

export type ReportedFile = {
  path: string
  size: number
  sha256: string | null
  format: string | null
  verdict: ScanRow['verdict'] | null
}

/**
 * A stored scan in the form that `modelhub scan` prints: every file with its findings, worst first. Verdicts of the files are those of
 * the newest scan, which this one must be.
 */
export function reportScan(
  scan: ScanRow,
  findings: readonly FindingRow[],
  files: readonly ReportedFile[],
  format: 'json' | 'sarif',
): string {
  const by = Map.groupBy(findings, ({ path }) => path)
  const report: ScanReport = {
    ruleset: scan.ruleset,
    verdict: scan.verdict,
    files: files.map((file) => ({
      path: file.path,
      size: file.size,
      sha256: file.sha256 ?? '',
      format: file.format ?? 'unknown',
      // What has no verdict was not examined.
      verdict: file.verdict ?? 'incomplete',
      findings: (by.get(file.path) ?? []).map((row) => ({
        ruleId: row.rule_id,
        severity: row.severity,
        cwe: row.cwe ?? '',
        message: row.message,
        ...(row.member === null ? {} : { member: row.member }),
        ...(row.byte_offset === null ? {} : { offset: row.byte_offset }),
        ...(row.evidence === null ? {} : { evidence: row.evidence }),
        remedy: row.remedy,
      })),
    })),
  }
  return renderReport(report, format)
}

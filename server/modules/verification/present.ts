import type { Finding, Scan } from '../../../contract/index.ts'
import { ruleDescriptions } from '../../../scanner/index.ts'
import type { FindingRow, ScanRow } from './store.ts'

const descriptions = new Map(ruleDescriptions.map((rule) => [rule.id, rule]))

/** A scan as the security tab shows it. `approved` names findings (`ruleId path`) that a decision covers. */
export function presentScan(
  versionId: string,
  scan: ScanRow | undefined,
  findings: readonly FindingRow[],
  approved: ReadonlySet<string>,
): Scan {
  if (scan === undefined) return noScan(versionId)
  return {
    id: scan.id,
    versionId,
    applicable: true,
    verdict: scan.verdict,
    sentence: sentenceOf(scan),
    ruleset: scan.ruleset,
    scanner: scan.scanner,
    at: scan.at.toISOString(),
    filesExamined: scan.files_examined,
    filesTotal: scan.files_total,
    bytesExamined: Number(scan.bytes_examined),
    bytesTotal: Number(scan.bytes_total),
    counts: scan.counts,
    isolation: scan.isolation,
    findings: findings.map((row) => presentFinding(row, approved)),
  }
}

const noScan = (versionId: string): Scan => ({
  id: null,
  versionId,
  applicable: true,
  verdict: null,
  sentence: 'Not scanned yet.',
  ruleset: null,
  scanner: null,
  at: null,
  filesExamined: 0,
  filesTotal: 0,
  bytesExamined: 0,
  bytesTotal: 0,
  counts: {},
  isolation: [],
  findings: [],
})

/** What there is instead of a scan where a provider hosts the model. */
export const presentHostedScan = (versionId: string, provider: string): Scan => ({
  ...noScan(versionId),
  applicable: false,
  sentence: `Not applicable: hosted by ${provider}. There are no files here to scan.`,
})

function presentFinding(row: FindingRow, approved: ReadonlySet<string>): Finding {
  const rule = descriptions.get(row.rule_id)
  return {
    id: row.id,
    ruleId: row.rule_id,
    title: rule?.title ?? row.rule_id,
    severity: row.severity,
    cwe: row.cwe,
    message: row.message,
    explanation: rule?.explanation ?? '',
    remedy: row.remedy,
    path: row.path,
    member: row.member,
    offset: row.byte_offset,
    evidence: row.evidence,
    status: row.severity === 'high' && approved.has(`${row.rule_id} ${row.path}`) ? 'approved' : 'open',
  }
}

/** The verdict as a sentence: what was examined and what follows. */
function sentenceOf(scan: ScanRow): string {
  const files = `${scan.files_total} ${scan.files_total === 1 ? 'file' : 'files'}`
  const missing = scan.files_total - scan.files_examined
  switch (scan.verdict) {
    case 'pass':
      return `Pass. All ${files} examined, nothing found that needs a decision.`
    case 'review':
      return `Review. All ${files} examined; ${total(scan)} to look at.`
    case 'incomplete':
      return `Incomplete. ${missing} of ${files} could not be examined. ${missing === 1 ? 'It counts' : 'They count'} as not safe.`
    case 'block':
      return `Blocked. ${scan.counts.critical} critical ${scan.counts.critical === 1 ? 'finding' : 'findings'} in ${files}.`
  }
}

function total(scan: ScanRow): string {
  const n = scan.counts.high + scan.counts.medium
  return `${n} ${n === 1 ? 'finding' : 'findings'}`
}

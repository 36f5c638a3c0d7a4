import type { Finding, ImportedScan, Scan, ScanDiff, ScanSummary } from '../../../contract/index.ts'
import { ruleDescriptions } from '../../../scanner/index.ts'
import { antivirusRule } from './antivirus/rule.ts'
import type { ImportedScanRow } from './imported-store.ts'
import type { Skipped, SkipReason } from './skipped.ts'
import type { FindingRow, ScanRow, StaleReason } from './store.ts'

const descriptions = new Map<string, { title: string; explanation: string }>(
  [...ruleDescriptions, antivirusRule].map((rule) => [rule.id, rule]),
)

export type ScanParts = {
  scan: ScanRow | undefined
  findings: readonly FindingRow[]
  /** Findings (`ruleId path`) that a decision covers. */
  approved: ReadonlySet<string>
  stale: StaleReason | null
  imported: readonly ImportedScanRow[]
}

/** A scan as the security tab shows it. */
export function presentScan(versionId: string, { scan, findings, approved, stale, imported }: ScanParts): Scan {
  const elsewhere = imported.map(presentImported)
  if (scan === undefined) return { ...noScan(versionId), imported: elsewhere }
  return {
    ...presentSummary(scan),
    applicable: true,
    sentence: stale === null ? sentenceOf(scan) : `${sentenceOf(scan)} ${staleWords[stale]}`,
    isolation: scan.isolation,
    stale: stale === null ? null : staleWords[stale],
    imported: elsewhere,
    findings: findings.map((row) => presentFinding(row, approved)),
  }
}

const staleWords: Record<StaleReason, string> = {
  scanner: 'It was made by another version of the scanner; the files are to be inspected again.',
  facts: 'What was seen in the files is not stored any more; they are to be inspected again.',
}

/** A scan as a line of the history. */
export const presentSummary = (scan: ScanRow): ScanSummary => ({
  id: scan.id,
  versionId: scan.version_id,
  trigger: scan.trigger,
  verdict: scan.verdict,
  ruleset: scan.ruleset,
  scanner: scan.scanner,
  at: scan.at.toISOString(),
  confirmed:
    scan.confirmed_ruleset === null || scan.confirmed_at === null
      ? null
      : { ruleset: scan.confirmed_ruleset, at: scan.confirmed_at.toISOString() },
  filesExamined: scan.files_examined,
  filesTotal: scan.files_total,
  bytesExamined: Number(scan.bytes_examined),
  bytesTotal: Number(scan.bytes_total),
  skipped: scan.skipped.map(presentSkipped),
  counts: scan.counts,
})

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
  trigger: null,
  confirmed: null,
  stale: null,
  skipped: [],
  imported: [],
  findings: [],
})

/** What there is instead of a scan where a provider hosts the model. */
export const presentHostedScan = (versionId: string, provider: string): Scan => ({
  ...noScan(versionId),
  applicable: false,
  sentence: `Not applicable: hosted by ${provider}. There are no files here to scan.`,
})

const skipWords: Record<SkipReason, string> = {
  no_inspector: 'Nothing here looks inside this format.',
  unknown_format: 'The content matches no known format.',
  limit: 'It is beyond a limit of the scanner.',
  deadline: 'The scanner ran out of time.',
  memory: 'The scanner ran out of memory.',
  crash: 'The scanner broke off.',
  unreadable: 'It could not be read.',
  unread_part: 'A part of it was not read.',
  unaccounted_bytes: 'It holds bytes that no structure accounts for.',
  antivirus: 'ClamAV was not reachable or gave no answer, and this hub is told to ask it.',
}

const presentSkipped = ({ reason, files, bytes, paths }: Skipped): ScanSummary['skipped'][number] => ({
  reason,
  sentence: skipWords[reason],
  files,
  bytes,
  paths,
})

const presentImported = (row: ImportedScanRow): ImportedScan => ({
  scanner: row.scanner,
  origin: 'imported',
  status: row.status,
  summary: row.summary,
  files: row.files,
  filesTotal: row.files_total,
  source: row.source,
  at: row.at.toISOString(),
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

/** A finding as one side of a comparison shows it. */
export const presentDiffFinding = (row: FindingRow): ScanDiff['added'][number] => ({
  ruleId: row.rule_id,
  title: descriptions.get(row.rule_id)?.title ?? row.rule_id,
  severity: row.severity,
  path: row.path,
  member: row.member,
  offset: row.byte_offset,
  message: row.message,
  remedy: row.remedy,
})

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

import { setImmediate } from 'node:timers/promises'
import { type Severity, severities, worstVerdict } from '../../../kernel/index.ts'
import {
  accountForData,
  type FileFacts,
  type Finding,
  isIncomplete,
  judge,
  judgeRepository,
  judgeVersion,
  rulesetVersion,
  scannerVersion,
  verdictOf,
} from '../../../scanner/index.ts'
import { antivirusFinding, type FileAntivirus } from './antivirus/rule.ts'
import { summarizeSkipped } from './skipped.ts'
import type { FindingRow, ScanRow } from './store.ts'

export type JudgedFile = {
  path: string
  size: number
  facts: FileFacts
  isolation: readonly string[]
  /** What a virus scanner said of it that counts; absent: nothing. */
  antivirus?: FileAntivirus | undefined
}

export type JudgedVersion = {
  scan: Omit<ScanRow, 'id' | 'at' | 'trigger' | 'confirmed_ruleset' | 'confirmed_at'>
  findings: Omit<FindingRow, 'id' | 'scan_id'>[]
  files: { path: string; format: string; format_title: string; verdict: ScanRow['verdict']; finding_count: number }[]
  needsAttention: boolean
}

/** Files after whose judging others have their turn: some ten milliseconds. */
const filesPerTurn = 200

/** Applies the present rules to stored facts; reads no byte. */
export async function judgeFiles(
  version: { id: string; projectId: string },
  inspected: readonly JudgedFile[],
): Promise<JudgedVersion> {
  const files = accountForData(inspected)
  const across = Map.groupBy(judgeRepository(files), ({ path }) => path)
  const judged: { file: JudgedFile; findings: Finding[]; verdict: ScanRow['verdict'] }[] = []
  for (const file of files) {
    const own = judge(file.facts, { path: file.path })
    const { antivirus } = file
    const hit = antivirus?.status === 'infected' ? [antivirusFinding(antivirus)] : []
    const findings = [...hit, ...own.findings, ...(across.get(file.path) ?? [])]
    const verdict = verdictOf(file.facts, findings)
    // Who asks for a virus scanner does not want to go on without its answer.
    const unanswered = antivirus?.status === 'failed'
    judged.push({ file, findings, verdict: unanswered ? worstVerdict([verdict, 'incomplete']) : verdict })
    if (judged.length % filesPerTurn === 0) await setImmediate()
  }
  const whole = judgeVersion(judged)
  const findings = judged
    .flatMap(({ file, findings: list }) => list.map((finding) => ({ path: file.path, finding })))
    .sort((a, b) => severities.indexOf(b.finding.severity) - severities.indexOf(a.finding.severity))
  const examined = files.filter(({ facts, antivirus }) => !isIncomplete(facts) && antivirus?.status !== 'failed')
  const counts = Object.fromEntries(severities.map((severity) => [severity, 0])) as Record<Severity, number>
  for (const { finding } of findings) counts[finding.severity] += 1
  return {
    scan: {
      version_id: version.id,
      project_id: version.projectId,
      ruleset: rulesetVersion,
      scanner: scannerVersion,
      verdict: whole.verdict,
      counts,
      files_examined: examined.length,
      files_total: files.length,
      bytes_examined: files.reduce((sum, { facts }) => sum + facts.size - facts.coverage.unaccountedBytes, 0),
      bytes_total: files.reduce((sum, { size }) => sum + size, 0),
      isolation: [...new Set(files.flatMap((file) => [...file.isolation]))].slice(0, 100),
      skipped: summarizeSkipped(files),
    },
    findings: findings.map(({ path, finding }, ordinal) => toRow(version.id, path, finding, ordinal)),
    files: judged.map(({ file, findings: list, verdict }) => ({
      path: file.path,
      format: file.facts.format,
      format_title: file.facts.title,
      verdict,
      finding_count: list.length,
    })),
    needsAttention: whole.needsAttention,
  }
}

function toRow(versionId: string, path: string, finding: Finding, ordinal: number): Omit<FindingRow, 'id' | 'scan_id'> {
  return {
    version_id: versionId,
    rule_id: finding.ruleId,
    severity: finding.severity,
    cwe: finding.cwe,
    message: finding.message,
    remedy: finding.remedy,
    path,
    member: finding.member ?? null,
    byte_offset: finding.offset ?? null,
    evidence: finding.evidence ?? null,
    ordinal,
  }
}

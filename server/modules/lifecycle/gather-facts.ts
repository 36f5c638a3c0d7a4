import type { VersionFacts } from '../../../contract/index.ts'
import type { Clock } from '../../../kernel/index.ts'
import type { Db, Trx } from '../../platform/db/index.ts'
import { countFiles } from '../artifacts/index.ts'
import { countFinishedBenchmarks } from '../benchmarks/index.ts'
import type { NamedVersionRow } from '../catalog/index.ts'
import { countFinishedEvaluations } from '../evaluations/index.ts'
import { approvalsInForce, type PolicyContext } from '../governance/index.ts'
import { licenseFacts } from '../license/index.ts'
import { type FindingRow, findingsOf, newestScan, staleReason } from '../verification/index.ts'
import { hostedFacts } from './hosted/facts.ts'
import { signatureFacts } from './provenance/signature-facts.ts'

/** `ruleId path`: names a finding across scans of the same bytes; what an approval of findings lists. */
export const findingKey = (finding: Pick<FindingRow, 'rule_id' | 'path'>) => `${finding.rule_id} ${finding.path}`

/** Names a contradiction in an approval. */
export const contradictionKey = (sentence: string) => `contradiction ${sentence}`

/** What files, card and registration of a version say against each other, one sentence each. */
export function contradictionsOf(version: Pick<NamedVersionRow, 'metadata'>): string[] {
  const found = version.metadata['contradictions']?.value
  return Array.isArray(found) ? found : []
}

/** Everything the gates may look at, read at one moment; and the open findings as lines for people. */
export async function gatherFacts(
  deps: { clock: Clock },
  db: Db | Trx,
  version: NamedVersionRow,
): Promise<PolicyContext> {
  const scan = await newestScan(db, version.id)
  const findings = scan === undefined ? [] : await findingsOf(db, scan.id)
  const approvals = await approvalsInForce(db, version.id, version.digest, deps.clock.date())
  const approved = new Set(approvals.flatMap((row) => (row.subject === 'findings' ? row.findings : [])))
  const open = findings.filter((finding) => finding.severity !== 'high' || !approved.has(findingKey(finding)))
  const count = (list: readonly FindingRow[], severity: string) =>
    list.filter((finding) => finding.severity === severity).length
  const files = await countFiles(db, version.id)
  const { hosted } = await hostedFacts(db, version)
  const evaluations = await countFinishedEvaluations(db, version.id)
  const facts: VersionFacts = {
    version: {
      id: version.id,
      state: version.state,
      source: version.source_type,
      digest: version.digest,
      files: version.file_count,
      bytes: Number(version.total_bytes),
    },
    hosted,
    model: { name: version.model_name, project: version.project_id, owner: version.owner_id, tags: version.tags },
    integrity: {
      complete: version.digest !== null && files.files > 0 && files.withoutDigest === 0,
      intact: version.intact,
    },
    scan: {
      verdict: scan?.verdict ?? null,
      critical: count(findings, 'critical'),
      high: count(findings, 'high'),
      medium: count(findings, 'medium'),
      low: count(findings, 'low'),
      info: count(findings, 'info'),
      openHigh: count(open, 'high'),
      openCritical: count(open, 'critical'),
      openIncomplete: files.incomplete > 0,
      stale: (await staleReason(db, version.id)) !== null,
    },
    license: await licenseFacts(deps, db, version),
    metadata: {
      contradictions: contradictionsOf(version).filter((sentence) => !approved.has(contradictionKey(sentence))),
    },
    signature: await signatureFacts(db, version.id, deps.clock.date()),
    evidence: {
      benchmarks: await countFinishedBenchmarks(db, version.id),
      evaluations: evaluations.n,
      score: evaluations.best,
      noEvidenceBecause: version.no_evidence_because,
    },
    approval: { publish: approvals.some((row) => row.subject === 'publish') },
  }
  return {
    facts,
    findings: open.filter((finding) => ['critical', 'high'].includes(finding.severity)).map(findingLine),
    stateReason: version.state === 'needs_attention' ? version.state_reason : null,
  }
}

/** Rule, file, offset, message and remedy of a finding in one line. */
export function findingLine(
  finding: Pick<FindingRow, 'rule_id' | 'path' | 'byte_offset' | 'message' | 'remedy'>,
): string {
  const at = finding.byte_offset === null ? '' : ` at offset ${finding.byte_offset}`
  return `${finding.rule_id} in ${finding.path}${at}: ${finding.message} ${finding.remedy}`
}

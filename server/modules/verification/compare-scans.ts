import type { ScanDiff } from '../../../contract/index.ts'
import { presentDiffFinding, presentSummary } from './present.ts'
import type { FindingRow, ScanRow } from './store.ts'

type Side = { scan: ScanRow; findings: readonly FindingRow[] }

/** Entries of each list. */
const mostListed = 1_000

/**
 * What a scan says otherwise than one before it. Findings are the same when rule, file, member and place are; several alike are paired in
 * their order.
 */
export function compareScans(from: Side | null, to: Side): ScanDiff {
  const left = new Map<string, FindingRow[]>()
  for (const finding of from?.findings ?? []) {
    const key = keyOf(finding)
    const of = left.get(key)
    if (of === undefined) left.set(key, [finding])
    else of.push(finding)
  }
  const added: FindingRow[] = []
  const changed: ScanDiff['changed'] = []
  let unchanged = 0
  for (const finding of to.findings) {
    const before = left.get(keyOf(finding))?.shift()
    if (before === undefined) added.push(finding)
    else if (before.severity === finding.severity) unchanged += 1
    else changed.push({ finding: presentDiffFinding(finding), from: before.severity, to: finding.severity })
  }
  const gone = [...left.values()].flat()
  return {
    versionId: to.scan.version_id,
    from: from === null ? null : presentSummary(from.scan),
    to: presentSummary(to.scan),
    rulesetChanged: from !== null && from.scan.ruleset !== to.scan.ruleset,
    scannerChanged: from !== null && from.scan.scanner !== to.scan.scanner,
    verdictChanged: from !== null && from.scan.verdict !== to.scan.verdict,
    added: added.slice(0, mostListed).map(presentDiffFinding),
    gone: gone.slice(0, mostListed).map(presentDiffFinding),
    changed: changed.slice(0, mostListed),
    unchanged,
    truncated: Math.max(added.length, gone.length, changed.length) > mostListed,
  }
}

const keyOf = ({ rule_id, path, member, byte_offset }: FindingRow) =>
  JSON.stringify([rule_id, path, member, byte_offset])

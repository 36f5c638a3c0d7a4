import { posix } from 'node:path'
import { severities, worstVerdict } from '../../kernel/index.ts'
import { findingOf, judge, verdictOf } from '../judge.ts'
import { folderOf } from '../path.ts'
import { accountForData } from '../repository/account-for-data.ts'
import { judgeRepository } from '../repository/judge-repository.ts'
import { repositoryRule } from '../repository/rules.ts'
import { rulesetVersion } from '../ruleset.ts'
import type { Finding } from '../types.ts'
import type { FileOutcome } from './scan-file.ts'
import type { ScannedFile, ScanReport } from './types.ts'

/** Judges what was seen of all files together; in the order of their paths. */
export function reportOf(seen: readonly FileOutcome[]): ScanReport {
  const outcomes = accountForData(seen)
  outcomes.sort((a, b) => (a.path < b.path ? -1 : 1))
  const paths = new Set(outcomes.map((outcome) => outcome.path))
  const together = new Map<string, Finding[]>()
  for (const { path, ...finding } of judgeRepository(outcomes))
    together.set(path, [...(together.get(path) ?? []), finding])
  const files = outcomes.map((outcome): ScannedFile => {
    const { path, size, sha256, facts, link } = outcome
    const more = together.get(path) ?? []
    const own = judge(facts, { path }).findings
    const findings = [...own, ...more, ...(link === undefined ? [] : [linkFinding(link)])]
    findings.sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity))
    const verdict = verdictOf(facts, findings)
    // What a link points to is covered only when it is part of the same scan.
    const unread = link !== undefined && !paths.has(posix.normalize(posix.join(folderOf(path), link)))
    return {
      path,
      size,
      sha256,
      format: facts.format,
      verdict: unread ? worstVerdict([verdict, 'incomplete']) : verdict,
      findings,
    }
  })
  return { ruleset: rulesetVersion, verdict: worstVerdict(files.map((file) => file.verdict)), files }
}

/** What a link points to is not read. */
function linkFinding(target: string): Finding {
  return findingOf(repositoryRule('REPO-LINK-001'), { evidence: target.slice(0, 200).replaceAll(/[^\x20-\x7e]/g, '?') })
}

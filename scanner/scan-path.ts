import { posix } from 'node:path'
import { severities, worstVerdict } from '../kernel/index.ts'
import { findingOf, judge, verdictOf } from './judge.ts'
import { folderOf } from './path.ts'
import { createScannerPool, type ScannerLimits, type ScannerPool } from './pool.ts'
import { type FileOutcome, scanFile } from './report/scan-file.ts'
import type { ScannedFile, ScanReport } from './report/types.ts'
import { walk } from './report/walk.ts'
import { judgeRepository } from './repository/judge-repository.ts'
import { repositoryRule } from './repository/rules.ts'
import { rulesetVersion } from './ruleset.ts'
import type { Finding } from './types.ts'

export type { ScannedFile, ScanReport }

export type ScanPathsOptions = {
  /** A pool to use instead of one for this scan; it stays open. */
  pool?: ScannerPool
  /** Children at a time when no pool is given. Default 2. */
  children?: number
  limits?: ScannerLimits
  /** Told after each file, for progress. */
  onFile?: (done: number) => void
  signal?: AbortSignal
}

/** Open files at a time; also what can be waiting for a child. */
const maxOpen = 900

/**
 * Scans files and folders without a hub: walks (never through a symbolic link), hashes, inspects in isolated children, judges.
 * Throws `invalid` for a path that does not exist, and the signal's reason when cancelled.
 */
export async function scanPaths(paths: readonly string[], options: ScanPathsOptions = {}): Promise<ScanReport> {
  const { signal } = options
  const limits = options.limits === undefined ? {} : { limits: options.limits }
  const pool = options.pool ?? createScannerPool({ size: options.children ?? 2, ...limits })
  const outcomes: FileOutcome[] = []
  const open = new Set<Promise<void>>()
  const failed: unknown[] = []
  try {
    for await (const entry of walk(paths, signal)) {
      if (failed.length > 0) break
      if (open.size >= maxOpen) await Promise.race(open)
      const work = scanFile(entry, pool, signal)
        .then((outcome) => {
          outcomes.push(outcome)
          options.onFile?.(outcomes.length)
        })
        .catch((error: unknown) => void failed.push(error))
        .finally(() => open.delete(work))
      open.add(work)
    }
    await Promise.all(open)
  } finally {
    if (options.pool === undefined) await pool.close()
  }
  if (failed.length > 0) throw failed[0]
  return reportOf(outcomes)
}

function reportOf(outcomes: FileOutcome[]): ScanReport {
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

function linkFinding(target: string): Finding {
  return findingOf(repositoryRule('REPO-LINK-001'), { evidence: target.slice(0, 200).replaceAll(/[^\x20-\x7e]/g, '?') })
}

import { type FileFacts, isIncomplete } from '../../../scanner/index.ts'
import type { FileAntivirus } from './antivirus/rule.ts'

/** Why some of a file was not read: stable words of the API. */
export const skipReasons = [
  'no_inspector',
  'unknown_format',
  'limit',
  'deadline',
  'memory',
  'crash',
  'unreadable',
  'unread_part',
  'unaccounted_bytes',
  'antivirus',
] as const
export type SkipReason = (typeof skipReasons)[number]

/** Files that were not read in full for one reason. */
export type Skipped = {
  reason: SkipReason
  files: number
  /** Bytes of them that nothing accounts for. */
  bytes: number
  /** The first twenty. */
  paths: string[]
}

const namedPaths = 20

const byCode: Readonly<Record<string, SkipReason>> = {
  'scan.uninspected': 'no_inspector',
  'scan.unknown-format': 'unknown_format',
  'scan.limit': 'limit',
  'scan.inspector-failed': 'crash',
}

/** Why the file counts as incomplete, the first reason that was noted; null when it does not. */
export function skipReasonOf(facts: FileFacts): SkipReason | null {
  if (!isIncomplete(facts)) return null
  const seen = facts.observations.find(({ code }) => code.startsWith('scan.'))
  if (seen === undefined) return 'unaccounted_bytes'
  if (seen.code !== 'scan.incomplete') return byCode[seen.code] ?? 'unread_part'
  const cause = seen.data?.['cause']
  return skipReasons.find((reason) => reason === cause) ?? 'crash'
}

/**
 * The files that were not read in full, by reason, in the order of the reasons. What a virus scanner that was asked for gave no answer
 * on is told beside what the hub's own scanner left out.
 */
export function summarizeSkipped(
  files: readonly { path: string; facts: FileFacts; antivirus?: FileAntivirus | undefined }[],
): Skipped[] {
  const found = new Map<SkipReason, Skipped>()
  const note = (reason: SkipReason, path: string, bytes: number) => {
    const entry = found.get(reason) ?? { reason, files: 0, bytes: 0, paths: [] }
    found.set(reason, entry)
    entry.files += 1
    entry.bytes += bytes
    if (entry.paths.length < namedPaths) entry.paths.push(path)
  }
  for (const { path, facts, antivirus } of files) {
    const reason = skipReasonOf(facts)
    if (reason !== null) note(reason, path, facts.coverage.unaccountedBytes)
    if (antivirus?.status === 'failed') note('antivirus', path, 0)
  }
  return skipReasons.flatMap((reason) => found.get(reason) ?? [])
}

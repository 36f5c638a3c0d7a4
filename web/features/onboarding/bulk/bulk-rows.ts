import { parseSourceText } from '../../../../contract/source-text.ts'
import type { Schema } from '../../../app/client.ts'
import type { SourceCheck } from '../use-onboarding.ts'
import type { Source } from '../wizard/draft-source.ts'
import { nameProblem } from '../wizard/name-problem.ts'

type Candidate = Schema<'SourceCandidate'>

/** One line or match on its way from a preview to a job. */
export type BulkRow = {
  key: string
  /** As it is shown: without what may be secret. */
  label: string
  /** What is checked and registered; null: it could not be read. */
  source: Source | null
  problem: Candidate['problem']
  known: Candidate['known']
  twice: boolean
  take: boolean
  name: string
  /** Name of the credential it is read with; null: none. */
  credential: string | null
  check:
    | { state: 'waiting' }
    | { state: 'running' }
    | { state: 'done'; found: SourceCheck }
    | { state: 'failed'; error: unknown }
  result:
    | { state: 'none' }
    | { state: 'sending' }
    | { state: 'started'; jobId: string }
    | { state: 'failed'; error: unknown }
}

const repository = /^[A-Za-z0-9][A-Za-z0-9._-]{0,95}\/[A-Za-z0-9][A-Za-z0-9._-]{0,95}(@[^\s?#\\]{1,255})?(\s+#.*)?$/

/** A pasted id of a repository is one: people copy `org/name` from its page. Comments and other lines stay as they are. */
export const withScheme = (list: string): string =>
  list
    .split(/\r?\n/)
    .map((line) => (repository.test(line.trim()) ? `hf:${line.trim()}` : line))
    .join('\n')

/** Rows from what the hub made of a list or a pattern. An address is taken from the list itself: the hub gives it back without its query. */
export function rowsFrom(candidates: readonly Candidate[], list: string, mode: 'in_place' | 'copy'): BulkRow[] {
  const lines = list.split(/\r?\n/)
  const seen = new Set<string>()
  return candidates.map((candidate, position) => {
    const line = candidate.index === null ? '' : (lines[candidate.index] ?? '').replace(/(^|\s)#.*$/, '').trim()
    const given = candidate.source?.type === 'url' ? parseSourceText(line) : undefined
    const source = given !== undefined && 'source' in given ? (given.source as Source) : candidate.source
    const address = candidate.address ?? candidate.text
    const twice = seen.has(address)
    seen.add(address)
    return {
      key: `${position} ${address}`,
      label: candidate.text,
      source: source?.type === 'disk' ? { ...source, mode } : source,
      problem: candidate.problem,
      known: candidate.known,
      twice,
      take: source !== null && !twice && candidate.known.length === 0,
      name: candidate.suggestedName ?? '',
      credential: null,
      check: { state: 'waiting' },
      result: { state: 'none' },
    }
  })
}

/** Whether a row can become a job now. */
export const isOpenRow = (row: BulkRow): boolean => row.source !== null && row.result.state !== 'started'
export const isChosen = (row: BulkRow): boolean => row.take && isOpenRow(row) && !isBlocked(row)
export const isBlocked = (row: BulkRow): boolean =>
  row.check.state === 'failed' || (row.check.state === 'done' && !row.check.found.ok)
export const isChecking = (row: BulkRow): boolean =>
  row.source !== null && (row.check.state === 'waiting' || row.check.state === 'running')

export type BulkTotal = {
  chosen: number
  bytes: number
  /** Of what is chosen, bytes the store needs; what no source says is not in it. */
  needed: number
  free: number | null
  unknown: number
  checking: boolean
  badName: boolean
}

export function totalOf(rows: readonly BulkRow[]): BulkTotal {
  const chosen = rows.filter(isChosen)
  const checks = chosen.flatMap(({ check }) => (check.state === 'done' ? [check.found] : []))
  const anyFree = rows.flatMap(({ check }) => (check.state === 'done' ? [check.found.disk.freeBytes] : []))
  return {
    chosen: chosen.length,
    bytes: checks.reduce((sum, { totalBytes }) => sum + totalBytes, 0),
    needed: checks.reduce((sum, { disk }) => sum + (disk.neededBytes ?? 0), 0),
    free: anyFree.at(-1) ?? null,
    unknown: checks.filter(({ disk }) => disk.neededBytes === null).length,
    checking: rows.some((row) => row.take && isChecking(row)),
    badName: chosen.some(({ name }) => nameProblem(name) !== undefined),
  }
}

/** Names that more than one chosen row has, ignoring case as the hub does. */
export function sharedNames(rows: readonly BulkRow[]): Set<string> {
  const seen = new Map<string, number>()
  for (const { name } of rows.filter(isChosen)) seen.set(name.toLowerCase(), (seen.get(name.toLowerCase()) ?? 0) + 1)
  return new Set([...seen].flatMap(([name, times]) => (times > 1 ? [name] : [])))
}

import { setImmediate } from 'node:timers/promises'
import type { Db } from '../../../platform/db/index.ts'
import {
  antivirusOf,
  type FactsRow,
  type FindingRow,
  findingsOfScans,
  type JudgedFile,
  type JudgedVersion,
  judgeFiles,
  newestScans,
  readAntivirus,
  readFacts,
  type ScanRow,
  type StaleReason,
} from '../../verification/index.ts'
import { filesOfVersions, type JudgedBefore, type ScannedFile } from './rejudge-store.ts'

export type JudgedAgain = { version: JudgedBefore; before: ScanRow; beforeFindings: readonly FindingRow[] } & (
  | { result: 'stale'; reason: StaleReason }
  | { result: 'same' | 'changed'; judged: JudgedVersion; files: readonly ScannedFile[] }
)

/**
 * Judges versions by the present rules from what is stored of their files; opens none of them. One whose facts are another scanner's, or
 * not all there, is `stale`: it cannot be judged without its bytes.
 */
export async function judgeAgain(
  db: Db,
  versions: readonly JudgedBefore[],
  scanner: string,
  /** Whether the operator asks a virus scanner: what it gave no answer on stays incomplete. */
  withAntivirus: boolean,
  signal: AbortSignal,
): Promise<JudgedAgain[]> {
  const scans = await newestScans(
    db,
    versions.map(({ id }) => id),
  )
  const before = await findingsOfScans(
    db,
    [...scans.values()].map(({ id }) => id),
  )
  const filesBy = Map.groupBy(
    await filesOfVersions(
      db,
      versions.map(({ id }) => id),
    ),
    (file) => file.version_id,
  )
  const digests = [...filesBy.values()].flatMap((files) => files.flatMap(({ sha256 }) => sha256 ?? []))
  const facts = await readFacts(db, [...new Set(digests)], scanner)
  const said = await readAntivirus(db, [...new Set(digests)])
  const antivirus = (sha256: string | null) => antivirusOf(said.get(sha256 ?? ''), withAntivirus)
  const judged: JudgedAgain[] = []
  let sinceTurn = 0
  for (const version of versions) {
    signal.throwIfAborted()
    const scan = scans.get(version.id)
    if (scan === undefined) continue
    const files = filesBy.get(version.id) ?? []
    judged.push(await judgeOne(version, scan, before.get(scan.id) ?? [], files, { facts, antivirus }, scanner))
    sinceTurn += files.length
    if (sinceTurn < filesPerTurn) continue
    // Requests have their turn at the processor between some milliseconds of this.
    await setImmediate()
    sinceTurn = 0
  }
  return judged
}

const filesPerTurn = 20

type Known = {
  facts: ReadonlyMap<string, FactsRow>
  antivirus: (sha256: string | null) => JudgedFile['antivirus']
}

async function judgeOne(
  version: JudgedBefore,
  before: ScanRow,
  beforeFindings: readonly FindingRow[],
  files: readonly ScannedFile[],
  { facts, antivirus }: Known,
  scanner: string,
): Promise<JudgedAgain> {
  const base = { version, before, beforeFindings }
  const known = files.flatMap(({ path, size, sha256 }) => {
    const row = sha256 === null ? undefined : facts.get(sha256)
    // What text is read as depends on its name.
    if (row === undefined || (row.facts.readAs !== undefined && row.facts.readAs !== baseName(path))) return []
    return [{ path, size, facts: row.facts, isolation: row.isolation, antivirus: antivirus(sha256) }]
  })
  if (known.length < files.length || files.length === 0) {
    return { ...base, result: 'stale', reason: before.scanner === scanner ? 'facts' : 'scanner' }
  }
  const judged = await judgeFiles({ id: version.id, projectId: version.project_id }, known)
  const same =
    before.verdict === judged.scan.verdict &&
    before.scanner === judged.scan.scanner &&
    sameFindings(beforeFindings, judged.findings) &&
    sameFiles(files, judged.files)
  return { ...base, result: same ? 'same' : 'changed', judged, files }
}

const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1).toLowerCase()

type Words = Omit<FindingRow, 'id' | 'scan_id' | 'version_id' | 'ordinal'>

const wordsOf = (row: Words) =>
  JSON.stringify([
    row.rule_id,
    row.severity,
    row.cwe,
    row.message,
    row.remedy,
    row.path,
    row.member,
    row.byte_offset,
    row.evidence,
  ])

function sameFindings(a: readonly Words[], b: readonly Words[]): boolean {
  if (a.length !== b.length) return false
  const left = a.map(wordsOf).sort()
  const right = b.map(wordsOf).sort()
  return left.every((words, i) => words === right[i])
}

function sameFiles(files: readonly ScannedFile[], judged: JudgedVersion['files']): boolean {
  const by = new Map(judged.map((file) => [file.path, file]))
  return files.every(({ path, format, verdict, finding_count }) => {
    const now = by.get(path)
    return now !== undefined && now.format === format && now.verdict === verdict && now.finding_count === finding_count
  })
}

import { type Kysely, sql } from 'kysely'
import type { Severity, Verdict } from '../../../kernel/index.ts'
import type { FileFacts } from '../../../scanner/index.ts'
import type { Db, Trx } from '../../platform/db/index.ts'

export type FactsRow = {
  sha256: string
  scanner: string
  facts: FileFacts
  isolation: string[]
  /** False when the inspection was cut short (crash, limit): it is tried again next time. */
  complete: boolean
  at: Date
}

export type ScanRow = {
  id: string
  version_id: string
  project_id: string
  ruleset: string
  scanner: string
  verdict: Verdict
  counts: Record<Severity, number>
  files_examined: number
  files_total: number
  bytes_examined: number
  bytes_total: number
  isolation: string[]
  at: Date
}

export type FindingRow = {
  id: string
  scan_id: string
  version_id: string
  rule_id: string
  severity: Severity
  cwe: string | null
  message: string
  remedy: string
  path: string
  member: string | null
  byte_offset: number | null
  evidence: string | null
  ordinal: number
}

type Tables = {
  file_facts: Omit<FactsRow, 'facts'> & { facts: unknown }
  scan: Omit<ScanRow, 'counts'> & { counts: unknown }
  finding: FindingRow
}

const tables = (db: Db | Trx): Kysely<Tables> => db.withTables<Tables>() as Kysely<Tables>

const json = (value: unknown) => sql`${JSON.stringify(value)}::jsonb`

/** Facts of the bytes with these digests that this scanner version saw completely. */
export async function readFacts(
  db: Db | Trx,
  digests: readonly string[],
  scanner: string,
): Promise<Map<string, FactsRow>> {
  const found = new Map<string, FactsRow>()
  for (let i = 0; i < digests.length; i += 500) {
    const rows = await tables(db)
      .selectFrom('file_facts')
      .selectAll()
      .where('sha256', 'in', digests.slice(i, i + 500))
      .where('scanner', '=', scanner)
      .execute()
    for (const row of rows) found.set(row.sha256, row as FactsRow)
  }
  return found
}

/**
 * Keeps facts, several in one statement; of the same digest the last counts, and an inspection that was cut short never replaces a
 * complete one of the same scanner.
 */
export async function saveFacts(db: Db | Trx, rows: readonly FactsRow[]): Promise<void> {
  const distinct = [...new Map(rows.map((row) => [row.sha256, row])).values()]
  if (distinct.length === 0) return
  await tables(db)
    .insertInto('file_facts')
    .values(distinct.map((row) => ({ ...row, facts: json(row.facts) })))
    .onConflict((oc) =>
      oc
        .column('sha256')
        .doUpdateSet((eb) => ({
          scanner: eb.ref('excluded.scanner'),
          facts: eb.ref('excluded.facts'),
          isolation: eb.ref('excluded.isolation'),
          complete: eb.ref('excluded.complete'),
          at: eb.ref('excluded.at'),
        }))
        .where((eb) =>
          eb.or([
            eb('excluded.complete', '=', true),
            eb('file_facts.complete', '=', false),
            eb('file_facts.scanner', '!=', eb.ref('excluded.scanner')),
          ]),
        ),
    )
    .execute()
}

export async function insertScan(trx: Trx, scan: ScanRow, findings: readonly FindingRow[]): Promise<void> {
  await tables(trx)
    .insertInto('scan')
    .values({ ...scan, counts: json(scan.counts) })
    .execute()
  for (let i = 0; i < findings.length; i += 500) {
    await tables(trx)
      .insertInto('finding')
      .values(findings.slice(i, i + 500))
      .execute()
  }
}

export async function newestScan(db: Db | Trx, versionId: string): Promise<ScanRow | undefined> {
  return (await tables(db)
    .selectFrom('scan')
    .selectAll()
    .where('version_id', '=', versionId)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()) as ScanRow | undefined
}

/** Findings of a scan, worst first. */
export async function findingsOf(db: Db | Trx, scanId: string): Promise<FindingRow[]> {
  const rows = await tables(db)
    .selectFrom('finding')
    .selectAll()
    .where('scan_id', '=', scanId)
    .orderBy('ordinal')
    .execute()
  return rows.map((row) => ({ ...row, byte_offset: row.byte_offset === null ? null : Number(row.byte_offset) }))
}

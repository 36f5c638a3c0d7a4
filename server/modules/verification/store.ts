import { type Kysely, sql } from 'kysely'
import type { Severity, Verdict } from '../../../kernel/index.ts'
import type { FileFacts } from '../../../scanner/index.ts'
import type { Db, Trx } from '../../platform/db/index.ts'
import type { Skipped } from './skipped.ts'

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
  /** What made it: an ingest, a request to look again, or other rules. */
  trigger: 'ingest' | 'rescan' | 'ruleset'
  skipped: Skipped[]
  /** Later rules that came to the same; null: none were applied yet. */
  confirmed_ruleset: string | null
  confirmed_at: Date | null
}

/** A scan to be kept; what is left out is that of an ingest that read everything. */
export type NewScan = Omit<ScanRow, 'trigger' | 'skipped' | 'confirmed_ruleset' | 'confirmed_at'> &
  Partial<Pick<ScanRow, 'trigger' | 'skipped'>>

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
  scan: Omit<ScanRow, 'counts' | 'skipped'> & { counts: unknown; skipped: unknown }
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

export async function insertScan(trx: Trx, scan: NewScan, findings: readonly FindingRow[]): Promise<void> {
  await insertScans(trx, [scan], findings)
}

/** Several scans with all their findings, in few statements. */
export async function insertScans(trx: Trx, scans: readonly NewScan[], findings: readonly FindingRow[]): Promise<void> {
  for (let i = 0; i < scans.length; i += 500) {
    await tables(trx)
      .insertInto('scan')
      .values(
        scans.slice(i, i + 500).map((scan) => ({
          trigger: 'ingest' as const,
          ...scan,
          counts: json(scan.counts),
          skipped: json(scan.skipped ?? []),
          confirmed_ruleset: null,
          confirmed_at: null,
        })),
      )
      .execute()
  }
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
  return rows.map(withNumber)
}

const withNumber = (row: FindingRow): FindingRow => ({
  ...row,
  byte_offset: row.byte_offset === null ? null : Number(row.byte_offset),
})

/** Findings of several scans by scan, worst first. */
export async function findingsOfScans(db: Db | Trx, scanIds: readonly string[]): Promise<Map<string, FindingRow[]>> {
  const found = new Map<string, FindingRow[]>()
  for (let i = 0; i < scanIds.length; i += 500) {
    const rows = await tables(db)
      .selectFrom('finding')
      .selectAll()
      .where('scan_id', 'in', scanIds.slice(i, i + 500))
      .orderBy('scan_id')
      .orderBy('ordinal')
      .execute()
    for (const row of rows) {
      const of = found.get(row.scan_id)
      if (of === undefined) found.set(row.scan_id, [withNumber(row)])
      else of.push(withNumber(row))
    }
  }
  return found
}

/** The newest scan of each of these versions, by version. */
export async function newestScans(db: Db | Trx, versionIds: readonly string[]): Promise<Map<string, ScanRow>> {
  if (versionIds.length === 0) return new Map()
  const rows = await tables(db)
    .selectFrom('scan')
    .distinctOn('version_id')
    .selectAll()
    .where('version_id', 'in', [...versionIds])
    .orderBy('version_id')
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return new Map((rows as ScanRow[]).map((row) => [row.version_id, row]))
}

/** Notes that later rules came to the same for these scans. */
export async function confirmScans(trx: Trx, scanIds: readonly string[], ruleset: string, at: Date): Promise<void> {
  if (scanIds.length === 0) return
  await tables(trx)
    .updateTable('scan')
    .set({ confirmed_ruleset: ruleset, confirmed_at: at })
    .where('id', 'in', [...scanIds])
    .execute()
}

/** Scans of a version, newest first, `limit + 1` of them, after the one given. */
export async function pageScans(
  db: Db,
  versionId: string,
  limit: number,
  after?: { at: Date; id: string },
): Promise<ScanRow[]> {
  let query = tables(db)
    .selectFrom('scan')
    .selectAll()
    .where('version_id', '=', versionId)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (after !== undefined) {
    query = query.where((eb) =>
      eb.or([eb('at', '<', after.at), eb.and([eb('at', '=', after.at), eb('id', '<', after.id)])]),
    )
  }
  return (await query.execute()) as ScanRow[]
}

/** One scan of a version. */
export async function scanOf(db: Db, versionId: string, scanId: string): Promise<ScanRow | undefined> {
  return (await tables(db)
    .selectFrom('scan')
    .selectAll()
    .where('version_id', '=', versionId)
    .where('id', '=', scanId)
    .executeTakeFirst()) as ScanRow | undefined
}

/** Why the bytes of a version must be read again before the present rules can judge them. */
export type StaleReason = 'scanner' | 'facts'

/** Marks versions whose bytes must be read again. */
export async function markStale(
  trx: Trx,
  versions: readonly { version_id: string; project_id: string; reason: StaleReason }[],
  at: Date,
): Promise<void> {
  if (versions.length === 0) return
  await sql`
    insert into stale_scan (version_id, project_id, reason, at)
    select version_id, project_id, reason, ${at}
    from jsonb_to_recordset(${JSON.stringify(versions)}::jsonb) as p (version_id text, project_id text, reason text)
    on conflict (version_id) do update set reason = excluded.reason
  `.execute(trx)
}

export async function clearStale(trx: Trx, versionIds: readonly string[]): Promise<void> {
  if (versionIds.length === 0) return
  await sql`delete from stale_scan where version_id in (${sql.join(versionIds)})`.execute(trx)
}

/** Why the newest scan of a version does not count until its bytes are read again; null when it does. */
export async function staleReason(db: Db | Trx, versionId: string): Promise<StaleReason | null> {
  const { rows } = await sql<{ reason: StaleReason }>`
    select reason from stale_scan where version_id = ${versionId}
  `.execute(db)
  return rows[0]?.reason ?? null
}

export async function countStale(db: Db): Promise<number> {
  const { rows } = await sql<{ n: string }>`select count(*) as n from stale_scan`.execute(db)
  return Number(rows[0]?.n ?? 0)
}

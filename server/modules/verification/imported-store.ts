import { sql } from 'kysely'
import type { Db, Trx } from '../../platform/db/index.ts'

/** What a scanner elsewhere says of a version, in its own words. */
export type ImportedScanRow = {
  version_id: string
  project_id: string
  /** Who said it, such as `huggingface/protectAiScan`. */
  scanner: string
  status: string
  summary: string | null
  files: { path: string; status: string; message: string | null }[]
  files_total: number | null
  source: string
  at: Date
}

/** Who asks: the place a model comes from says what its scanners found; a virus scanner runs beside the hub. */
export type ImportedBy = 'source' | 'antivirus'

/** Keeps what is said now in place of what the same said before. */
export async function replaceImportedScans(
  trx: Trx,
  versionId: string,
  rows: readonly ImportedScanRow[],
  by: ImportedBy = 'source',
): Promise<void> {
  await sql`
    delete from imported_scan where version_id = ${versionId} and (scanner = 'clamav') = ${by === 'antivirus'}
  `.execute(trx)
  for (const row of rows) {
    await sql`
      insert into imported_scan (version_id, project_id, scanner, status, summary, files, files_total, source, at)
      values (${row.version_id}, ${row.project_id}, ${row.scanner}, ${row.status}, ${row.summary},
        ${JSON.stringify(row.files)}::jsonb, ${row.files_total}, ${row.source}, ${row.at})
    `.execute(trx)
  }
}

export async function importedScansOf(db: Db, versionId: string): Promise<ImportedScanRow[]> {
  const { rows } = await sql<ImportedScanRow>`
    select * from imported_scan where version_id = ${versionId} order by scanner
  `.execute(db)
  return rows
}

import { sql } from 'kysely'
import type { Db, Trx } from '../../../platform/db/index.ts'
import type { FileAntivirus } from './rule.ts'

export type AntivirusRow = {
  sha256: string
  scanner: 'clamav'
  engine: string | null
  /** Number of the signature database. */
  database: string | null
  database_at: Date | null
  /** `skipped`: it does not look into such a file. `failed`: it was asked and gave no answer. */
  status: 'infected' | 'clean' | 'skipped' | 'failed'
  /** What it found. */
  signature: string | null
  /** Why it was skipped or failed, one sentence. */
  why: string | null
  at: Date
}

/** What was said last of these bytes, by digest. */
export async function readAntivirus(db: Db | Trx, digests: readonly string[]): Promise<Map<string, AntivirusRow>> {
  const found = new Map<string, AntivirusRow>()
  for (let i = 0; i < digests.length; i += 500) {
    const { rows } = await sql<AntivirusRow>`
      select * from antivirus_result where sha256 in (${sql.join(digests.slice(i, i + 500))})
    `.execute(db)
    for (const row of rows) found.set(row.sha256, row)
  }
  return found
}

/** Keeps answers in place of those before. That nobody answered does not take back what was found. */
export async function saveAntivirus(db: Db, rows: readonly AntivirusRow[]): Promise<void> {
  for (let i = 0; i < rows.length; i += 500) {
    await sql`
      insert into antivirus_result (sha256, scanner, engine, database, database_at, status, signature, why, at)
      select * from jsonb_to_recordset(${JSON.stringify(rows.slice(i, i + 500))}::jsonb) as p (sha256 text, scanner text,
        engine text, database text, database_at timestamptz, status text, signature text, why text, at timestamptz)
      on conflict (sha256) do update set scanner = excluded.scanner, engine = excluded.engine, database = excluded.database,
        database_at = excluded.database_at, status = excluded.status, signature = excluded.signature, why = excluded.why,
        at = excluded.at
      where excluded.status <> 'failed' or antivirus_result.status <> 'infected'
    `.execute(db)
  }
}

/**
 * What judging a file needs of it; undefined: nothing. What was found counts whoever runs a scanner now; that it gave no answer counts
 * while the operator asks for one.
 */
export function antivirusOf(row: AntivirusRow | undefined, asked: boolean): FileAntivirus | undefined {
  if (row?.status === 'infected') {
    return { status: 'infected', signature: row.signature ?? 'something', by: byOf(row) }
  }
  return row?.status === 'failed' && asked ? { status: 'failed' } : undefined
}

/** Who says it: the engine and its signatures. */
export const byOf = ({ engine, database }: Pick<AntivirusRow, 'engine' | 'database'>): string =>
  `${engine ?? 'ClamAV'}${database === null ? '' : `, signatures ${database}`}`

import { type Kysely, sql } from 'kysely'
import type { FileFingerprint } from '../../../contract/index.ts'
import type { Verdict } from '../../../kernel/index.ts'
import type { Db, Trx } from '../../platform/db/index.ts'

export type FileRow = {
  version_id: string
  path: string
  ordinal: number
  size: number
  sha256: string | null
  stored: 'pending' | 'blob' | 'in_place'
  real_path: string | null
  fingerprint: FileFingerprint | null
  format: string | null
  format_title: string | null
  verdict: Verdict | null
  finding_count: number
}

type Tables = { version_file: Omit<FileRow, 'fingerprint'> & { fingerprint: unknown } }

const tables = (db: Db | Trx): Kysely<Tables> => db.withTables<Tables>() as Kysely<Tables>

const json = (value: unknown) => (value === null ? null : sql`${JSON.stringify(value)}::jsonb`)

/** Replaces the plan of a version; files whose path, size and fingerprint are unchanged keep what is known of them. */
export async function replaceFileRows(trx: Trx, versionId: string, rows: readonly FileRow[]): Promise<void> {
  await tables(trx).deleteFrom('version_file').where('version_id', '=', versionId).execute()
  for (let i = 0; i < rows.length; i += 500) {
    await tables(trx)
      .insertInto('version_file')
      .values(rows.slice(i, i + 500).map((row) => ({ ...row, fingerprint: json(row.fingerprint) })))
      .execute()
  }
}

/** All files of a version, in the order of the plan. */
export async function readFileRows(db: Db | Trx, versionId: string): Promise<FileRow[]> {
  const rows = await tables(db)
    .selectFrom('version_file')
    .selectAll()
    .where('version_id', '=', versionId)
    .orderBy('ordinal')
    .execute()
  return rows.map((row) => ({ ...row, size: Number(row.size) })) as FileRow[]
}

/** A page of files after the ordinal `after`, `limit + 1` of them. */
export async function pageFileRows(
  db: Db,
  versionId: string,
  limit: number,
  after: number,
): Promise<(FileRow & { shared_with: number })[]> {
  const rows = await tables(db)
    .selectFrom('version_file')
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('version_file as other')
        .select((inner) => inner.fn.count<number>('other.version_id').distinct().as('n'))
        .whereRef('other.sha256', '=', 'version_file.sha256')
        .whereRef('other.version_id', '!=', 'version_file.version_id')
        .as('shared_with'),
    )
    .where('version_id', '=', versionId)
    .where('ordinal', '>', after)
    .orderBy('ordinal')
    .limit(limit + 1)
    .execute()
  return rows.map((row) => ({
    ...row,
    size: Number(row.size),
    shared_with: Number(row.shared_with ?? 0),
  })) as (FileRow & { shared_with: number })[]
}

export async function recordDigest(
  trx: Trx,
  versionId: string,
  path: string,
  patch: Pick<FileRow, 'sha256' | 'stored' | 'real_path' | 'fingerprint'>,
): Promise<void> {
  await tables(trx)
    .updateTable('version_file')
    .set({ ...patch, fingerprint: json(patch.fingerprint) })
    .where('version_id', '=', versionId)
    .where('path', '=', path)
    .execute()
}

export async function recordFileVerdicts(
  trx: Trx,
  versionId: string,
  files: readonly Pick<FileRow, 'path' | 'format' | 'format_title' | 'verdict' | 'finding_count'>[],
): Promise<void> {
  for (const { path, ...patch } of files) {
    await tables(trx)
      .updateTable('version_file')
      .set(patch)
      .where('version_id', '=', versionId)
      .where('path', '=', path)
      .execute()
  }
}

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
  /** What the file is at a source elsewhere and must turn out to be; absent for files of this machine. */
  source_ref?: object | null
  format: string | null
  format_title: string | null
  verdict: Verdict | null
  finding_count: number
}

type Tables = {
  version_file: Omit<FileRow, 'fingerprint' | 'source_ref'> & { fingerprint: unknown; source_ref: unknown }
}

const tables = (db: Db | Trx): Kysely<Tables> => db.withTables<Tables>() as Kysely<Tables>

/** Rows of one statement: few round trips, and no statement that keeps the database to itself for long. */
const rowsPerStatement = 500

/** Removes the plan of a version. */
export async function deleteFileRows(trx: Trx, versionId: string): Promise<void> {
  await tables(trx).deleteFrom('version_file').where('version_id', '=', versionId).execute()
}

export async function setSourceRef(trx: Trx, versionId: string, path: string, ref: object): Promise<void> {
  await sql`
    update version_file set source_ref = ${JSON.stringify(ref)}::jsonb where version_id = ${versionId} and path = ${path}
  `.execute(trx)
}

export async function renameFileRow(trx: Trx, versionId: string, from: string, to: string): Promise<void> {
  await tables(trx)
    .updateTable('version_file')
    .set({ path: to })
    .where('version_id', '=', versionId)
    .where('path', '=', from)
    .execute()
}

/** Removes one file of a plan, or with `others` every file but that one. */
export async function deleteFileRow(trx: Trx, versionId: string, path: string, which: 'it' | 'others'): Promise<void> {
  await tables(trx)
    .deleteFrom('version_file')
    .where('version_id', '=', versionId)
    .where('path', which === 'it' ? '=' : '!=', path)
    .execute()
}

export async function insertFileRows(trx: Trx, rows: readonly FileRow[]): Promise<void> {
  for (let i = 0; i < rows.length; i += rowsPerStatement) {
    const part = JSON.stringify(rows.slice(i, i + rowsPerStatement))
    await sql`
      insert into version_file (version_id, path, ordinal, size, sha256, stored, real_path, fingerprint, source_ref, format,
        format_title, verdict, finding_count)
      select version_id, path, ordinal, size, sha256, stored, real_path, nullif(fingerprint, 'null'::jsonb),
        nullif(source_ref, 'null'::jsonb), format, format_title, verdict, finding_count
      from jsonb_to_recordset(${part}::jsonb)
        as r (version_id text, path text, ordinal integer, size bigint, sha256 text, stored text, real_path text,
          fingerprint jsonb, source_ref jsonb, format text, format_title text, verdict text, finding_count integer)
    `.execute(trx)
  }
}

/** Replaces the plan of a version in one transaction; for few files. */
export async function replaceFileRows(trx: Trx, versionId: string, rows: readonly FileRow[]): Promise<void> {
  await deleteFileRows(trx, versionId)
  await insertFileRows(trx, rows)
}

const rowsPerRead = 5_000

/** All files of a version, in the order of the plan. Read in parts: nothing else waits for a hundred thousand rows at once. */
export async function readFileRows(db: Db | Trx, versionId: string): Promise<FileRow[]> {
  const found: FileRow[] = []
  for (let after = -1; ; ) {
    const rows = await tables(db)
      .selectFrom('version_file')
      .selectAll()
      .where('version_id', '=', versionId)
      .where('ordinal', '>', after)
      .orderBy('ordinal')
      .limit(rowsPerRead)
      .execute()
    for (const row of rows) found.push({ ...row, size: Number(row.size) } as FileRow)
    const last = rows.at(-1)
    if (last === undefined || rows.length < rowsPerRead) return found
    after = last.ordinal
  }
}

/** One file of a version by its path. */
export async function readFileRow(db: Db | Trx, versionId: string, path: string): Promise<FileRow | undefined> {
  const row = await tables(db)
    .selectFrom('version_file')
    .selectAll()
    .where('version_id', '=', versionId)
    .where('path', '=', path)
    .executeTakeFirst()
  return row === undefined ? undefined : ({ ...row, size: Number(row.size) } as FileRow)
}

/** The files of a version that hold this format. */
export async function readFilesOfFormat(db: Db | Trx, versionId: string, format: string): Promise<FileRow[]> {
  const rows = await tables(db)
    .selectFrom('version_file')
    .selectAll()
    .where('version_id', '=', versionId)
    .where('format', '=', format)
    .orderBy('ordinal')
    .execute()
  return rows.map((row) => ({ ...row, size: Number(row.size) })) as FileRow[]
}

/** What the gates ask of the files of a version: how many, how many without a digest, how many that no inspector understood. */
export async function countFiles(
  db: Db | Trx,
  versionId: string,
): Promise<{ files: number; withoutDigest: number; incomplete: number }> {
  const row = await tables(db)
    .selectFrom('version_file')
    .select((eb) => [
      eb.fn.countAll().as('files'),
      eb.fn.countAll().filterWhere('sha256', 'is', null).as('without'),
      eb.fn.countAll().filterWhere('verdict', '=', 'incomplete').as('incomplete'),
    ])
    .where('version_id', '=', versionId)
    .executeTakeFirstOrThrow()
  return { files: Number(row.files), withoutDigest: Number(row.without), incomplete: Number(row.incomplete) }
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
    .where('version_id', '=', versionId)
    .where('ordinal', '>', after)
    .orderBy('ordinal')
    .limit(limit + 1)
    .execute()
  const shared = await countSharers(
    db,
    versionId,
    rows.flatMap((row) => row.sha256 ?? []),
  )
  return rows.map((row) => ({
    ...row,
    size: Number(row.size),
    shared_with: shared.get(row.sha256 ?? '') ?? 0,
  })) as (FileRow & { shared_with: number })[]
}

/** How many other versions hold each of these bytes. Each digest is looked up once: a version may hold the same file many times. */
async function countSharers(db: Db, versionId: string, digests: readonly string[]): Promise<Map<string, number>> {
  const distinct = [...new Set(digests)]
  if (distinct.length === 0) return new Map()
  const rows = await tables(db)
    .selectFrom('version_file')
    .select((eb) => ['sha256', eb.fn.count<number>('version_id').distinct().as('n')])
    .where('sha256', 'in', distinct)
    .where('version_id', '!=', versionId)
    .groupBy('sha256')
    .execute()
  return new Map(rows.map((row) => [row.sha256 ?? '', Number(row.n)]))
}

export type DigestPatch = Pick<FileRow, 'path' | 'sha256' | 'stored' | 'real_path' | 'fingerprint'> & {
  /** Where the plan did not know it. */
  size?: number
}

/** Records what was read of some files, in few statements. */
export async function recordDigests(trx: Trx, versionId: string, patches: readonly DigestPatch[]): Promise<void> {
  for (let i = 0; i < patches.length; i += rowsPerStatement) {
    const rows = JSON.stringify(patches.slice(i, i + rowsPerStatement))
    await sql`
      update version_file f
      set sha256 = p.sha256, stored = p.stored, real_path = p.real_path, fingerprint = nullif(p.fingerprint, 'null'::jsonb),
        size = coalesce(p.size, f.size)
      from jsonb_to_recordset(${rows}::jsonb)
        as p (path text, sha256 text, stored text, real_path text, fingerprint jsonb, size bigint)
      where f.version_id = ${versionId} and f.path = p.path
    `.execute(trx)
  }
}

export type VerdictPatch = Pick<FileRow, 'path' | 'format' | 'format_title' | 'verdict' | 'finding_count'>

/** Records what the scan says of some files, in few statements. */
export async function recordFileVerdicts(trx: Trx, versionId: string, patches: readonly VerdictPatch[]): Promise<void> {
  for (let i = 0; i < patches.length; i += rowsPerStatement) {
    const rows = JSON.stringify(patches.slice(i, i + rowsPerStatement))
    await sql`
      update version_file f
      set format = p.format, format_title = p.format_title, verdict = p.verdict, finding_count = p.finding_count
      from jsonb_to_recordset(${rows}::jsonb)
        as p (path text, format text, format_title text, verdict text, finding_count integer)
      where f.version_id = ${versionId} and f.path = p.path
    `.execute(trx)
  }
}

/** A file registered in place, where it is and what it was when it was hashed. */
export type WatchedFile = { version_id: string; ordinal: number; real_path: string; fingerprint: FileFingerprint }

/** A page of the files that published versions have in place, after this one, in the order of versions and their files. */
export async function pagePublishedInPlace(
  db: Db,
  limit: number,
  after: { version_id: string; ordinal: number } | null,
): Promise<WatchedFile[]> {
  const { rows } = await sql<WatchedFile>`
    select f.version_id, f.ordinal, f.real_path, f.fingerprint
    from version_file f join model_version v on v.id = f.version_id
    where v.state = 'published' and f.stored = 'in_place' and f.real_path is not null and f.fingerprint is not null
      and (f.version_id, f.ordinal) > (${after?.version_id ?? ''}, ${after?.ordinal ?? -1})
    order by f.version_id, f.ordinal limit ${limit}
  `.execute(db)
  return rows
}

/** Ids of the versions that hold a file with this digest. */
export async function versionsWithDigest(db: Db, sha256: string): Promise<string[]> {
  const rows = await tables(db)
    .selectFrom('version_file')
    .select('version_id')
    .distinct()
    .where('sha256', '=', sha256)
    .execute()
  return rows.map((row) => row.version_id)
}

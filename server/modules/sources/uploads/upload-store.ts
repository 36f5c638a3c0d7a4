import { sql } from 'kysely'
import type { Db, Trx } from '../../../platform/db/index.ts'

export type UploadState = 'open' | 'checking' | 'ready'

export type UploadRow = {
  id: string
  project_id: string
  name: string | null
  state: UploadState
  list_digest: string
  file_count: number
  total_bytes: number
  created_by: string
  created_by_name: string
  created_at: Date
  updated_at: Date
  expires_at: Date
  /** Bytes of all files that are flushed. */
  received_bytes: number
}

export type UploadFileRow = {
  upload_id: string
  ordinal: number
  path: string
  size: number
  /** SHA-256 that whoever sends it states. */
  stated: string | null
  /** Bytes that are flushed. */
  received: number
  /** SHA-256 of the whole file, computed here. */
  arrived: string | null
}

type NewFile = Pick<UploadFileRow, 'ordinal' | 'path' | 'size' | 'stated'>

/** Rows of one statement. */
const rowsPerStatement = 1_000

export async function insertUpload(
  trx: Trx,
  row: Omit<UploadRow, 'received_bytes'>,
  files: readonly NewFile[],
): Promise<void> {
  await sql`
    insert into upload (id, project_id, name, state, list_digest, file_count, total_bytes, created_by, created_by_name, created_at,
      updated_at, expires_at)
    values (${row.id}, ${row.project_id}, ${row.name}, ${row.state}, ${row.list_digest}, ${row.file_count}, ${row.total_bytes},
      ${row.created_by}, ${row.created_by_name}, ${row.created_at}, ${row.updated_at}, ${row.expires_at})
  `.execute(trx)
  for (let i = 0; i < files.length; i += rowsPerStatement) {
    await sql`
      insert into upload_file (upload_id, ordinal, path, size, stated)
      select ${row.id}::text, ordinal, path, size, stated
      from jsonb_to_recordset(${JSON.stringify(files.slice(i, i + rowsPerStatement))}::jsonb)
        as r (ordinal integer, path text, size bigint, stated text)
    `.execute(trx)
  }
}

const columns = sql`u.id, u.project_id, u.name, u.state, u.list_digest, u.file_count, u.total_bytes, u.created_by,
  u.created_by_name, u.created_at, u.updated_at, u.expires_at,
  (select coalesce(sum(f.received), 0) from upload_file f where f.upload_id = u.id) as received_bytes`

const toUpload = (row: UploadRow): UploadRow => ({
  ...row,
  total_bytes: Number(row.total_bytes),
  received_bytes: Number(row.received_bytes),
})

export async function findUpload(db: Db | Trx, id: string): Promise<UploadRow | undefined> {
  const { rows } = await sql<UploadRow>`select ${columns} from upload u where u.id = ${id}`.execute(db)
  return rows[0] === undefined ? undefined : toUpload(rows[0])
}

/** Newest first, `limit + 1` of them, before the id `before`. */
export async function listUploadRows(
  db: Db,
  input: { limit: number; before?: string; state?: UploadState; listDigest?: string },
): Promise<UploadRow[]> {
  const { limit, before, state, listDigest } = input
  const { rows } = await sql<UploadRow>`
    select ${columns} from upload u
    where (${before ?? null}::text is null or u.id < ${before ?? null}) and (${state ?? null}::text is null or u.state = ${state ?? null})
      and (${listDigest ?? null}::text is null or u.list_digest = ${listDigest ?? null})
    order by u.id desc limit ${limit + 1}
  `.execute(db)
  return rows.map(toUpload)
}

/** Locks an upload against what changes its state; undefined when it is gone. */
export async function lockUpload(trx: Trx, id: string): Promise<UploadRow | undefined> {
  await sql`select 1 from upload where id = ${id} for update`.execute(trx)
  return await findUpload(trx, id)
}

const toFile = (row: UploadFileRow): UploadFileRow => ({
  ...row,
  size: Number(row.size),
  received: Number(row.received),
})

export async function findUploadFile(db: Db | Trx, id: string, ordinal: number): Promise<UploadFileRow | undefined> {
  const { rows } = await sql<UploadFileRow>`
    select * from upload_file where upload_id = ${id} and ordinal = ${ordinal}
  `.execute(db)
  return rows[0] === undefined ? undefined : toFile(rows[0])
}

/** Files after an ordinal, `limit` of them. */
export async function pageUploadFiles(
  db: Db | Trx,
  id: string,
  limit: number,
  after: number,
): Promise<UploadFileRow[]> {
  const { rows } = await sql<UploadFileRow>`
    select * from upload_file where upload_id = ${id} and ordinal > ${after} order by ordinal limit ${limit}
  `.execute(db)
  return rows.map(toFile)
}

/** How many files lack bytes, and the first of them. */
export async function incompleteFiles(
  db: Db | Trx,
  id: string,
  shown: number,
): Promise<{ count: number; first: UploadFileRow[] }> {
  const { rows } = await sql<UploadFileRow & { total: number }>`
    select f.*, count(*) over () as total from upload_file f where upload_id = ${id} and received < size
    order by ordinal limit ${shown}
  `.execute(db)
  return { count: Number(rows[0]?.total ?? 0), first: rows.map(toFile) }
}

/** What was received of a file of an upload that is open. */
export type Receipt = { uploadId: string; ordinal: number; received: number; arrived: string | null }

/** Records receipts and renews their uploads; gives those whose upload is not open any more, or gone. */
export async function saveReceipts(
  trx: Trx,
  receipts: readonly Receipt[],
  at: Date,
  expiresAt: Date,
): Promise<Receipt[]> {
  const ids = [...new Set(receipts.map(({ uploadId }) => uploadId))].sort()
  const { rows } = await sql<{ id: string }>`
    select id from upload where id = any(${ids}::text[]) and state = 'open' order by id for update
  `.execute(trx)
  const open = new Set(rows.map(({ id }) => id))
  await sql`
    update upload_file f set received = r.received, arrived = r.arrived
    from jsonb_to_recordset(${JSON.stringify(receipts.filter(({ uploadId }) => open.has(uploadId)))}::jsonb)
      as r ("uploadId" text, ordinal integer, received bigint, arrived text)
    where f.upload_id = r."uploadId" and f.ordinal = r.ordinal
  `.execute(trx)
  await sql`update upload set updated_at = ${at}, expires_at = ${expiresAt} where id = any(${[...open]}::text[])`.execute(
    trx,
  )
  return receipts.filter(({ uploadId }) => !open.has(uploadId))
}

/** Records digests that are stated later; gives the ordinals of those that are stated otherwise already, or of no file. */
export async function stateDigests(
  trx: Trx,
  id: string,
  digests: readonly { ordinal: number; sha256: string }[],
): Promise<number[]> {
  const taken = new Set<number>()
  for (let i = 0; i < digests.length; i += rowsPerStatement) {
    const { rows } = await sql<{ ordinal: number }>`
      update upload_file f set stated = r.sha256
      from jsonb_to_recordset(${JSON.stringify(digests.slice(i, i + rowsPerStatement))}::jsonb) as r (ordinal integer, sha256 text)
      where f.upload_id = ${id} and f.ordinal = r.ordinal and (f.stated is null or f.stated = r.sha256)
      returning f.ordinal
    `.execute(trx)
    for (const { ordinal } of rows) taken.add(ordinal)
  }
  return digests.map(({ ordinal }) => ordinal).filter((ordinal) => !taken.has(ordinal))
}

export async function setUploadState(
  trx: Trx,
  id: string,
  state: UploadState,
  at: Date,
  expiresAt: Date,
): Promise<void> {
  await sql`update upload set state = ${state}, updated_at = ${at}, expires_at = ${expiresAt} where id = ${id}`.execute(
    trx,
  )
}

export async function recordArrived(
  trx: Trx,
  id: string,
  found: readonly { ordinal: number; sha256: string }[],
): Promise<void> {
  for (let i = 0; i < found.length; i += rowsPerStatement) {
    await sql`
      update upload_file f set arrived = r.sha256
      from jsonb_to_recordset(${JSON.stringify(found.slice(i, i + rowsPerStatement))}::jsonb) as r (ordinal integer, sha256 text)
      where f.upload_id = ${id} and f.ordinal = r.ordinal
    `.execute(trx)
  }
}

/** Forgets the bytes of files that have to be sent again. */
export async function forgetReceived(trx: Trx, id: string, ordinals: readonly number[]): Promise<void> {
  await sql`
    update upload_file set received = 0, arrived = null where upload_id = ${id} and ordinal = any(${[...ordinals]}::integer[])
  `.execute(trx)
}

/** Files whose bytes are not what was stated of them. */
export async function wrongFiles(db: Db | Trx, id: string): Promise<UploadFileRow[]> {
  const { rows } = await sql<UploadFileRow>`
    select * from upload_file where upload_id = ${id} and stated is not null and arrived is not null and stated <> arrived
    order by ordinal
  `.execute(db)
  return rows.map(toFile)
}

export async function countUploads(db: Db | Trx): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from upload`.execute(db)
  return Number(rows[0]?.n ?? 0)
}

export async function deleteUploadRow(trx: Trx, id: string): Promise<void> {
  await sql`delete from upload where id = ${id}`.execute(trx)
}

/** Uploads that may be removed: past their time, or ready and perhaps used. */
export async function uploadsToSweep(
  db: Db,
  now: Date,
): Promise<{ id: string; state: UploadState; expired: boolean }[]> {
  const { rows } = await sql<{ id: string; state: UploadState; expired: boolean }>`
    select id, state, expires_at < ${now} as expired from upload where expires_at < ${now} or state = 'ready' order by id
  `.execute(db)
  return rows
}

/** Of these ids, those of uploads that are there. */
export async function knownUploads(db: Db, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`select id from upload where id = any(${[...ids]}::text[])`.execute(db)
  return new Set(rows.map(({ id }) => id))
}

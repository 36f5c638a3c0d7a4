import { sql } from 'kysely'
import type { Db, Trx } from '../../../platform/db/index.ts'
import type { SignatureCheck, SignatureStatus } from '../signing/index.ts'

export type SignatureRow = {
  id: string
  version_id: string
  project_id: string
  origin: 'hub' | 'found' | 'given'
  /** The file of the model that holds it; null: none does. */
  path: string | null
  /** Of the manifest it was checked against. */
  digest: string
  /** JSON, as it came. */
  bundle: string
  status: SignatureStatus
  message: string
  remedy: string | null
  method: SignatureCheck['method']
  signer: {
    name: string | null
    keyId: string | null
    identity: string | null
    issuer: string | null
    expiresAt: string | null
  }
  files: number | null
  signed_at: Date | null
  checked_at: Date
}

/** The same without the document, which may be large. */
export type SignatureSummary = Omit<SignatureRow, 'bundle'>

const summary = sql.raw(
  'id, version_id, project_id, origin, path, digest, status, message, remedy, method, signer, files, signed_at, checked_at',
)

/** Keeps a signature; that of the hub and that of a file replace the one before. */
export async function saveSignature(trx: Trx, row: SignatureRow): Promise<void> {
  if (row.origin === 'hub') {
    // Of two that sign at once, the second waits and replaces what the first has made.
    await sql`select 1 from model_version where id = ${row.version_id} for update`.execute(trx)
    await sql`delete from version_signature where version_id = ${row.version_id} and origin = 'hub'`.execute(trx)
  }
  if (row.origin === 'found') {
    await sql`
      delete from version_signature where version_id = ${row.version_id} and origin = 'found' and path = ${row.path}
    `.execute(trx)
  }
  await sql`
    insert into version_signature (id, version_id, project_id, origin, path, digest, bundle, status, message, remedy, method,
      signer, files, signed_at, checked_at)
    values (${row.id}, ${row.version_id}, ${row.project_id}, ${row.origin}, ${row.path}, ${row.digest}, ${row.bundle},
      ${row.status}, ${row.message}, ${row.remedy}, ${row.method}, ${JSON.stringify(row.signer)}::jsonb, ${row.files},
      ${row.signed_at}, ${row.checked_at})
  `.execute(trx)
}

/** Forgets what was found in files before: another look begins. */
export async function deleteFoundSignatures(trx: Trx, versionId: string): Promise<void> {
  await sql`delete from version_signature where version_id = ${versionId} and origin = 'found'`.execute(trx)
}

export async function readHubSignature(db: Db, versionId: string): Promise<SignatureRow | undefined> {
  const { rows } = await sql<SignatureRow>`
    select * from version_signature where version_id = ${versionId} and origin = 'hub'
  `.execute(db)
  return rows[0]
}

/** Those that people or other hubs brought, a hundred at most. */
export async function givenSignatures(db: Db, versionId: string): Promise<SignatureRow[]> {
  const { rows } = await sql<SignatureRow>`
    select * from version_signature where version_id = ${versionId} and origin = 'given' order by id limit 100
  `.execute(db)
  return rows
}

/** Newest first, `limit + 1` of them, before the id `before`. */
export async function pageSignatures(
  db: Db,
  versionId: string,
  limit: number,
  before: string | null,
): Promise<SignatureSummary[]> {
  const { rows } = await sql<SignatureSummary>`
    select ${summary} from version_signature
    where version_id = ${versionId} and (${before}::text is null or id < ${before})
    order by id desc limit ${limit + 1}
  `.execute(db)
  return rows
}

/** Those of others, newest first: what policies judge. */
export async function othersSignatures(db: Db | Trx, versionId: string): Promise<SignatureSummary[]> {
  const { rows } = await sql<SignatureSummary>`
    select ${summary} from version_signature where version_id = ${versionId} and origin <> 'hub' order by id desc limit 100
  `.execute(db)
  return rows
}

export async function countSignatures(trx: Trx, versionId: string): Promise<number> {
  const { rows } = await sql<{ n: string }>`
    select count(*) as n from version_signature where version_id = ${versionId}
  `.execute(trx)
  return Number(rows[0]?.n ?? 0)
}

/** Signatures of others, in the order of their ids, after the id `after`: for another look when trust changed. */
export async function nextSignatures(db: Db, after: string, limit: number): Promise<SignatureRow[]> {
  const { rows } = await sql<SignatureRow>`
    select * from version_signature where origin <> 'hub' and id > ${after} order by id limit ${limit}
  `.execute(db)
  return rows
}

/** Records what another look said. */
export async function updateSignature(trx: Trx, row: SignatureRow): Promise<void> {
  await sql`
    update version_signature
    set digest = ${row.digest}, status = ${row.status}, message = ${row.message}, remedy = ${row.remedy}, method = ${row.method},
      signer = ${JSON.stringify(row.signer)}::jsonb, files = ${row.files}, signed_at = ${row.signed_at}, checked_at = ${row.checked_at}
    where id = ${row.id}
  `.execute(trx)
}

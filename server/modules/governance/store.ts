import { sql } from 'kysely'
import type { Db, Trx } from '../../platform/db/index.ts'

export type AuditRow = {
  seq: number
  id: string
  at: Date
  actor_type: 'user' | 'token' | 'system'
  actor_id: string
  actor_name: string
  action: string
  object_type: string
  object_id: string
  object_name: string | null
  project_id: string | null
  outcome: 'done' | 'denied'
  reason: string | null
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
  evidence: Record<string, unknown> | null
  request_id: string | null
  previous_hash: string
  hash: string
  /** Null in events of before there were seals. */
  seal: string | null
}

export type ApprovalRow = {
  id: string
  version_id: string
  project_id: string
  subject: 'publish' | 'findings'
  state: 'pending' | 'approved' | 'rejected'
  reason: string
  digest: string | null
  findings: string[]
  requested_by: string
  requested_by_id: string
  decided_by: string | null
  decided_by_id: string | null
  expires_at: Date | null
  created_at: Date
  decided_at: Date | null
}

type Tables = {
  audit_event: Omit<AuditRow, 'before' | 'after' | 'evidence'> & { before: unknown; after: unknown; evidence: unknown }
  audit_head: { one: boolean; seq: number; hash: string }
  approval: ApprovalRow
}

const tables = (db: Db | Trx) => db.withTables<Tables>()

/** Locks the head of the chain until the transaction ends. */
export async function lockAuditHead(trx: Trx): Promise<{ seq: number; hash: string }> {
  const row = await tables(trx).selectFrom('audit_head').select(['seq', 'hash']).forUpdate().executeTakeFirstOrThrow()
  return { seq: Number(row.seq), hash: row.hash }
}

export async function appendAuditRow(trx: Trx, row: AuditRow): Promise<void> {
  const json = (value: unknown) => (value === null ? null : sql`${JSON.stringify(value)}::jsonb`)
  await tables(trx)
    .insertInto('audit_event')
    .values({ ...row, before: json(row.before), after: json(row.after), evidence: json(row.evidence) })
    .execute()
  await tables(trx).updateTable('audit_head').set({ seq: row.seq, hash: row.hash }).execute()
}

/** Undefined only where somebody removed it behind the back of the hub. */
export async function readAuditHead(db: Db | Trx): Promise<{ seq: number; hash: string } | undefined> {
  const row = await tables(db).selectFrom('audit_head').select(['seq', 'hash']).executeTakeFirst()
  return row === undefined ? undefined : { seq: Number(row.seq), hash: row.hash }
}

/** Events after `after` in the order of the chain. */
export async function readAuditChain(db: Db | Trx, after: number, limit: number): Promise<AuditRow[]> {
  const rows = await tables(db)
    .selectFrom('audit_event')
    .selectAll()
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...row, seq: Number(row.seq) })) as AuditRow[]
}

export type AuditFilter = { object?: string; actor?: string; action?: string; before?: number; limit: number }

/** Events newest first, `limit + 1` of them. */
export async function listAuditRows(db: Db, filter: AuditFilter): Promise<AuditRow[]> {
  let query = tables(db)
    .selectFrom('audit_event')
    .selectAll()
    .orderBy('seq', 'desc')
    .limit(filter.limit + 1)
  if (filter.object !== undefined) query = query.where('object_id', '=', filter.object)
  if (filter.actor !== undefined) query = query.where('actor_id', '=', filter.actor)
  if (filter.action !== undefined) query = query.where('action', '=', filter.action)
  if (filter.before !== undefined) query = query.where('seq', '<', filter.before)
  const rows = await query.execute()
  return rows.map((row) => ({ ...row, seq: Number(row.seq) })) as AuditRow[]
}

export async function insertApproval(trx: Trx, row: ApprovalRow): Promise<void> {
  await tables(trx).insertInto('approval').values(row).execute()
}

/** Approvals newest first, `limit + 1` of them. */
export async function listApprovalRows(
  db: Db | Trx,
  filter: { versionId?: string; before?: { at: Date; id: string }; limit: number },
): Promise<ApprovalRow[]> {
  let query = tables(db)
    .selectFrom('approval')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit + 1)
  if (filter.versionId !== undefined) query = query.where('version_id', '=', filter.versionId)
  const before = filter.before
  if (before !== undefined) {
    query = query.where((eb) =>
      eb.or([eb('created_at', '<', before.at), eb.and([eb('created_at', '=', before.at), eb('id', '<', before.id)])]),
    )
  }
  return query.execute()
}

/** Decisions on a version that count now: approved, unexpired, about the present digest. */
export async function approvalsInForce(
  db: Db | Trx,
  versionId: string,
  digest: string | null,
  now: Date,
): Promise<ApprovalRow[]> {
  const rows = await tables(db)
    .selectFrom('approval')
    .selectAll()
    .where('version_id', '=', versionId)
    .where('state', '=', 'approved')
    .execute()
  return rows.filter((row) => row.digest === digest && (row.expires_at === null || row.expires_at > now))
}

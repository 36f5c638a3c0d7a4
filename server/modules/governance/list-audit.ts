import type { AuditEvent } from '../../../contract/index.ts'
import type { Db } from '../../platform/db/index.ts'
import { decodeCursor, type Page, toPage } from '../../platform/page.ts'
import { type AuditRow, listAuditRows } from './store.ts'

export type ListAuditInput = { object?: string; actor?: string; action?: string; limit: number; cursor?: string }

/** Audit events, newest first. */
export async function listAudit(db: Db, input: ListAuditInput): Promise<Page<AuditEvent>> {
  const { cursor, ...filter } = input
  const before = cursor === undefined ? undefined : decodeCursor(cursor, ['number'])[0]
  const rows = await listAuditRows(db, { ...filter, ...(before === undefined ? {} : { before }) })
  return toPage(rows, input.limit, toAuditEvent, (row) => [row.seq])
}

function toAuditEvent(row: AuditRow): AuditEvent {
  return {
    seq: row.seq,
    id: row.id,
    at: row.at.toISOString(),
    actorType: row.actor_type,
    actorId: row.actor_id,
    actorName: row.actor_name,
    action: row.action,
    objectType: row.object_type,
    objectId: row.object_id,
    objectName: row.object_name,
    projectId: row.project_id,
    outcome: row.outcome,
    reason: row.reason,
    before: row.before,
    after: row.after,
    evidence: row.evidence,
    requestId: row.request_id,
    previousHash: row.previous_hash,
    hash: row.hash,
  }
}

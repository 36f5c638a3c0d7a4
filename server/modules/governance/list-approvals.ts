import type { Approval } from '../../../contract/index.ts'
import type { Db } from '../../platform/db/index.ts'
import { decodeCursor, type Page, toPage } from '../../platform/page.ts'
import { type ApprovalRow, listApprovalRows } from './store.ts'

export type ListApprovalsInput = { versionId?: string; limit: number; cursor?: string }

/** Approvals, newest first. */
export async function listApprovals(db: Db, input: ListApprovalsInput): Promise<Page<Approval>> {
  const { cursor, ...filter } = input
  const values = cursor === undefined ? undefined : decodeCursor(cursor, ['date', 'text'])
  const before = values === undefined ? undefined : { at: values[0], id: values[1] }
  const rows = await listApprovalRows(db, { ...filter, ...(before === undefined ? {} : { before }) })
  return toPage(rows, input.limit, toApproval, (row) => [row.created_at.toISOString(), row.id])
}

export function toApproval(row: ApprovalRow): Approval {
  return {
    id: row.id,
    versionId: row.version_id,
    projectId: row.project_id,
    subject: row.subject,
    state: row.state,
    reason: row.reason,
    expiresAt: row.expires_at?.toISOString() ?? null,
    requestedBy: row.requested_by,
    decidedBy: row.decided_by,
    digest: row.digest,
    findings: row.findings,
    createdAt: row.created_at.toISOString(),
    decidedAt: row.decided_at?.toISOString() ?? null,
  }
}

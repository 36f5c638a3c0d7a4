import type { Approval } from '../../../contract/index.ts'
import type { Clock, NewId } from '../../../kernel/index.ts'
import type { Actor } from '../../platform/actor.ts'
import type { Trx } from '../../platform/db/index.ts'
import { toApproval } from './list-approvals.ts'
import { type ApprovalRow, insertApproval } from './store.ts'

export type RecordApprovalInput = {
  actor: Actor
  versionId: string
  projectId: string
  subject: Approval['subject']
  decision: 'approved' | 'rejected'
  reason: string
  digest: string | null
  /** `ruleId path` of each finding the decision covers. */
  findings: string[]
  expiresAt: Date | null
}

/** Stores a decision; the caller checks that it may be made and writes the audit event in the same transaction. */
export async function recordApproval(
  deps: { clock: Clock; newId: NewId },
  trx: Trx,
  input: RecordApprovalInput,
): Promise<Approval> {
  const now = deps.clock.date()
  const row: ApprovalRow = {
    id: deps.newId('approval'),
    version_id: input.versionId,
    project_id: input.projectId,
    subject: input.subject,
    state: input.decision,
    reason: input.reason,
    digest: input.digest,
    findings: input.findings,
    requested_by: input.actor.name,
    requested_by_id: input.actor.id,
    decided_by: input.actor.name,
    decided_by_id: input.actor.id,
    expires_at: input.expiresAt,
    created_at: now,
    decided_at: now,
  }
  await insertApproval(trx, row)
  return toApproval(row)
}

import { createHash } from 'node:crypto'
import { canonicalJson } from '../../../kernel/index.ts'
import type { AuditRow } from './store.ts'

/** Hash before the first event. */
export const genesisHash = '0'.repeat(64)

/**
 * The hash of an event: SHA-256 over the canonical JSON (RFC 8785 for our values) of everything in its row but the hash itself
 * and the seal over it, the previous event's hash included. It needs no key: whoever has an export can recompute it.
 */
export function auditHash(row: Omit<AuditRow, 'hash' | 'seal'>): string {
  return createHash('sha256')
    .update(
      canonicalJson({
        seq: Number(row.seq),
        id: row.id,
        at: row.at,
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
      }),
    )
    .digest('hex')
}

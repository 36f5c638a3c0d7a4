import type { Clock, NewId } from '../../../kernel/index.ts'
import { redact } from '../../../kernel/index.ts'
import type { WriteAudit } from '../../platform/audit.ts'
import { auditHash } from './audit-hash.ts'
import type { AuditSeal } from './audit-seal.ts'
import { type AuditRow, appendAuditRow, lockAuditHead } from './store.ts'

type Deps = {
  clock: Clock
  newId: NewId
  seal: AuditSeal
  /** Told of every event, before its transaction has ended. */
  onEvent?: () => void
}

/** The audit writer of the hub: locks the head, chains the event to it, seals it, moves the head. */
export function createWriteAudit(deps: Deps): WriteAudit {
  return async (trx, entry) => {
    const head = await lockAuditHead(trx)
    const row: Omit<AuditRow, 'hash' | 'seal'> = {
      seq: head.seq + 1,
      id: deps.newId('event'),
      at: deps.clock.date(),
      actor_type: entry.actor.type,
      actor_id: entry.actor.id,
      actor_name: entry.actor.name,
      action: entry.action,
      object_type: entry.object.type,
      object_id: entry.object.id,
      object_name: entry.object.name === undefined ? null : storable(entry.object.name),
      project_id: entry.projectId ?? null,
      outcome: entry.outcome ?? 'done',
      reason: entry.reason === undefined ? null : storable(redact(entry.reason)),
      before: asJson(entry.before),
      after: asJson(entry.after),
      evidence: asJson(entry.evidence),
      request_id: entry.actor.requestId ?? null,
      previous_hash: head.hash,
    }
    const hash = auditHash(row)
    await appendAuditRow(trx, { ...row, hash, seal: deps.seal.of(hash) })
    deps.onEvent?.()
    return { seq: row.seq, id: row.id }
  }
}

/** What the database will give back: dates as text, no undefined members, no text it cannot hold. */
function asJson(value: Record<string, unknown> | undefined): Record<string, unknown> | null {
  return value === undefined ? null : (storableJson(JSON.parse(JSON.stringify(value))) as Record<string, unknown>)
}

function storableJson(value: unknown): unknown {
  if (typeof value === 'string') return storable(value)
  if (Array.isArray(value)) return value.map(storableJson)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [storable(key), storableJson(member)]))
}

/** PostgreSQL holds neither NUL nor half a surrogate pair; an event must not fail because of what it tells of. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd')
}

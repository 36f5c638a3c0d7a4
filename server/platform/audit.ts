import type { Actor } from './actor.ts'
import type { Trx } from './db/index.ts'

/** One change or denied attempt, as a module reports it. Values must hold no secret. */
export type AuditEntry = {
  actor: Actor
  /** Object and verb, such as `version.publish`. */
  action: string
  object: { type: string; id: string; name?: string }
  projectId?: string
  outcome?: 'done' | 'denied'
  reason?: string
  before?: Record<string, unknown>
  after?: Record<string, unknown>
  evidence?: Record<string, unknown>
}

/**
 * Writes an audit event in the transaction of the change it records. It must be the transaction's last statement: it locks the
 * head of the chain. Implemented by the governance module and passed to whoever changes something.
 */
export type WriteAudit = (trx: Trx, entry: AuditEntry) => Promise<{ seq: number; id: string }>

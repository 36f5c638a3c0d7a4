import { systemActor } from '../../platform/actor.ts'
import type { WriteAudit } from '../../platform/audit.ts'
import type { Database } from '../../platform/db/index.ts'
import type { AuditAnchor } from './audit-anchor.ts'
import { readAuditChain, readAuditHead } from './store.ts'

/** A trail from before there were seals gets its first: from that event on, what lies before it cannot be rewritten either. */
export async function sealAuditTrail(deps: {
  database: Database
  audit: WriteAudit
  anchor: AuditAnchor
}): Promise<void> {
  // A hub that noted an event has sealed one: a trail without seals would then not be old but replaced, and stays as it is found.
  if ((await deps.anchor.read()) !== null) return
  const head = await readAuditHead(deps.database.db)
  if (head === undefined || head.seq === 0) return
  const [newest] = await readAuditChain(deps.database.db, head.seq - 1, 1)
  if (newest === undefined || newest.seal !== null) return
  await deps.database.transaction((trx) =>
    deps.audit(trx, {
      actor: systemActor,
      action: 'audit.seal',
      object: { type: 'audit', id: newest.id },
      after: { events: newest.seq },
    }),
  )
}

import type { HeldSnapshot } from '../snapshot/held-snapshot.ts'
import type { Spool } from '../usage/spool.ts'

export type Health = {
  /** `starting`: no snapshot yet, nothing can be answered. `degraded`: it answers, and an operator should look. */
  status: 'ok' | 'degraded' | 'starting'
  reasons: string[]
  snapshot: { version: number | null; ageMs: number | null; routes: number; keys: number }
  usage: { pending: number; dropped: number; rejected: number }
}

// Several missed pings; a restart of the control plane takes less.
const quietMs = 60_000

/** What `/healthz` tells. Counts only: it is readable without a key. */
export function readHealth(held: HeldSnapshot, spool: Spool): Health {
  const snapshot = held.current()
  const ageMs = held.ageMs()
  const reasons: string[] = []
  if (snapshot === undefined) reasons.push('No snapshot from the control plane yet.')
  else if (ageMs === undefined || ageMs > quietMs) reasons.push('The control plane has been silent for over a minute.')
  if (spool.dropped() > 0) reasons.push('Usage records were lost: the spool was full or could not be written.')
  if (spool.blocked() !== undefined) reasons.push('Usage records cannot be written to disk; they wait in memory.')
  if (spool.rejected() > 0) reasons.push('The control plane refused usage records; they are in rejected.ndjson.')
  return {
    status: snapshot === undefined ? 'starting' : reasons.length > 0 ? 'degraded' : 'ok',
    reasons,
    snapshot: {
      version: snapshot?.version ?? null,
      ageMs: ageMs === undefined ? null : Math.round(ageMs),
      routes: snapshot?.routes.size ?? 0,
      keys: snapshot?.keys.size ?? 0,
    },
    usage: { pending: spool.pending(), dropped: spool.dropped(), rejected: spool.rejected() },
  }
}

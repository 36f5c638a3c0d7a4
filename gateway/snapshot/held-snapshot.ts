import type { Clock } from '../../kernel/index.ts'
import type { Snapshot } from './build-snapshot.ts'

/** The one reference that requests read; a new snapshot becomes visible by replacing it. */
export type HeldSnapshot = {
  current: () => Snapshot | undefined
  swap: (next: Snapshot) => void
  /** Takes hashes out at once, before the snapshot that no longer has them is complete. */
  revoke: (hashes: readonly string[]) => void
  isRevoked: (hash: string) => boolean
  /** The control plane has said that the current snapshot is its newest, now or `agoMs` milliseconds ago. */
  confirm: (agoMs?: number) => void
  /** Milliseconds since the control plane last confirmed the snapshot; undefined before the first one. */
  ageMs: () => number | undefined
}

/** @param steady a clock that nobody sets: a snapshot must not grow old, or young, because the system's time was corrected */
export function holdSnapshot(steady: Clock): HeldSnapshot {
  let snapshot: Snapshot | undefined
  let confirmedAt: number | undefined
  let revoked = new Set<string>()
  return {
    current: () => snapshot,
    swap: (next) => {
      snapshot = next
      // The new snapshot has no revoked key, so the set need not grow for ever.
      revoked = new Set()
    },
    revoke: (hashes) => {
      for (const hash of hashes) if (snapshot?.keys.has(hash)) revoked.add(hash)
    },
    isRevoked: (hash) => revoked.has(hash),
    confirm: (agoMs = 0) => {
      confirmedAt = steady.now() - agoMs
    },
    ageMs: () => (confirmedAt === undefined ? undefined : steady.now() - confirmedAt),
  }
}

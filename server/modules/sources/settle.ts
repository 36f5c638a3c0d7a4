import type { FileHandle } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FileFingerprint } from '../../../contract/index.ts'

/** The coarsest step in which kernels stamp files, with room: two changes within one step get the same time. */
const stepMs = 25
/** A page that a program has mapped and written takes no new time while it waits to reach the disk, by default up to 35 s. */
const mappedMs = 60_000

/**
 * Waits until any further change of the file must give it another fingerprint: until the time step of its last change is over, and,
 * when that is recent, until pages that programs have mapped and written are on the disk, so that the next write to one is noticed.
 * Called before the bytes are read. File systems in memory never notice a write through a mapping; nothing helps there.
 */
export async function untilSettled(handle: FileHandle, fingerprint: FileFingerprint): Promise<void> {
  // The times of files come from the system's clock, so this is measured by it and not by an injected one.
  const ageMs = Date.now() - Number(BigInt(fingerprint.ctimeNs) / 1_000_000n)
  if (ageMs >= mappedMs) return
  await handle.sync().catch(() => undefined)
  // A time far in the future is that of another machine's clock; nobody can wait for it.
  if (ageMs < stepMs && ageMs > -2_000) await sleep(stepMs - ageMs)
}

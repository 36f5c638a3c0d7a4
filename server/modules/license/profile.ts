import type { PutLicenseProfile, StoredLicenseProfile } from '../../../contract/index.ts'
import type { Actor } from '../../platform/actor.ts'
import type { Db, Trx } from '../../platform/db/index.ts'
import type { LicenseDeps } from './deps.ts'
import { profileOf, readProfileRow, saveProfileRow } from './store.ts'

/** The organization profile; every field null and revision 0 when nobody has filled it in. */
export async function readProfile(db: Db | Trx): Promise<Omit<StoredLicenseProfile, 'jobId'>> {
  const row = await readProfileRow(db)
  return {
    profile: profileOf(row),
    revision: row?.revision ?? 0,
    updatedBy: row?.updated_by ?? null,
    updatedAt: row?.updated_at.toISOString() ?? null,
  }
}

/**
 * Replaces the profile; the caller sees to it that every license is judged again. A field that is left out becomes unknown. The audit
 * event is its last statement.
 */
export async function saveProfile(
  deps: LicenseDeps,
  trx: Trx,
  actor: Actor,
  input: PutLicenseProfile,
  evidence: Record<string, unknown> = {},
): Promise<void> {
  const before = await readProfileRow(trx)
  await saveProfileRow(trx, {
    profile: input.profile,
    revision: (before?.revision ?? 0) + 1,
    updated_by: actor.name,
    updated_at: deps.clock.date(),
  })
  await deps.audit(trx, {
    actor,
    action: 'license_profile.update',
    object: { type: 'license_profile', id: 'organization' },
    ...(input.reason === undefined ? {} : { reason: input.reason }),
    ...(before === undefined ? {} : { before: { ...before.profile } }),
    after: { ...input.profile },
    evidence,
  })
}

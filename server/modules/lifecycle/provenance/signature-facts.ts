import type { VersionFacts } from '../../../../contract/index.ts'
import type { Db, Trx } from '../../../platform/db/index.ts'
import { othersSignatures, type SignatureStatus } from '../../verification/index.ts'

/** A signature that says other bytes is told before one that nobody could check. */
const order: readonly SignatureStatus[] = [
  'changed_file',
  'removed_file',
  'added_file',
  'signature_wrong',
  'signer_not_allowed',
  'expired_signer',
  'unknown_signer',
  'not_verifiable',
  'malformed',
]

/** What signatures of the publisher say at this time. The hub's own says nothing about where files come from, so it does not count. */
export async function signatureFacts(db: Db | Trx, versionId: string, now: Date): Promise<VersionFacts['signature']> {
  const rows = (await othersSignatures(db, versionId)).map((row) => {
    const { expiresAt } = row.signer
    // Trust that ended since; what a proved time shows to be signed before it ended stays good.
    const ended =
      row.status === 'verified' && row.signed_at === null && expiresAt !== null && new Date(expiresAt) <= now
    return ended ? { ...row, status: 'expired_signer' as const } : row
  })
  const verified = rows.find(({ status }) => status === 'verified')
  const worst = order.flatMap((status) => rows.find((row) => row.status === status) ?? [])[0]
  const told = verified ?? worst
  return {
    signed: rows.length > 0,
    verified: verified !== undefined,
    status: told?.status ?? null,
    signer: told?.signer.name ?? told?.signer.identity ?? null,
    message: told === undefined ? null : told.message,
  }
}

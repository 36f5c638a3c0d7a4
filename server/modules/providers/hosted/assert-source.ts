import { invalid } from '../../../../kernel/index.ts'
import type { Db, Trx } from '../../../platform/db/index.ts'
import { noCredential } from '../credentials/read-credential.ts'
import { type CredentialRow, findCredential, lockCredential } from '../credentials/store.ts'
import { assertKind } from '../offerings/sync-provider.ts'
import { type HostedSource, hostedVendor, needsCredential } from './hosted-vendor.ts'

/**
 * Refuses a source that nothing here could call: a provider without a definition, a credential that is missing, gone or of another
 * provider. Nothing is asked elsewhere. Throws `invalid`, `not_found`.
 */
export async function assertHostedSource(db: Db | Trx, source: HostedSource): Promise<CredentialRow | null> {
  const vendor = hostedVendor(source.provider)
  if (source.credential === undefined) {
    if (!needsCredential(vendor)) return null
    throw invalid(
      'credential_needed',
      `${vendor.title} is not called without a credential.`,
      `Choose one of the stored credentials for ${vendor.title}, or store one first (Settings, Credentials; \`modelhub credentials create\`).`,
    )
  }
  const row = await findCredential(db, source.credential)
  if (row === undefined) throw noCredential(source.credential)
  assertKind(row.kind, vendor.kind)
  return row
}

/** Keeps the credential of a new version from being deleted before the version is there. Throws `not_found`. */
export async function holdCredential(trx: Trx, id: string): Promise<void> {
  if ((await lockCredential(trx, id)) === undefined) throw noCredential(id)
}

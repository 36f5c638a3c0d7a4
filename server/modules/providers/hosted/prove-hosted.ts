import type { CredentialTest } from '../../../../contract/index.ts'
import type { Actor } from '../../../platform/actor.ts'
import { testCredential } from '../credentials/manage-credentials.ts'
import { readCredential } from '../credentials/read-credential.ts'
import { testFields } from '../credentials/test-fields.ts'
import type { ProviderDeps } from '../deps.ts'
import { assertHostedSource } from './assert-source.ts'
import { fieldsFor, type HostedSource, hostedVendor } from './hosted-vendor.ts'

/**
 * Asks the provider whether the credential of a source holds, for the region of the source. With an actor the result is kept with the
 * credential. Null: no credential is needed and none was given. Throws like `assertHostedSource`.
 */
export async function proveHosted(
  deps: ProviderDeps,
  source: HostedSource,
  actor: Actor | null,
  signal?: AbortSignal,
): Promise<CredentialTest | null> {
  await assertHostedSource(deps.database.db, source)
  if (source.credential === undefined) return null
  const vendor = hostedVendor(source.provider)
  const { fields } = await readCredential(deps, source.credential)
  const asked = fieldsFor(vendor, fields, source.region)
  const elsewhere = vendor.regionField !== undefined && asked[vendor.regionField] !== fields[vendor.regionField]
  // What holds in another region than the credential's own says nothing of the credential as it is stored.
  if (actor === null || elsewhere) return testFields(deps, vendor, asked, signal)
  return (await testCredential(deps, actor, source.credential, signal)).lastTest
}

import type { CredentialTest } from '../../../../contract/index.ts'
import { HubError, invalid } from '../../../../kernel/index.ts'
import type { ProviderDeps } from '../deps.ts'
import type { Vendor } from '../vendor.ts'
import { connect } from '../wire/connection.ts'
import { prove } from '../wire/prove.ts'

/** Asks the provider whether these values hold. What goes wrong is the result, not an error; a cancelled test throws. */
export async function testFields(
  deps: Pick<ProviderDeps, 'net' | 'clock' | 'providerTimeoutMs' | 'bases'>,
  vendor: Vendor,
  fields: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<CredentialTest> {
  const at = deps.clock.date().toISOString()
  try {
    await prove(connect(deps, vendor, fields, signal))
    return {
      at,
      ok: true,
      code: 'ok',
      message: `${vendor.title} accepts it: it answered ${vendor.proof.says}.`,
      remedy: null,
    }
  } catch (error) {
    signal?.throwIfAborted()
    if (!(error instanceof HubError)) throw error
    const said = error.details?.['said']
    const message = typeof said === 'string' ? `${error.message} It says: ${said}` : error.message
    return { at, ok: false, code: error.code, message, remedy: error.remedy ?? null }
  }
}

/** Throws `invalid` `credential_not_proved` for a failed test that is not to be saved anyway. */
export function assertProved(test: CredentialTest, force: boolean): void {
  if (test.ok || force) return
  throw invalid(
    'credential_not_proved',
    test.message,
    `${test.remedy ?? 'Correct it.'} To save it all the same, set force.`,
    { details: { test } },
  )
}

import type { Capability, Offering, OfferingProbe } from '../../../../contract/index.ts'
import { HubError } from '../../../../kernel/index.ts'
import type { Actor } from '../../../platform/actor.ts'
import { readCredential } from '../credentials/read-credential.ts'
import type { ProviderDeps } from '../deps.ts'
import { fieldsFor } from '../hosted/hosted-vendor.ts'
import { vendors } from '../vendors/index.ts'
import { askOneToken, taskOf } from '../wire/ask-one-token.ts'
import { connect } from '../wire/connection.ts'
import { tryCapability } from '../wire/try-capability.ts'
import { getOffering, mustFindOffering } from './read-offerings.ts'
import { effective } from './said.ts'
import { keyOf, writeProbe } from './store.ts'
import { assertKind } from './sync-provider.ts'

/**
 * Asks an offering for one token with a credential and tries what else is asked for. That it does not answer is the result, not an
 * error. Throws `invalid` for a provider without a definition or a credential of another kind.
 */
export async function probeOffering(
  deps: ProviderDeps,
  actor: Actor,
  input: { id: string; credentialId: string | null; region?: string | undefined; capabilities: readonly Capability[] },
  signal?: AbortSignal,
): Promise<Offering> {
  const row = await mustFindOffering(deps.database.db, input.id)
  const vendor = vendors.get(row.provider)
  const credential = input.credentialId === null ? null : await readCredential(deps, input.credentialId)
  if (credential !== null) assertKind(credential.kind, vendor.kind)
  const connection = connect(deps, vendor, fieldsFor(vendor, credential?.fields ?? {}, input.region), signal)
  const probe: OfferingProbe = {
    at: deps.clock.date().toISOString(),
    credentialId: input.credentialId,
    live: false,
    ms: null,
    code: 'ok',
    message: `${row.model} answers.`,
    ...keptCapabilities(row.probe, input),
  }
  try {
    const task = taskOf(row.model, effective(row).endpoints)
    probe.ms = await askOneToken(connection, row.model, task)
    probe.live = true
    // One after the other: a limit of the account must not look like a missing capability.
    for (const capability of task === 'chat' ? new Set(input.capabilities) : []) {
      probe.capabilities[capability] = await tryCapability(connection, row.model, capability)
      probe.capabilitiesAt = probe.at
    }
  } catch (error) {
    signal?.throwIfAborted()
    if (!(error instanceof HubError)) throw error
    if (!probe.live) {
      const said = error.details?.['said']
      probe.code = error.code
      probe.message = typeof said === 'string' ? `${error.message} It says: ${said}` : error.message
    }
  }
  await deps.database.transaction(async (trx) => {
    await writeProbe(trx, row.id, probe, deps.clock.date())
    await deps.audit(trx, {
      actor,
      action: 'offering.probe',
      object: { type: 'offering', id: row.id, name: keyOf(row) },
      after: { live: probe.live, code: probe.code, ...probe.capabilities },
    })
  })
  return getOffering(deps, row.id)
}

/** A probe that asks for one token only says nothing new of what the same credential was found to be able to do. */
function keptCapabilities(
  before: OfferingProbe | null,
  input: { credentialId: string | null; capabilities: readonly Capability[] },
): Pick<OfferingProbe, 'capabilities' | 'capabilitiesAt'> {
  return before !== null && input.capabilities.length === 0 && before.credentialId === input.credentialId
    ? { capabilities: before.capabilities, capabilitiesAt: before.capabilitiesAt }
    : { capabilities: { streaming: null, tools: null, json: null, vision: null }, capabilitiesAt: null }
}

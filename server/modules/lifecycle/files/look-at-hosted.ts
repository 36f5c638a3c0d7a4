import type { CloudSource, CredentialTest, HostedCheck, Offering, SourceNote } from '../../../../contract/index.ts'
import {
  assertHostedSource,
  findOfferingOf,
  gatewayReach,
  hostedVendor,
  needsCredential,
  passesByItself,
  probedEndpoint,
  proveHosted,
  providerTitle,
} from '../../providers/index.ts'
import { providersOf } from '../hosted/source.ts'
import { usesOfOffering } from '../hosted/uses.ts'
import { blockerOf, type CheckDeps, type Look } from './look.ts'

/**
 * Looks at a model that a provider hosts: the credential is proved by the provider, what is known of the offering comes from the hub.
 * Nothing is kept, and no token of the model is asked for but where that alone proves the key.
 */
export async function lookAtHosted(
  deps: CheckDeps,
  source: CloudSource,
  onNote: (note: SourceNote) => void,
  signal?: AbortSignal,
): Promise<Look> {
  const offering = await findOfferingOf(deps, source)
  const credential = await lookAtCredential(deps, source, onNote, signal)
  const gateway = gatewayReach(source.provider, offering?.endpoints)
  noteOffering(source, offering, onNote)
  if (gateway.reason !== null && credential.defined) onNote({ level: 'doubt', message: gateway.reason })
  onNote({ level: 'fact', message: 'There are no files: a scan does not apply to what a provider hosts.' })
  const uses = usesOfOffering(offering, probedEndpoint(source.model, offering?.endpoints))
  const { defined: _defined, ...checked } = credential
  return {
    fileCount: 0,
    totalBytes: 0,
    files: [],
    license: null,
    modality: uses.modality,
    described: uses,
    neededBytes: 0,
    alreadyStoredBytes: 0,
    remote: null,
    hosted: {
      provider: source.provider,
      providerTitle: offering?.providerTitle ?? providerTitle(source.provider),
      model: source.model,
      region: source.region ?? null,
      unlisted: offering === null || offering.unlisted,
      offering,
      credential: checked,
      gateway,
    },
  }
}

async function lookAtCredential(
  deps: CheckDeps,
  source: CloudSource,
  onNote: (note: SourceNote) => void,
  signal: AbortSignal | undefined,
): Promise<HostedCheck['credential'] & { defined: boolean }> {
  const found = { needed: true, id: source.credential ?? null, name: null, test: null }
  let defined = false
  try {
    const vendor = hostedVendor(source.provider)
    defined = true
    found.needed = needsCredential(vendor)
    if (source.region !== undefined && vendor.regionField === undefined) {
      onNote({
        level: 'doubt',
        message: `${vendor.title} has no regions that a call could choose; the region is kept as a remark.`,
      })
    }
    const row = await assertHostedSource(deps.database.db, source)
    const test = await proveHosted(providersOf(deps), source, null, signal)
    if (test !== null) noteTest(test, onNote)
    return { ...found, defined, name: row?.name ?? null, test }
  } catch (error) {
    signal?.throwIfAborted()
    onNote(blockerOf(error))
    return { ...found, defined }
  }
}

function noteTest(test: CredentialTest, onNote: (note: SourceNote) => void): void {
  const { ok, code, message, remedy } = test
  // Onboarding asks again and again for a while; what a person must put right stands in the way.
  const level = ok ? 'fact' : passesByItself(code) ? 'doubt' : 'blocker'
  onNote({ level, message, ...(ok ? {} : { code }), ...(remedy === null ? {} : { remedy }) })
}

function noteOffering(source: CloudSource, offering: Offering | null, onNote: (note: SourceNote) => void): void {
  const title = offering?.providerTitle ?? providerTitle(source.provider)
  if (offering === null || offering.unlisted) {
    onNote({
      level: 'doubt',
      message: `${source.model} is unlisted: no catalog and no list of ${title} that the hub has seen names it.`,
      remedy: 'Check the id, or synchronize the provider. It can be registered all the same.',
    })
  }
  if (offering === null) return
  if (offering.visible === false) {
    onNote({
      level: 'doubt',
      message: `The list of ${title} did not show ${source.model} the last time.`,
      remedy: 'The account may have lost the right to use it.',
    })
  }
  const { deprecation, regions, price } = offering
  if (deprecation !== null) {
    onNote({
      level: 'doubt',
      message: `${source.model} is deprecated${deprecation.date === null ? '' : ` and ends on ${deprecation.date}`}.`,
      ...(deprecation.replacement === null ? {} : { remedy: `Use ${deprecation.replacement}.` }),
    })
  }
  if (source.region !== undefined && regions !== null && !regions.includes(source.region)) {
    onNote({
      level: 'doubt',
      message: `What is known of ${source.model} names the regions ${regions.slice(0, 10).join(', ')}, not ${source.region}.`,
    })
  }
  if (price.input === null && price.output === null) {
    onNote({
      level: 'doubt',
      message: 'Its price is not known, so the cost of calls cannot be told.',
      remedy: 'State it under Settings, Offerings, or register without it.',
    })
  }
}

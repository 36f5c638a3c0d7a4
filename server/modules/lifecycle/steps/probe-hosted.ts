import type { EndpointKind, StateReason } from '../../../../contract/index.ts'
import { getVersion } from '../../catalog/index.ts'
import { failureRemedy, nameOffering, probedEndpoint, probeOffering } from '../../providers/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { cloudSourceOf, providersOf } from '../hosted/source.ts'
import type { OnboardContext } from '../onboard-context.ts'
import { refusalOf } from './prove.ts'

export type ProbeHostedOutput = {
  offeringId: string | null
  /** `silent`: there is no short request for such a model; the proof of the credential has to do. */
  probe: 'answered' | 'silent' | 'refused' | 'not_tried'
  endpoint: EndpointKind | null
  ms: number | null
  at: string | null
  refusal: StateReason | null
}

/** Asks the model for one token, or for the embedding of one word: it is there and answers this credential. */
export async function probeHosted(
  deps: LifecycleDeps,
  ctx: OnboardContext,
  isProved: boolean,
): Promise<ProbeHostedOutput> {
  const version = await getVersion(deps.database.db, ctx.versionId)
  const source = cloudSourceOf(version)
  const nothing = { offeringId: null, endpoint: null, ms: null, at: null, refusal: null }
  if (source === null) return { ...nothing, probe: 'not_tried' }
  const providers = providersOf(deps)
  // What no list has is named by this registration.
  const { id } = await nameOffering(providers, ctx.actor, { provider: source.provider, model: source.model })
  if (!isProved) return { ...nothing, offeringId: id, probe: 'not_tried' }
  ctx.progress({ message: `Asking ${source.model} for one token` })
  const asked = { id, credentialId: source.credential ?? null, region: source.region, capabilities: [] }
  const { probe, endpoints } = await probeOffering(providers, ctx.actor, asked, ctx.signal)
  if (probe === null) return { ...nothing, offeringId: id, probe: 'not_tried' }
  ctx.log(probe.live ? 'info' : 'warn', probe.message)
  const found = { offeringId: id, at: probe.at }
  if (probe.code === 'not_probeable') return { ...nothing, ...found, probe: 'silent' }
  if (!probe.live) {
    const { code, message } = probe
    const refusal = refusalOf({
      code,
      message,
      remedy: failureRemedy(code) ?? 'See what the provider says, then retry.',
    })
    return { ...nothing, ...found, probe: 'refused', refusal }
  }
  const endpoint = probedEndpoint(source.model, endpoints)
  return { ...nothing, ...found, probe: 'answered', endpoint, ms: probe.ms }
}

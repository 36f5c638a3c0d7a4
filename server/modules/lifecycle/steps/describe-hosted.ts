import type { Metadata } from '../../../../contract/index.ts'
import { conflict } from '../../../../kernel/index.ts'
import {
  getModel,
  getVersion,
  givenKeys,
  givenModality,
  type HostedIdentity,
  type NamedVersionRow,
  patchVersion,
} from '../../catalog/index.ts'
import {
  apiOf,
  fieldsFor,
  getOffering,
  hostedVendor,
  providerTitle,
  readCredentialStates,
  regionOf,
} from '../../providers/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { modalityConflict } from '../files/description/modality-conflict.ts'
import { cloudSourceOf, providersOf } from '../hosted/source.ts'
import { metadataOfOffering, usesOfOffering } from '../hosted/uses.ts'
import type { OnboardContext } from '../onboard-context.ts'
import type { ProbeHostedOutput } from './probe-hosted.ts'
import { wasVerified } from './write-plan.ts'

/**
 * Records what is known of the offering, each value with who says so and when, and, once it has answered, what the version is:
 * there are no bytes to name it by. Throws `conflict` `upstream_moved` when a version that was verified answers elsewhere now.
 */
export async function describeHosted(
  deps: LifecycleDeps,
  ctx: OnboardContext,
  probed: ProbeHostedOutput,
): Promise<{ keys: string[]; contradictions: string[] }> {
  const version = await getVersion(deps.database.db, ctx.versionId)
  const source = cloudSourceOf(version)
  if (source === null || probed.offeringId === null) return { keys: [], contradictions: [] }
  const at = deps.clock.date().toISOString()
  const offering = await getOffering(providersOf(deps), probed.offeringId)
  const uses = usesOfOffering(offering, probed.endpoint)
  const title = providerTitle(source.provider)
  const model = await getModel(deps.database.db, version.model_id)
  const given = model.modality === uses.modality ? null : givenModality(version.metadata)
  const conflicts = modalityConflict(given, uses, 'the provider says')
  const contradictions = conflicts === null ? [] : [conflicts.message]
  for (const sentence of contradictions) ctx.log('warn', sentence)
  const metadata: Metadata = {
    ...metadataOfOffering(offering),
    ...(probed.ms === null || probed.at === null
      ? {}
      : { probeMs: { value: probed.ms, origin: 'measured', source: `one token asked of ${title}`, at: probed.at } }),
    ...Object.fromEntries(
      Object.entries(version.metadata).filter(([key, { origin }]) => origin === 'human' && givenKeys.has(key)),
    ),
    ...(contradictions.length === 0
      ? {}
      : { contradictions: { value: contradictions, origin: 'derived', source: `facts of ${title}`, at } }),
  }
  const answered = probed.probe === 'answered' || probed.probe === 'silent'
  const hosted = answered ? await identify(deps, version, probed.offeringId) : version.hosted
  await ctx.tx((trx) =>
    patchVersion(
      trx,
      version.id,
      {
        metadata,
        tasks: uses.tasks,
        endpoints: uses.endpoints,
        modality: uses.modality ?? version.modality,
        hosted,
        license: { status: 'unknown', tag: null, file: null, label: 'Unknown' },
        engine_reason: {
          code: 'hosted',
          message: `${title} hosts it: no engine here runs it, and what a provider hosts is not measured here.`,
        },
      },
      deps.clock.date(),
    ),
  )
  return { keys: Object.keys(metadata), contradictions }
}

/** Region, address and the day of the first answer. What was verified once keeps them. */
async function identify(deps: LifecycleDeps, version: NamedVersionRow, offeringId: string): Promise<HostedIdentity> {
  const source = cloudSourceOf(version)
  const vendor = hostedVendor(source?.provider ?? '')
  const id = source?.credential
  const stored = id === undefined ? {} : ((await readCredentialStates(deps.database.db, [id])).get(id)?.fields ?? {})
  const fields = fieldsFor(vendor, stored, source?.region)
  const found: HostedIdentity = {
    region: regionOf(vendor, fields, source?.region),
    api: apiOf(vendor, fields),
    date: deps.clock.date().toISOString().slice(0, 10),
    offeringId,
  }
  const before = version.hosted
  if (before === null || !wasVerified(version)) return found
  if (before.api === found.api && before.region === found.region) return before
  throw conflict(
    'upstream_moved',
    `The credential leads to ${found.api} now; what was verified answered at ${before.api}.`,
    'Rotate the credential back to that address, or register the model anew.',
    { details: { before, found } },
  )
}

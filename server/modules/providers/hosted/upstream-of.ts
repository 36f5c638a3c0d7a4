import { type StateReason, UpstreamSpec } from '../../../../contract/index.ts'
import { HubError } from '../../../../kernel/index.ts'
import type { Db } from '../../../platform/db/index.ts'
import { openFields } from '../credentials/read-credential.ts'
import { type CredentialRow, findCredentials } from '../credentials/store.ts'
import type { Vendor } from '../vendor.ts'
import { vendors } from '../vendors/index.ts'
import { fill } from '../wire/fill.ts'
import { apiOf, fieldsFor, type HostedSource } from './hosted-vendor.ts'

/**
 * Bounds of one call in milliseconds. A whole answer of a model that reasons may take minutes before its first byte, so that only a
 * caller who hangs up ends it earlier; silence within a stream is bounded more tightly.
 */
const bounds = { connectTimeoutMs: 3_000, firstByteTimeoutMs: 600_000, idleTimeoutMs: 300_000 }

export type Upstream = { spec: UpstreamSpec } | { reason: StateReason }

/** A hosted model that is to be called. `api` is the address that it was linked at; another one is not what was verified. */
export type Called = { source: HostedSource; api: string | null }

/**
 * What gateways are told of hosted models, in the order given. Credentials are read together: many models share one, and a rotation
 * must not wait for a question for each of them.
 */
export async function upstreamsOf(
  deps: { db: Db; secretKeys: readonly Uint8Array[] },
  called: readonly Called[],
): Promise<Upstream[]> {
  const ids = [...new Set(called.flatMap(({ source }) => source.credential ?? []))]
  const rows = ids.length === 0 ? [] : await findCredentials(deps.db, ids)
  const byId = new Map(rows.map((row) => [row.id, row]))
  return called.map((each) => upstreamOf(deps, each, byId.get(each.source.credential ?? '') ?? null))
}

/**
 * What the gateway is told of a hosted model: address, headers with the credential in clear, the provider's model id. Not noted as a
 * use of the credential: nothing is called.
 */
function upstreamOf(
  deps: { secretKeys: readonly Uint8Array[] },
  { source, api }: Called,
  row: CredentialRow | null,
): Upstream {
  const problem = upstreamProblem(source, api, row)
  const vendor = vendors.find(source.provider)
  if (problem !== null || vendor === undefined) return { reason: problem ?? gone(source.provider) }
  let fields: Readonly<Record<string, string>>
  try {
    fields = fieldsFor(vendor, row === null ? {} : openFields(deps, row), source.region)
  } catch (error) {
    if (!(error instanceof HubError)) throw error
    return { reason: reasonOf(error) }
  }
  const upstream = {
    provider: vendor.kind,
    title: vendor.title,
    baseUrl: apiOf(vendor, fields),
    model: source.model,
    headers: headersOf(vendor, fields),
    secrets: Object.entries(vendor.fields).flatMap(([name, { secret }]) => (secret ? (fields[name] ?? []) : [])),
    ...bounds,
  }
  // One target that breaks the contract would cost the gateways the whole snapshot.
  const checked = UpstreamSpec.safeParse(upstream)
  if (checked.success) return { spec: checked.data }
  return {
    reason: {
      code: 'upstream_not_callable',
      message: `The address or the credential of ${vendor.title} has a shape that no request can carry.`,
      remedy: 'Rotate the credential with values that fit.',
    },
  }
}

/** Why a hosted model cannot be called, from what is not secret; null when nothing is in the way. */
export function upstreamProblem(
  source: HostedSource,
  api: string | null,
  credential: Pick<CredentialRow, 'fields'> | null,
): StateReason | null {
  const vendor = vendors.find(source.provider)
  if (vendor === undefined) return gone(source.provider)
  if (source.credential !== undefined && credential === null) {
    return {
      code: 'credential_not_found',
      message: 'The credential of this version is gone.',
      remedy: 'Register the model again with another credential.',
    }
  }
  try {
    const now = apiOf(vendor, fieldsFor(vendor, credential?.fields ?? {}, source.region))
    if (api === null || api === now) return null
    return {
      code: 'upstream_moved',
      message: `The credential leads to ${now} now; what was verified answered at ${api}.`,
      remedy: 'Rotate the credential back to that address, or register the model anew.',
    }
  } catch (error) {
    if (!(error instanceof HubError)) throw error
    return reasonOf(error)
  }
}

/** Headers in lower case, the credential among them. */
function headersOf(vendor: Vendor, fields: Readonly<Record<string, string>>): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(vendor.headers ?? {})) headers[name.toLowerCase()] = fill(value, fields)
  const { auth } = vendor
  const secret = auth.type === 'bearer' || auth.type === 'header' ? fields[auth.field] : undefined
  if (auth.type === 'bearer' && secret !== undefined) headers['authorization'] = `Bearer ${secret}`
  if (auth.type === 'header' && secret !== undefined) headers[auth.name.toLowerCase()] = secret
  return headers
}

const gone = (provider: string): StateReason => ({
  code: 'provider_not_defined',
  message: `This hub has no definition of the provider ${provider} any more.`,
})

const reasonOf = ({ code, message, remedy }: HubError): StateReason => ({
  code,
  message,
  ...(remedy === undefined ? {} : { remedy }),
})

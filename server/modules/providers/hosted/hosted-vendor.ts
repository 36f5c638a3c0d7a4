import type { CloudSource, GatewayReach } from '../../../../contract/index.ts'
import { invalid } from '../../../../kernel/index.ts'
import type { Vendor } from '../vendor.ts'
import { vendors } from '../vendors/index.ts'
import { fill } from '../wire/fill.ts'

/** What a hosted model is called by: the source without its type. */
export type HostedSource = Pick<CloudSource, 'provider' | 'model' | 'region' | 'credential'>

/** The definition of a provider whose models can be registered. Throws `invalid` for what nothing here can call. */
export function hostedVendor(provider: string): Vendor {
  const vendor = vendors.find(provider)
  if (vendor === undefined) {
    throw invalid(
      'provider_not_defined',
      `The hub has no definition of the provider ${provider}, so it cannot call its models.`,
      'If it speaks the OpenAI dialect, store its address and key as a credential of the kind openai-compatible, and register cloud:openai-compatible/<model>.',
    )
  }
  if (vendor.list === null || vendor.dialect === null) {
    throw invalid('provider_lists_nothing', `${vendor.title} sells no models.`, 'Its token is for sources of files.')
  }
  return vendor
}

/** What people call a provider. */
export const providerTitle = (provider: string): string => vendors.find(provider)?.title ?? provider

/** Whether a call needs any value of a credential. */
export const needsCredential = (vendor: Vendor): boolean =>
  Object.values(vendor.fields).some(({ required }) => required !== false)

/** Values of a credential for the region of a source: the source's own comes before that of the credential. */
export function fieldsFor(
  vendor: Vendor,
  fields: Readonly<Record<string, string>>,
  region: string | undefined,
): Readonly<Record<string, string>> {
  return vendor.regionField === undefined || region === undefined ? fields : { ...fields, [vendor.regionField]: region }
}

/** The region of a source: its own, or that of the credential; null: nobody chose one. */
export function regionOf(
  vendor: Vendor,
  fields: Readonly<Record<string, string>>,
  region: string | undefined,
): string | null {
  return region ?? (vendor.regionField === undefined ? null : (fields[vendor.regionField] ?? null))
}

/** The base address that these values lead to; only what is not secret may be in it. Throws `internal` when one is missing. */
export const apiOf = (vendor: Vendor, fields: Readonly<Record<string, string>>): string => fill(vendor.base, fields)

/** What the gateway forwards. */
const forwarded = ['chat.completions', 'completions', 'embeddings']

/** Whether callers of the gateway can reach models of a provider; `endpoints` of the model where they are known. */
export function gatewayReach(provider: string, endpoints: readonly string[] | null | undefined): GatewayReach {
  const vendor = vendors.find(provider)
  if (vendor?.dialect !== ('openai' satisfies Vendor['dialect'])) {
    return {
      speaks: false,
      reason: `The gateway does not speak the dialect of ${vendor?.title ?? provider} yet: publishing makes no route, and applications go on calling the provider themselves.`,
    }
  }
  if (endpoints != null && endpoints.length > 0 && !endpoints.some((endpoint) => forwarded.includes(endpoint))) {
    return {
      speaks: false,
      reason: `The model answers ${endpoints.join(', ')}, which the gateway does not forward: publishing makes no route.`,
    }
  }
  return { speaks: true, reason: null }
}

/** The name that a deployment at a provider has in place of an engine. */
export const providerEngine = (provider: string): string => `provider:${provider}`

/** Whether a deployment calls a provider. */
export const isProviderEngine = (engine: string): boolean => engine.startsWith('provider:')

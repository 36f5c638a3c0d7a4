/** Providers: how to reach them, credentials, what they sell. */
export {
  createCredential,
  deleteCredential,
  getCredential,
  listCredentials,
  renameCredential,
  rotateCredential,
  testCredential,
} from './credentials/manage-credentials.ts'
export { readCredential } from './credentials/read-credential.ts'
export { touchCredentialsOf } from './credentials/store.ts'
export { type CredentialUses, createCredentialUses } from './credentials/uses.ts'
export type { CredentialDeps, ProviderDeps } from './deps.ts'
export { assertHostedSource, holdCredential } from './hosted/assert-source.ts'
export { type CredentialState, readCredentialStates } from './hosted/credential-states.ts'
export {
  apiOf,
  fieldsFor,
  gatewayReach,
  type HostedSource,
  hostedVendor,
  isProviderEngine,
  needsCredential,
  providerEngine,
  providerTitle,
  regionOf,
} from './hosted/hosted-vendor.ts'
export { proveHosted } from './hosted/prove-hosted.ts'
export { hostedReach, type OfferingState, readOfferingStates } from './hosted/read-notices.ts'
export { type Called, type Upstream, upstreamProblem, upstreamsOf } from './hosted/upstream-of.ts'
export { listProviders } from './list-providers.ts'
export { nameOffering, overrideOffering } from './offerings/edit-offering.ts'
export { importCatalog, refreshCatalog } from './offerings/import-catalog.ts'
export { loadBundledCatalog } from './offerings/load-bundled.ts'
export { probeOffering } from './offerings/probe-offering.ts'
export { findOfferingOf, getOffering, listOfferings } from './offerings/read-offerings.ts'
export { keyOf as offeringKey } from './offerings/store.ts'
export { syncProvider } from './offerings/sync-provider.ts'
export { probedEndpoint } from './wire/ask-one-token.ts'
export { failureRemedy, passesByItself } from './wire/failure.ts'

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
export { type CredentialUses, createCredentialUses } from './credentials/uses.ts'
export type { CredentialDeps, ProviderDeps } from './deps.ts'
export { listProviders } from './list-providers.ts'
export { nameOffering, overrideOffering } from './offerings/edit-offering.ts'
export { importCatalog, refreshCatalog } from './offerings/import-catalog.ts'
export { loadBundledCatalog } from './offerings/load-bundled.ts'
export { probeOffering } from './offerings/probe-offering.ts'
export { getOffering, listOfferings } from './offerings/read-offerings.ts'
export { syncProvider } from './offerings/sync-provider.ts'
